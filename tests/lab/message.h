// SPDX-License-Identifier: Apache-2.0
// What a test and its keeper say to each other: lists of texts over a SOCK_SEQPACKET socket, one datagram
// each, with at most one descriptor attached. Blocking; one thread per side at a time.
#pragma once

#include <string>
#include <vector>

#include "core/descriptor.h"
#include "core/result.h"

namespace rm::lab {

struct Message {
    std::vector<std::string> words;
    Descriptor attached;
};

Status send_message(int socket, const Message& message);

/// `unavailable` when the other side has gone.
Result<Message> receive_message(int socket);

/// "cannot open /x: Permission denied", from errno.
tl::unexpected<Error> system_failure(const std::string& what);

}  // namespace rm::lab
