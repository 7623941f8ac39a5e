// SPDX-License-Identifier: Apache-2.0
// A service in the middle of a quiet day, to be changed in the one point that a test is about: `web-1`,
// limited to 0.5 CPU and 512M, using half of both for two days, checked every five minutes, alone on a host
// with 8 CPUs and 16G. The policy is that of an empty configuration.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "decide/decide.h"

namespace rm::decide::test {

using namespace std::chrono_literals;

/// `at("2026-03-29", 10h + 5min)`, in UTC.
WallTime at(std::string_view day, Duration time);
Cores cores(std::string_view text);
Bytes bytes(std::string_view text);
ContainerId container(char digit);
config::ServicePolicy default_policy();

struct Situation {
    Situation();

    config::ServicePolicy policy;
    Rules rules{.window = 5min, .trend_window = 1h, .check_interval = 5min};
    ServiceState state;
    ServiceView view;
    WallTime now;

    [[nodiscard]] Replica& replica() { return view.replicas.front(); }
    /// Another replica that is as the first one.
    Replica& add_replica();
    /// Sets limits, and usage to stay the same share of them.
    void limit(std::optional<Cores> cpu, std::optional<Bytes> memory);
    /// Sets usage and trend of every replica to these shares of 0.5 CPU and 512M, or of their limits.
    void use(double cpu, double memory);

    [[nodiscard]] Verdict look() const { return decide(view, policy, rules, state, now); }
    /// One check, remembered; then five minutes pass.
    Verdict check();
    /// The last of `count` checks.
    Verdict checks(int count);
    /// The last of as many checks as must agree.
    Verdict lasting() { return checks(static_cast<int>(policy.thresholds.consecutive_checks)); }
    void carry_out(const Proposal& proposal);
};

/// The report of a gate, about a resource where it has one for each.
GateReport report(const Verdict& verdict, Gate gate, std::optional<Resource> resource = std::nullopt);
Outcome outcome(const Verdict& verdict, Gate gate, std::optional<Resource> resource = std::nullopt);

}  // namespace rm::decide::test
