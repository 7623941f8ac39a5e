// SPDX-License-Identifier: Apache-2.0
// The API's answers about deployments as values, and what the commands print of them for people. Texts are
// harmless for a terminal already. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/views/check_view.h"
#include "app/views/terminal.h"

namespace rm::app {

struct PhaseView {
    std::string phase;
    WallTime began_at;
    double seconds = 0;
};

struct LogLineView {
    WallTime at;
    std::string phase;
    std::string message;  // may have several lines
};

struct DeploymentView {
    std::int64_t id = 0;
    std::string service;
    std::string strategy;
    std::string status;  // under_way, succeeded, rolled_back, failed
    std::string phase;
    std::string requested_by;
    std::string reason;
    LimitsView from;
    LimitsView to;
    WallTime created_at;
    double seconds = 0;             // so far
    std::string failure;            // may have several lines: what the new container said last
    std::vector<PhaseView> phases;  // of one alone, as is the log
    std::vector<LogLineView> log;

    [[nodiscard]] bool is_under_way() const { return status == "under_way"; }
};

/// GET /api/deployments
Result<std::vector<DeploymentView>> read_deployments(std::string_view json);

/// GET /api/deployments/{id}
Result<DeploymentView> read_deployment(std::string_view json);

std::string print_deployments(const std::vector<DeploymentView>& deployments, const Terminal& terminal);

std::string print_deployment(const DeploymentView& deployment, const Terminal& terminal);

/// `0.4s`, `12s`, `1m4s`
std::string print_took(double seconds);

/// `rolled back`
std::string print_status_word(std::string_view status);

}  // namespace rm::app
