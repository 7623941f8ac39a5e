// SPDX-License-Identifier: Apache-2.0
// The text of `deployments`: the list, and one in full.
#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

#include <fmt/format.h>

#include "app/views/deployment_view.h"
#include "app/views/figures.h"
#include "app/views/table.h"
#include "app/views/text.h"

namespace rm::app {
namespace {

struct StatusLook {
    std::string_view status;
    Paint paint;
};

Paint paint_of_status(std::string_view status) {
    constexpr std::array looks{StatusLook{"under_way", Paint::blue}, StatusLook{"succeeded", Paint::green},
                               StatusLook{"rolled_back", Paint::red}, StatusLook{"failed", Paint::red}};
    const auto* const found = std::ranges::find(looks, status, &StatusLook::status);
    return found == looks.end() ? Paint::none : found->paint;
}

/// `under way (health)`
std::string state_of(const DeploymentView& deployment) {
    const std::string word = print_status_word(deployment.status);
    return deployment.is_under_way() ? fmt::format("{} ({})", word, deployment.phase) : word;
}

std::string underlined_heading(std::string_view text, const Terminal& terminal) {
    return '\n' + painted(text, Paint::bold, terminal) + '\n';
}

/// Each line on its own, the later ones below the first.
std::string hanging_lines(std::string first, std::string_view text, const Terminal& terminal) {
    std::string all;
    for (;;) {
        const std::size_t end = text.find('\n');
        all += hanging(first, text.substr(0, end), terminal);
        if (end == std::string_view::npos) return all;
        first.assign(width_of(first), ' ');
        text.remove_prefix(end + 1);
    }
}

std::string print_phases(const std::vector<PhaseView>& phases, const Terminal& terminal) {
    std::vector<TableRow> rows{{{"  PHASE", Paint::dim}, {"BEGAN", Paint::dim}, {"TOOK", Paint::dim}}};
    for (const PhaseView& phase : phases)
        rows.push_back({{"  " + phase.phase}, {print_moment(phase.began_at)}, {print_took(phase.seconds)}});
    return print_table(rows, terminal);
}

}  // namespace

std::string print_took(double seconds) {
    constexpr double exact_below = 10;
    if (seconds < exact_below) return fmt::format("{:.1f}s", seconds);
    return print_brief(std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds)));
}

std::string print_status_word(std::string_view status) {
    std::string word(status);
    std::ranges::replace(word, '_', ' ');
    return word;
}

std::string print_deployments(const std::vector<DeploymentView>& deployments, const Terminal& terminal) {
    if (deployments.empty()) return "no deployments yet\n";
    std::vector<TableRow> rows{{}};
    for (const auto* title : {"ID", "BEGAN", "SERVICE", "LIMITS", "STRATEGY", "TOOK", "STATUS"})
        rows[0].push_back({title, Paint::dim});
    for (const DeploymentView& one : deployments)
        rows.push_back({{std::to_string(one.id)},
                        {print_moment(one.created_at)},
                        {one.service},
                        {print_change(one.from, one.to)},
                        {one.strategy},
                        {print_took(one.seconds)},
                        {state_of(one), paint_of_status(one.status)}});
    const std::vector<std::size_t> widths = column_widths(rows);
    std::string text = print_row(rows[0], widths, terminal) + '\n';
    for (std::size_t i = 0; i < deployments.size(); ++i) {
        text += print_row(rows[i + 1], widths, terminal) + '\n';
        const std::string& failure = deployments[i].failure;
        if (!failure.empty()) text += hanging("  ", failure.substr(0, failure.find('\n')), terminal);
    }
    return text;
}

std::string print_deployment(const DeploymentView& deployment, const Terminal& terminal) {
    std::string text =
        fmt::format("deployment {} of {}: {} after {}\n", deployment.id,
                    painted(deployment.service, Paint::bold, terminal),
                    painted(state_of(deployment), paint_of_status(deployment.status), terminal),
                    print_took(deployment.seconds));
    text += hanging("",
                    fmt::format("{} by {}, wanted by {}", print_change(deployment.from, deployment.to),
                                deployment.strategy, deployment.requested_by),
                    terminal);
    if (!deployment.reason.empty()) text += hanging("  ", deployment.reason, terminal);
    if (!deployment.failure.empty()) text += hanging_lines("why not: ", deployment.failure, terminal);
    if (!deployment.phases.empty())
        text += underlined_heading("Phases", terminal) + print_phases(deployment.phases, terminal);
    if (deployment.log.empty()) return text;
    text += underlined_heading("Log", terminal);
    std::size_t width = 0;
    for (const LogLineView& line : deployment.log) width = std::max(width, line.phase.size());
    for (const LogLineView& line : deployment.log)
        text += hanging_lines(fmt::format("  {}  {:<{}}  ", print_moment(line.at), line.phase, width),
                              line.message, terminal);
    return text;
}

}  // namespace rm::app
