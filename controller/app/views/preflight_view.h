// SPDX-License-Identifier: Apache-2.0
// The API's answer to a preflight as values, and what the commands print of it for people. Texts are harmless
// for a terminal already. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/views/check_view.h"
#include "app/views/terminal.h"

namespace rm::app {

struct OptionView {
    std::string strategy;
    bool possible = false;
    std::vector<std::string> against;
};

struct PreflightView {
    std::string service;
    bool managed = true;
    std::string configured;
    std::string strategy;  // empty: no deployment
    std::string why;
    std::vector<OptionView> options;
    std::vector<std::string> replicas;
    std::optional<LimitsView> from;
    std::optional<LimitsView> to;
    std::vector<std::string> steps;
    std::optional<double> under_way;  // the number of a deployment that has to end first

    /// A deployment could begin now.
    [[nodiscard]] bool is_possible() const { return !strategy.empty() && !under_way; }
};

/// GET /api/preflight
Result<std::vector<PreflightView>> read_preflight(std::string_view json);

/// All services, a line each and the reason below it.
std::string print_preflight(const std::vector<PreflightView>& services, const Terminal& terminal);

/// One service with everything that speaks against each strategy; with limits that are wanted, what would be
/// done.
std::string print_preflight_of(const PreflightView& service, const Terminal& terminal);

}  // namespace rm::app
