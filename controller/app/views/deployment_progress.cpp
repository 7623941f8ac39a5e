// SPDX-License-Identifier: Apache-2.0
#include "app/views/deployment_progress.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "app/views/figures.h"
#include "app/views/text.h"

namespace rm::app {
namespace {

constexpr std::string_view begin_of_line = "\r\x1b[K";  // and nothing on it

/// How far it is when a phase begins; the way back has no length that could be known.
double share_at(std::string_view phase) {
    constexpr std::array way{"prepare", "create", "health", "verify", "drain", "observe", "finish"};
    const auto* const at = std::ranges::find(way, phase);
    if (at == way.end()) return 0;
    return static_cast<double>(at - way.begin()) / static_cast<double>(way.size());
}

}  // namespace

std::string DeploymentProgress::show(const DeploymentView& deployment) {
    std::string text = live_ ? std::string(begin_of_line) : std::string();
    const bool anything_new = told_ < deployment.log.size();
    for (; told_ < deployment.log.size(); ++told_) {
        const LogLineView& line = deployment.log[told_];
        text += fmt::format("{}  {}  {}\n", print_moment(line.at), line.phase, line.message);
        phase_ = line.phase;
    }
    if (!live_ && !anything_new && deployment.is_under_way() && deployment.phase != phase_) {
        text += deployment.phase + '\n';
        phase_ = deployment.phase;
    }
    if (live_ && deployment.is_under_way()) text += bar_line(deployment);
    return text;
}

std::string DeploymentProgress::bar_line(const DeploymentView& deployment) {
    constexpr std::size_t width = 20;
    share_ = std::max(share_, share_at(deployment.phase));
    const double in_phase = deployment.phases.empty() ? 0 : deployment.phases.back().seconds;
    const std::string line =
        fmt::format("{} {} {}, {} in all", bar(share_, width, terminal_), deployment.phase,
                    print_took(in_phase), print_took(deployment.seconds));
    return shortened(line, terminal_.width > 1 ? terminal_.width - 1 : 1);
}

std::string print_end(const DeploymentView& deployment) {
    std::string text = fmt::format("{}: {} by {}, {} after {}\n", deployment.service,
                                   print_change(deployment.from, deployment.to), deployment.strategy,
                                   print_status_word(deployment.status), print_took(deployment.seconds));
    if (!deployment.failure.empty()) text += deployment.failure + '\n';
    return text;
}

}  // namespace rm::app
