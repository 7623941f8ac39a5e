// SPDX-License-Identifier: Apache-2.0
// HealthBoard: where each part of the program writes how it is doing, and /health and /-/ready read it.
// Thread-safe. A part stays on it until it is removed, as a peer that the configuration no longer names.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"

namespace rm::serve {

/// From good to bad; `starting` and `stopping` are no trouble, but in both the program can't do its work.
enum class PartState { starting, stopping, ok, degraded, failed };

std::string_view to_string(PartState state);

struct PartHealth {
    std::string name;
    PartState state = PartState::starting;
    std::string detail;  // a sentence for people; may be empty
    WallTime since;      // when it got into this state
};

struct HealthReport {
    PartState status = PartState::ok;  // the worst of the parts; one that starts or stops counts as degraded
    Duration uptime{};
    std::vector<PartHealth> parts;  // by name
    std::string not_ready;          // why the program is not ready; empty if it is
};

class HealthBoard {
public:
    /// The uptime counts from here. `clock` must outlive the board.
    explicit HealthBoard(const Clock& clock);

    void report(std::string_view part, PartState state, std::string detail = {});

    /// Forgets a part; one that is not there is none's trouble.
    void remove(std::string_view part);

    [[nodiscard]] HealthReport read() const;

private:
    const Clock& clock_;
    const SteadyTime started_;
    mutable std::mutex mutex_;
    std::map<std::string, PartHealth, std::less<>> parts_;
};

}  // namespace rm::serve
