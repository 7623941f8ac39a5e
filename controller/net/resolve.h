// SPDX-License-Identifier: Apache-2.0
// The addresses behind a name. The system's resolver can't be told to stop: it is left to itself in a thread
// of its own when the time is over. Internal to net/.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <sys/socket.h>

#include "core/result.h"
#include "net/vigil.h"

namespace rm::net {

struct ResolvedAddress {
    sockaddr_storage bytes{};
    socklen_t size = 0;
};

/// At least one. `unavailable` when the name is unknown.
Result<std::vector<ResolvedAddress>> resolve(const std::string& host, std::uint16_t port, const Vigil& vigil);

}  // namespace rm::net
