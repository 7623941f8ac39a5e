// SPDX-License-Identifier: Apache-2.0
#include "serve/deployment_json.h"

#include <algorithm>
#include <chrono>

#include <boost/json.hpp>

#include "serve/json_words.h"

namespace rm::serve {
namespace {

namespace json = boost::json;

/// A clock that was set back makes no time negative.
double seconds_between(WallTime from, WallTime to) {
    const auto length = std::chrono::duration_cast<Duration>(to - from);
    return seconds(std::max(length, Duration::zero()));
}

json::object shown(const store::Deployment& deployment, WallTime now) {
    return {
        {"id", deployment.id},
        {"service", print(deployment.service)},
        {"strategy", words(deployment.strategy)},
        {"status", words(deployment.status)},
        {"phase", words(deployment.phase)},
        {"phase_since", print_time(deployment.phase_since)},
        {"requested_by", words(deployment.requested_by)},
        {"reason", words(deployment.reason)},
        {"from", limits(deployment.from)},
        {"to", limits(deployment.to)},
        {"created_at", print_time(deployment.created_at)},
        {"finished_at", time(deployment.finished_at)},
        {"duration_seconds", seconds_between(deployment.created_at, deployment.finished_at.value_or(now))},
        {"failure", words_or_null(deployment.failure)}};
}

}  // namespace

std::vector<PhaseTime> phase_times(const store::Deployment& deployment,
                                   const std::vector<store::DeploymentStep>& steps, WallTime now) {
    std::vector<PhaseTime> phases;
    const auto begin = [&](const std::string& phase, WallTime at) {
        if (phase.empty() || (!phases.empty() && phases.back().phase == phase)) return;
        const WallTime from = phases.empty() ? deployment.created_at : at;
        if (!phases.empty()) phases.back().ended = from;
        phases.push_back({.phase = phase, .began = from, .ended = from});
    };
    for (const store::DeploymentStep& step : steps) begin(step.phase, step.at);
    begin(deployment.phase, deployment.phase_since);
    if (!phases.empty()) phases.back().ended = deployment.finished_at.value_or(now);
    return phases;
}

std::string deployments_json(const std::vector<store::Deployment>& deployments, const std::string& next,
                             WallTime now) {
    json::array all;
    all.reserve(deployments.size());
    for (const store::Deployment& deployment : deployments) all.emplace_back(shown(deployment, now));
    return print(json::object{{"deployments", std::move(all)}, {"next", words_or_null(next)}});
}

std::string deployment_json(const store::Deployment& deployment,
                            const std::vector<store::DeploymentStep>& steps, WallTime now) {
    json::array phases;
    for (const PhaseTime& phase : phase_times(deployment, steps, now))
        phases.emplace_back(json::object{{"phase", words(phase.phase)},
                                         {"began_at", print_time(phase.began)},
                                         {"seconds", seconds_between(phase.began, phase.ended)}});
    json::array lines;
    for (const store::DeploymentStep& step : steps)
        if (!step.message.empty())
            lines.emplace_back(json::object{
                {"at", print_time(step.at)}, {"phase", words(step.phase)}, {"message", words(step.message)}});
    json::object object = shown(deployment, now);
    object["phases"] = std::move(phases);
    object["log"] = std::move(lines);
    return print(json::object{{"deployment", std::move(object)}});
}

std::string begun_json(std::int64_t id, const Wanted& wanted) {
    return print(json::object{{"id", id},
                              {"service", print(wanted.service)},
                              {"to", limits(wanted.to)},
                              {"reason", words(wanted.reason)}});
}

}  // namespace rm::serve
