// SPDX-License-Identifier: Apache-2.0
#include "app/reconcile/check_metrics.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string_view>

#include "app/reconcile/service_families.h"

namespace rm::app {
namespace {

constexpr std::array all_gates{decide::Gate::managed,       decide::Gate::paused,
                               decide::Gate::deployment,    decide::Gate::data,
                               decide::Gate::uptime,        decide::Gate::hysteresis,
                               decide::Gate::service_class, decide::Gate::direction,
                               decide::Gate::trend,         decide::Gate::cooldown,
                               decide::Gate::backoff,       decide::Gate::daily_limit,
                               decide::Gate::bounds,        decide::Gate::minimum_change,
                               decide::Gate::host_capacity, decide::Gate::maintenance_window};

prometheus::Counter& counter(prometheus::Registry& registry, const std::string& name,
                             const std::string& help) {
    return prometheus::BuildCounter().Name(name).Help(help).Register(registry).Add({});
}

}  // namespace

CheckMetrics::CheckMetrics(prometheus::Registry& registry)
    : checks_(counter(registry, "resource_manager_checks_total", "Checks made.")),
      failed_(counter(registry, "resource_manager_checks_failed_total",
                      "Checks that saw nothing, or whose result could not be stored.")),
      missed_(counter(registry, "resource_manager_checks_missed_total",
                      "Checks left out because the one before was still going on.")),
      requests_(
          counter(registry, "resource_manager_source_requests_total", "Requests to the metrics source.")),
      duration_(prometheus::BuildHistogram()
                    .Name("resource_manager_check_duration_seconds")
                    .Help("How long a check takes, from the first question to the stored result.")
                    .Register(registry)
                    .Add({}, prometheus::Histogram::BucketBoundaries{0.01, 0.05, 0.1, 0.5, 1, 5, 30, 120})),
      last_(prometheus::BuildGauge()
                .Name("resource_manager_last_check_timestamp_seconds")
                .Help("When the last check succeeded.")
                .Register(registry)
                .Add({})),
      faults_(prometheus::BuildCounter()
                  .Name("resource_manager_source_faults_total")
                  .Help("Questions to the engine or the metrics source without a good answer, by cause.")
                  .Register(registry)) {
    auto& holds = prometheus::BuildCounter()
                      .Name("resource_manager_gate_holds_total")
                      .Help("Adjustments held back, by the gate that did.")
                      .Register(registry);
    for (const decide::Gate gate : all_gates)
        holds_[gate] = &holds.Add({{"gate", std::string(to_string(gate))}});
}

void CheckMetrics::checked(std::shared_ptr<const decide::Check> check) {
    const std::scoped_lock lock(mutex_);
    count(*check);
    latest_ = std::move(check);
}

void CheckMetrics::count(const decide::Check& check) {
    checks_.Increment();
    requests_.Increment(check.requests);
    missed_.Increment(static_cast<double>(check.missed));
    duration_.Observe(std::chrono::duration<double>(check.took).count());
    for (const Fault& fault : check.faults)
        faults_.Add({{"what", fault.what}, {"cause", std::string(to_string(fault.cause))}}).Increment();
    if (!check.problem.empty()) {
        failed_.Increment();
        return;
    }
    last_.Set(std::chrono::duration<double>(check.at.time_since_epoch()).count());
    std::map<std::string, Counters> still;
    for (const decide::Assessment& service : check.services)
        if (auto known = counters_.extract(service.shown_as)) still.insert(std::move(known));
    counters_ = std::move(still);
    for (const decide::Assessment& service : check.services) count(service);
}

void CheckMetrics::count(const decide::Assessment& service) {
    Counters& counters = counters_[service.shown_as];
    if (service.verdict.proposal) ++counters.proposals;
    if (service.verdict.oom_seen) ++counters.oom_kills;
    if (service.verdict.drift_seen) ++counters.drifts;
    std::vector<Gap> seen;
    for (const decide::Signal& signal : service.verdict.signals)
        if (signal.gap && std::ranges::find(seen, *signal.gap) == seen.end()) seen.push_back(*signal.gap);
    for (const Gap gap : seen) ++counters.gaps[gap];
    for (const decide::GateReport& gate : service.verdict.gates)
        if (gate.outcome == decide::Outcome::held) holds_.at(gate.gate)->Increment();
}

std::vector<prometheus::MetricFamily> CheckMetrics::Collect() const {
    const std::scoped_lock lock(mutex_);
    if (!latest_) return {};
    std::vector<prometheus::MetricFamily> families = service_families(*latest_);
    Counter proposals{"resource_manager_proposals_total",
                      "Adjustments proposed; in dry-run none is carried out."};
    Counter ooms{"resource_manager_oom_kills_total", "Checks that found a new OOM kill."};
    Counter drifts{"resource_manager_drifts_total",
                   "Checks that found limits that somebody else had set in the place of ours."};
    Counter holds{"resource_manager_missing_data_total",
                  "Checks in which a usage was not known, by cause. The service is held then."};
    for (const auto& [name, counters] : counters_) {
        proposals.add(name, {}, counters.proposals);
        ooms.add(name, {}, counters.oom_kills);
        drifts.add(name, {}, counters.drifts);
        for (const auto& [gap, count] : counters.gaps)
            holds.add(name, {{"cause", std::string(to_string(gap))}}, count);
    }
    for (Counter* family : {&proposals, &ooms, &drifts, &holds})
        families.push_back(std::move(family->family));
    return families;
}

}  // namespace rm::app
