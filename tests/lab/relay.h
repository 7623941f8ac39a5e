// SPDX-License-Identifier: Apache-2.0
// Relay: carries bytes between the connections a listening socket accepts and new connections to one address.
// What `run` does happens in its caller's thread, whose network the new connections are made in; `stop` ends
// it from another thread.
#pragma once

#include <cstddef>
#include <list>
#include <string>
#include <vector>

#include <netinet/in.h>
#include <poll.h>

#include "core/descriptor.h"

namespace rm::lab {

class Relay {
public:
    Relay(Descriptor listener, const sockaddr_in& target);

    void run();
    void stop();

private:
    /// One way through a pair of connections. Reads only when all that was read before is written.
    struct Way {
        std::string waiting;
        bool ended = false;  // no more will come
        bool shut = false;   // and the other side knows
    };
    struct Pair {
        Descriptor near;
        Descriptor far;
        bool connecting = true;
        Way out;   // near to far
        Way back;  // far to near
    };

    void accept_one();
    [[nodiscard]] std::vector<pollfd> wanted() const;
    /// False when the pair is done.
    static bool advance(Pair& pair, short near, short far);
    static bool carry(int from, int to, Way& way, bool readable);

    Descriptor listener_;
    sockaddr_in target_;
    Descriptor stopped_;
    std::list<Pair> pairs_;
};

}  // namespace rm::lab
