// SPDX-License-Identifier: Apache-2.0
#include "deploy/deployment.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/text.h"
#include "deploy/course.h"
#include "deploy/progress.h"

namespace rm::deploy {
namespace {

using config::Strategy;

/// Nothing for `auto`, too: a deployment has one of the others.
std::optional<Strategy> parse_strategy(std::string_view text) {
    using enum Strategy;
    constexpr std::array all{blue_green, in_place, recreate, script};
    const auto* const found =
        std::ranges::find_if(all, [&](Strategy one) { return config::to_string(one) == text; });
    return found == all.end() ? std::nullopt : std::optional(*found);
}

std::optional<Outcome> parse_outcome(std::string_view text) {
    using enum Outcome;
    constexpr std::array all{under_way, succeeded, rolled_back, failed};
    const auto* const found = std::ranges::find_if(all, [&](Outcome one) { return to_string(one) == text; });
    return found == all.end() ? std::nullopt : std::optional(*found);
}

}  // namespace

std::string_view to_string(Outcome outcome) {
    switch (outcome) {
        case Outcome::under_way:
            return "under_way";
        case Outcome::succeeded:
            return "succeeded";
        case Outcome::rolled_back:
            return "rolled_back";
        case Outcome::failed:
            return "failed";
    }
    return "unknown";
}

std::string_view to_string(InPlace::Condition condition) {
    switch (condition) {
        case InPlace::Condition::stopped:
            return "stopped";
        case InPlace::Condition::ailing:
            return "ailing";
        case InPlace::Condition::serving:
            return "serving";
    }
    return "unknown";
}

Phase phase_of(const Deployment& deployment) {
    if (deployment.replicas.empty()) return Phase::prepare;
    if (!deployment.failure.empty()) return Phase::rollback;
    const std::size_t at = std::min(deployment.current, deployment.replicas.size() - 1);
    return phase_of(deployment.replicas[at].stage);
}

store::Deployment to_row(const Deployment& deployment) {
    return {.id = deployment.id,
            .token = deployment.token,
            .engine = deployment.engine,
            .service = deployment.service,
            .strategy = std::string(to_string(deployment.strategy)),
            .requested_by = deployment.requested_by,
            .reason = deployment.reason,
            .from = deployment.from,
            .to = deployment.to,
            .status = std::string(to_string(deployment.outcome)),
            .phase = std::string(to_string(phase_of(deployment))),
            .created_at = deployment.created_at,
            .phase_since = deployment.phase_since,
            .finished_at = deployment.finished_at,
            .failure = deployment.failure,
            .progress = print_progress(deployment)};
}

Result<Deployment> from_row(const store::Deployment& row) {
    const auto strategy = parse_strategy(row.strategy);
    if (!strategy)
        return fail(ErrorCode::corrupt, "deployment {}: {} is no strategy", row.id, quoted(row.strategy));
    const auto outcome = parse_outcome(row.status);
    if (!outcome)
        return fail(ErrorCode::corrupt, "deployment {}: {} is no outcome", row.id, quoted(row.status));
    Deployment deployment{.id = row.id,
                          .token = row.token,
                          .engine = row.engine,
                          .service = row.service,
                          .strategy = *strategy,
                          .requested_by = row.requested_by,
                          .reason = row.reason,
                          .from = row.from,
                          .to = row.to,
                          .created_at = row.created_at,
                          .outcome = *outcome,
                          .phase_since = row.phase_since,
                          .finished_at = row.finished_at,
                          .failure = row.failure,
                          .replicas = {}};
    if (const auto read = read_progress(row.progress, deployment); !read)
        return fail(read.error().with_prefix(fmt::format("deployment {}", row.id)));
    for (const Replacement& replica : deployment.replicas)
        if (!has_stage(deployment.strategy, replica.stage))
            return fail(ErrorCode::corrupt, "deployment {}: it is at the stage {}, which {} has not", row.id,
                        to_string(replica.stage), row.strategy);
    return deployment;
}

}  // namespace rm::deploy
