// SPDX-License-Identifier: Apache-2.0
#include "config/probe.h"

#include <fmt/format.h>

namespace rm::config {

std::string print(const ProbeAddress& address) {
    const bool http = address.scheme == ProbeAddress::Scheme::http;
    return fmt::format("{}://:{}{}", http ? "http" : "tcp", address.port, address.target);
}

std::string print(const HealthSource& source) {
    switch (source.by) {
        case HealthBy::docker:
            return "docker";
        case HealthBy::running:
            return "running";
        case HealthBy::command:
            return "command";
        case HealthBy::probe:
            break;
    }
    return source.probe ? print(*source.probe) : std::string();
}

}  // namespace rm::config
