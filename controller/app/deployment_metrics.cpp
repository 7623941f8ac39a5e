// SPDX-License-Identifier: Apache-2.0
#include "app/deployment_metrics.h"

#include <string_view>
#include <utility>

#include "app/reconcile/service_families.h"
#include "deploy/setbacks.h"
#include "store/deployments.h"

namespace rm::app {
namespace {

using deploy::Outcome;
using deploy::Phase;

constexpr std::array all_phases{Phase::prepare, Phase::create,  Phase::health, Phase::verify,
                                Phase::drain,   Phase::observe, Phase::finish, Phase::rollback};

std::string status_word(Outcome outcome) {
    return outcome == Outcome::succeeded ? "success" : std::string(to_string(outcome));
}

double in_seconds(Duration duration) {
    return std::chrono::duration<double>(duration).count();
}

}  // namespace

DeploymentMetrics::DeploymentMetrics(prometheus::Registry& registry) {
    auto& family = prometheus::BuildHistogram()
                       .Name("resource_manager_deployment_phase_duration_seconds")
                       .Help("How long deployments were in a phase.")
                       .Register(registry);
    for (const Phase phase : all_phases)
        phases_[phase] =
            &family.Add({{"phase", std::string(to_string(phase))}},
                        prometheus::Histogram::BucketBoundaries{0.1, 0.5, 1, 5, 10, 30, 60, 120, 300, 900});
}

void DeploymentMetrics::checked(const std::shared_ptr<const decide::Check>& check) {
    if (!check->problem.empty()) return;
    const std::scoped_lock lock(mutex_);
    names_.clear();
    for (const decide::Assessment& service : check->services) names_[service.service.name] = service.shown_as;
    const auto is_gone = [&](const auto& one) { return !names_.contains(one.first); };
    std::erase_if(adjustments_, is_gone);
    std::erase_if(blue_green_, is_gone);
}

void DeploymentMetrics::left_phase(Phase phase, Duration took) {
    phases_.at(phase)->Observe(in_seconds(took));
}

void DeploymentMetrics::ended(const deploy::Deployment& deployment, Duration took) {
    if (deployment.requested_by == store::requested_by_sweep) return;
    const bool succeeded = deployment.outcome == Outcome::succeeded;
    const bool blue_green = deployment.strategy == config::Strategy::blue_green;
    const std::scoped_lock lock(mutex_);
    Adjustments& counted = adjustments_[deployment.service];
    ++counted.total;
    if (succeeded) ++counted.succeeded;
    if (blue_green) ++counted.blue_green;
    if (deployment.outcome == Outcome::rolled_back) ++counted.rolled_back;
    if (!blue_green || !deployment.finished_at) return;
    BlueGreen& shown = blue_green_[deployment.service];
    const std::string status = status_word(deployment.outcome);
    ++shown.ended[status];
    shown.took[status] = took;
    shown.last = *deployment.finished_at;
    shown.limits = succeeded ? deployment.to : deployment.from;
}

void DeploymentMetrics::follow(std::function<std::vector<deploy::UnderWay>()> under_way) {
    const std::scoped_lock lock(mutex_);
    under_way_ = std::move(under_way);
}

prometheus::MetricFamily DeploymentMetrics::in_progress() const {
    std::map<Phase, int> counts;
    for (const Phase phase : all_phases) counts[phase] = 0;
    if (under_way_)
        for (const deploy::UnderWay& one : under_way_()) ++counts[one.phase];
    prometheus::MetricFamily family;
    family.name = "resource_manager_deployments_in_progress";
    family.help = "Deployments under way, by phase; those that wait for their turn are in `prepare`.";
    family.type = prometheus::MetricType::Gauge;
    for (const auto& [phase, count] : counts) {
        prometheus::ClientMetric metric;
        metric.label.push_back({"phase", std::string(to_string(phase))});
        metric.gauge.value = count;
        family.metric.push_back(std::move(metric));
    }
    return family;
}

void DeploymentMetrics::add_adjustments(std::vector<prometheus::MetricFamily>& families) const {
    Counter total{"resource_manager_total_adjustments", "Adjustments carried out, whatever came of them."};
    Counter succeeded{"resource_manager_successful_adjustments", "Adjustments that succeeded."};
    Counter failed{"resource_manager_failed_adjustments", "Adjustments that failed or were rolled back."};
    Counter blue_green{"resource_manager_blue_green_deployments", "Blue-green deployments made."};
    Counter rollbacks{"resource_manager_rollbacks", "Deployments that were rolled back."};
    for (const auto& [name, shown] : names_) {
        const auto found = adjustments_.find(name);
        const Adjustments counted = found == adjustments_.end() ? Adjustments{} : found->second;
        total.add(shown, {}, counted.total);
        succeeded.add(shown, {}, counted.succeeded);
        failed.add(shown, {}, counted.total - counted.succeeded);
        blue_green.add(shown, {}, counted.blue_green);
        rollbacks.add(shown, {}, counted.rolled_back);
    }
    for (Counter* one : {&total, &succeeded, &failed, &blue_green, &rollbacks})
        families.push_back(std::move(one->family));
}

void DeploymentMetrics::add_blue_green(std::vector<prometheus::MetricFamily>& families) const {
    Counter total{"blue_green_deployment_total", "Blue-green deployments that ended, by how."};
    ServiceGauge took{"blue_green_deployment_duration_seconds",
                      "How long the last blue-green deployment that ended so took."};
    ServiceGauge last{"blue_green_deployment_timestamp", "When the last blue-green deployment ended."};
    ServiceGauge cpu{"blue_green_cpu_limit", "The CPU limit since the last blue-green deployment, in cores."};
    ServiceGauge memory{"blue_green_memory_limit_bytes",
                        "The memory limit since the last blue-green deployment."};
    for (const auto& [name, shown] : names_) {
        const auto found = blue_green_.find(name);
        for (const Outcome outcome : {Outcome::succeeded, Outcome::rolled_back, Outcome::failed}) {
            const std::string status = status_word(outcome);
            const bool any = found != blue_green_.end() && found->second.ended.contains(status);
            total.add(shown, {{"status", status}}, any ? found->second.ended.at(status) : 0);
            if (any) took.add(shown, {{"status", status}}, in_seconds(found->second.took.at(status)));
        }
        if (found == blue_green_.end()) continue;
        const BlueGreen& ended = found->second;
        last.add(shown, {}, std::chrono::duration<double>(ended.last.time_since_epoch()).count());
        if (ended.limits.cpu) cpu.add(shown, {}, ended.limits.cpu->value());
        if (ended.limits.memory) memory.add(shown, {}, static_cast<double>(ended.limits.memory->count()));
    }
    families.push_back(std::move(total.family));
    for (ServiceGauge* gauge : {&took, &last, &cpu, &memory}) families.push_back(std::move(gauge->family));
}

std::vector<prometheus::MetricFamily> DeploymentMetrics::Collect() const {
    const std::scoped_lock lock(mutex_);
    std::vector<prometheus::MetricFamily> families;
    families.push_back(in_progress());
    add_adjustments(families);
    add_blue_green(families);
    std::erase_if(families, [](const auto& family) { return family.metric.empty(); });
    return families;
}

}  // namespace rm::app
