// SPDX-License-Identifier: Apache-2.0
// HAProxy's runtime API: which servers of a backend a container is, by its address, and taking those out of
// the traffic and back. What is set is read back. A server slot that HAProxy fills from DNS keeps its drain
// when the container behind it is gone, and whoever gets the slot next would get no requests: see
// free_slots. Any thread.
#pragma once

#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "config/settings.h"
#include "core/result.h"

namespace rm::deploy {

struct HaproxyServer {
    std::string name;
    std::string address;      // `-` while it has none
    bool runs = false;        // its checks find it up, or it has none
    bool drained = false;     // by an administrator, as we are one
    bool closed = false;      // for maintenance, by whomever
    bool unresolved = false;  // DNS has no address for it
    bool held = false;        // has the weight 0 in place of its own: no requests, as hold_slots wants it

    friend bool operator==(const HaproxyServer&, const HaproxyServer&) = default;
};

/// The answer to `show servers state BACKEND`. Pure.
Result<std::vector<HaproxyServer>> read_haproxy_servers(std::string_view answer);

Result<std::vector<HaproxyServer>> haproxy_servers(const config::Haproxy& haproxy,
                                                   const std::stop_token& stop);

/// No new requests for the servers at these addresses; those under way go on. `not_found` when there is no
/// such server. The names of the servers.
Result<std::string> drain_in_haproxy(const config::Haproxy& haproxy,
                                     const std::vector<std::string>& addresses, const std::stop_token& stop);

/// They get requests again. `not_found`, also while HAProxy has not learned of them.
Result<std::string> undrain_in_haproxy(const config::Haproxy& haproxy,
                                       const std::vector<std::string>& addresses,
                                       const std::stop_token& stop);

/// Success when a server at one of the addresses gets requests; one that inherited a drain is freed of it.
/// `unavailable` while there is none.
Result<std::string> serves_in_haproxy(const config::Haproxy& haproxy,
                                      const std::vector<std::string>& addresses, const std::stop_token& stop);

/// Whoever gets a slot next that stands for no container now gets no requests until free_slots: HAProxy takes
/// a server for up as soon as DNS has its address, before its first check. By the weight, so that it can be
/// told from anybody's drain.
Status hold_slots(const config::Haproxy& haproxy, const std::stop_token& stop);

enum class Slots {
    all,
    without_address  // a server that was held goes on being held
};

/// Takes the drain from slots that stand for no container, and ends the hold.
Status free_slots(const config::Haproxy& haproxy, const std::stop_token& stop, Slots slots = Slots::all);

}  // namespace rm::deploy
