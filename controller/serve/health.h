// SPDX-License-Identifier: Apache-2.0
// HealthBoard: where each part of the program writes how it is doing, and /health and /-/ready read it.
// Thread-safe. Parts are few and their names fixed, so nothing is ever removed.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"

namespace rm::serve {

enum class PartState { starting, ok, degraded, failed };

std::string_view to_string(PartState state);

struct PartHealth {
    std::string name;
    PartState state = PartState::starting;
    std::string detail;  // a sentence for people; may be empty
    WallTime since;      // when it got into this state
};

struct HealthReport {
    PartState status = PartState::ok;  // the worst of the parts; one that is starting counts as degraded
    Duration uptime{};
    std::vector<PartHealth> parts;  // by name
    std::string not_ready;          // why the program is not ready; empty if it is
};

class HealthBoard {
public:
    /// The uptime counts from here. `clock` must outlive the board.
    explicit HealthBoard(const Clock& clock);

    void report(std::string_view part, PartState state, std::string detail = {});

    [[nodiscard]] HealthReport read() const;

private:
    const Clock& clock_;
    const SteadyTime started_;
    mutable std::mutex mutex_;
    std::map<std::string, PartHealth, std::less<>> parts_;
};

}  // namespace rm::serve
