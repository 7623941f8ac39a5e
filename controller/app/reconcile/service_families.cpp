// SPDX-License-Identifier: Apache-2.0
#include "app/reconcile/service_families.h"

#include <algorithm>
#include <map>
#include <optional>

namespace rm::app {
namespace {

prometheus::MetricFamily family(std::string name, std::string help, prometheus::MetricType type) {
    prometheus::MetricFamily made;
    made.name = std::move(name);
    made.help = std::move(help);
    made.type = type;
    return made;
}

prometheus::ClientMetric labelled(const ExtraLabels& labels) {
    prometheus::ClientMetric metric;
    for (const auto& [name, value] : labels) metric.label.push_back({name, value});
    return metric;
}

struct Gauge {
    Gauge(std::string name, std::string help)
        : family(app::family(std::move(name), std::move(help), prometheus::MetricType::Gauge)) {}

    void add(const ExtraLabels& labels, double value) {
        auto metric = labelled(labels);
        metric.gauge.value = value;
        family.metric.push_back(std::move(metric));
    }

    prometheus::MetricFamily family;
};

/// The replica that uses most of its limit counts.
std::optional<double> highest(const decide::Verdict& verdict, decide::Resource resource) {
    std::optional<double> most;
    for (const decide::Signal& signal : verdict.signals)
        if (signal.resource == resource && signal.of_limit)
            most = std::max(most.value_or(0), signal.of_limit->value());
    return most;
}

struct Gauges {
    Gauge cpu_ratio{"resource_manager_cpu_usage_ratio",
                    "CPU used by the busiest replica as a share of its limit."};
    Gauge memory_ratio{"resource_manager_memory_usage_ratio",
                       "Memory used by the fullest replica as a share of its limit."};
    Gauge cpu_limit{"resource_manager_cpu_limit_cores",
                    "The CPU limit of a replica; in dry-run the one that would be in force."};
    Gauge memory_limit{"resource_manager_memory_limit_bytes",
                       "The memory limit of a replica; in dry-run the one that would be in force."};
    Gauge streak{"resource_manager_streak_checks",
                 "Checks in a row above the high threshold, or below the low one if negative."};
    Gauge at_maximum{"resource_manager_at_maximum",
                     "1 while a service wants more than its bounds or the host allow."};
    Gauge replicas{"resource_manager_replicas", "Running replicas."};

    void add(const decide::Assessment& service) {
        const decide::Verdict& verdict = service.verdict;
        const ExtraLabels name{{"service", service.shown_as}};
        const auto with = [&](const char* resource) {
            return ExtraLabels{{"service", service.shown_as}, {"resource", resource}};
        };
        if (const auto share = highest(verdict, decide::Resource::cpu)) cpu_ratio.add(name, *share);
        if (const auto share = highest(verdict, decide::Resource::memory)) memory_ratio.add(name, *share);
        if (verdict.in_force.cpu) cpu_limit.add(name, verdict.in_force.cpu->value());
        if (verdict.in_force.memory)
            memory_limit.add(name, static_cast<double>(verdict.in_force.memory->count()));
        streak.add(with("cpu"), static_cast<double>(verdict.next.streaks.cpu));
        streak.add(with("memory"), static_cast<double>(verdict.next.streaks.memory));
        at_maximum.add(with("cpu"), verdict.cpu_at_maximum ? 1 : 0);
        at_maximum.add(with("memory"), verdict.memory_at_maximum ? 1 : 0);
        replicas.add(name, static_cast<double>(service.service.replicas.size()));
    }

    std::vector<prometheus::MetricFamily> take() {
        std::vector<prometheus::MetricFamily> families;
        for (Gauge* gauge :
             {&cpu_ratio, &memory_ratio, &cpu_limit, &memory_limit, &streak, &at_maximum, &replicas})
            families.push_back(std::move(gauge->family));
        return families;
    }
};

Gauge by_class(const decide::Check& check) {
    std::map<config::ServiceClass, int> counts{{config::ServiceClass::critical, 0},
                                               {config::ServiceClass::normal, 0},
                                               {config::ServiceClass::optional, 0}};
    for (const decide::Assessment& service : check.services) ++counts[service.policy->service_class];
    Gauge services{"resource_manager_services", "Services found, by class."};
    services.add({{"class", "critical"}}, counts[config::ServiceClass::critical]);
    services.add({{"class", "normal"}}, counts[config::ServiceClass::normal]);
    services.add({{"class", "optional"}}, counts[config::ServiceClass::optional]);
    return services;
}

}  // namespace

Counter::Counter(std::string name, std::string help)
    : family(app::family(std::move(name), std::move(help), prometheus::MetricType::Counter)) {}

void Counter::add(const std::string& service, const ExtraLabels& extra, std::int64_t value) {
    ExtraLabels labels{{"service", service}};
    labels.insert(labels.end(), extra.begin(), extra.end());
    auto metric = labelled(labels);
    metric.counter.value = static_cast<double>(value);
    family.metric.push_back(std::move(metric));
}

ServiceGauge::ServiceGauge(std::string name, std::string help)
    : family(app::family(std::move(name), std::move(help), prometheus::MetricType::Gauge)) {}

void ServiceGauge::add(const std::string& service, const ExtraLabels& extra, double value) {
    ExtraLabels labels{{"service", service}};
    labels.insert(labels.end(), extra.begin(), extra.end());
    auto metric = labelled(labels);
    metric.gauge.value = value;
    family.metric.push_back(std::move(metric));
}

std::vector<prometheus::MetricFamily> service_families(const decide::Check& check) {
    Gauges gauges;
    for (const decide::Assessment& service : check.services) gauges.add(service);
    std::vector<prometheus::MetricFamily> families = gauges.take();
    families.push_back(by_class(check).family);
    return families;
}

}  // namespace rm::app
