// SPDX-License-Identifier: Apache-2.0
// Whom to ask whether a container serves. Values; each one that the reader made is valid.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace rm::config {

/// A place in a container, whose address is found out when it runs: `http://:8080/healthz`, `tcp://:5432`.
struct ProbeAddress {
    enum class Scheme { http, tcp };
    Scheme scheme = Scheme::http;
    std::uint16_t port = 0;
    std::string target = {};  // `/healthz?full`; empty for the root, and for tcp

    friend bool operator==(const ProbeAddress&, const ProbeAddress&) = default;
};

std::string print(const ProbeAddress& address);

enum class HealthBy {
    docker,   // the engine's health check says so
    running,  // it runs and does not restart
    command,  // a program inside it ends with 0
    probe     // it answers us
};

struct HealthSource {
    HealthBy by = HealthBy::docker;
    std::optional<ProbeAddress> probe = {};  // of `probe`

    friend bool operator==(const HealthSource&, const HealthSource&) = default;
};

/// As in the configuration: `running`, `http://:8080/healthz`.
std::string print(const HealthSource& source);

}  // namespace rm::config
