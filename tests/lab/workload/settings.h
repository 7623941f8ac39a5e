// SPDX-License-Identifier: Apache-2.0
// Settings: how a workload behaves. The same keys are an environment variable (WORKLOAD_ANSWER_DELAY=20ms),
// an argument
// (--answer_delay=20ms) and part of a query (POST /set?answer_delay=20ms).
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace workload {

using Milliseconds = std::chrono::milliseconds;

enum class OnTerm { drain, exit, ignore };

struct Settings {
    double cpu = 0;                  // cores to burn
    std::size_t memory = 0;          // bytes to hold, all of them touched
    bool healthy = true;             // health=healthy|unhealthy
    Milliseconds start_delay{0};     // not healthy before this, counted from the start of the process
    Milliseconds answer_delay{0};    // of GET /
    OnTerm on_term = OnTerm::drain;  // what SIGTERM does: on_term=drain|exit|ignore
    Milliseconds linger{
        0};  // drain: goes on taking requests for this long, unhealthy, asking clients to leave
    Milliseconds drain{10'000};  // drain: then waits this long at most for the requests it is answering
    Milliseconds exit_after{0};  // ends by itself this long after its start (0: never) ...
    int exit_code = 0;           // ... with this code, which SIGTERM ends with too
    std::string drain_file;      // not healthy while there is such a file
};

/// Sets one of the keys above. What is wrong, or empty.
std::string set(Settings& settings, std::string_view key, std::string_view value);

/// Sets all of `cpu=1&memory=64m`; nothing is changed if one of them is wrong.
std::string set_all(Settings& settings, std::string_view query);

/// One "key=value" a line.
std::string print(const Settings& settings);

}  // namespace workload
