// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "docker/json.h"
#include "docker/read_parts.h"
#include "docker/simulation/setup.h"

namespace rm::docker {
namespace {

namespace json = boost::json;

Status describe_restart(Container& container, const json::object& host) {
    const auto policy = object_at(host, "RestartPolicy");
    if (!policy) return fail(policy.error());
    const auto name = text_or_empty(**policy, "Name");
    if (!name) return fail(name.error());
    const auto retries = count_at(**policy, "MaximumRetryCount");
    if (!retries) return fail(retries.error());
    using enum RestartPolicy;
    constexpr std::array policies{no, on_failure, always, unless_stopped};
    const auto* const found =
        std::ranges::find_if(policies, [&](RestartPolicy one) { return to_string(one) == *name; });
    container.restart = {.policy = found == policies.end() ? no : *found, .maximum_retries = *retries};
    return {};
}

/// Nanoseconds; 0 is the engine's default.
Result<Duration> time_at(const json::object& check, std::string_view name, Duration otherwise) {
    const auto nanos = count_at(check, name);
    if (!nanos) return fail(nanos.error());
    if (*nanos == 0) return otherwise;
    return std::chrono::duration_cast<Duration>(std::chrono::nanoseconds(*nanos));
}

bool is_check(const json::object& check) {
    const json::value* test = member(check, "Test");
    return test != nullptr && test->is_array() && !test->get_array().empty() &&
           test->get_array().front() != "NONE";
}

Status describe_health_check(Container& container, const json::object& config) {
    const auto given = object_at(config, "Healthcheck");
    if (!given) return fail(given.error());
    container.health_check.reset();
    if (!is_check(**given)) return {};
    const HealthCheck check;
    const auto interval = time_at(**given, "Interval", check.interval);
    if (!interval) return fail(interval.error());
    const auto timeout = time_at(**given, "Timeout", check.timeout);
    if (!timeout) return fail(timeout.error());
    const auto start_period = time_at(**given, "StartPeriod", check.start_period);
    if (!start_period) return fail(start_period.error());
    const auto start_interval = time_at(**given, "StartInterval", check.start_interval);
    if (!start_interval) return fail(start_interval.error());
    const auto retries = count_at(**given, "Retries");
    if (!retries) return fail(retries.error());
    container.health_check = HealthCheck{.interval = *interval,
                                         .timeout = *timeout,
                                         .start_period = *start_period,
                                         .start_interval = *start_interval,
                                         .retries = *retries == 0 ? check.retries : *retries};
    return {};
}

Status describe_stop(Container& container, const json::object& config) {
    auto signal = text_or_empty(config, "StopSignal");
    if (!signal) return fail(signal.error());
    const auto timeout = integer_at(config, "StopTimeout");
    if (!timeout) return fail(timeout.error());
    container.stop = StopRule();
    if (!signal->empty()) container.stop.signal = *std::move(signal);
    if (*timeout) container.stop.timeout = std::chrono::seconds(**timeout);
    return {};
}

Status describe_limits(Container& container, const json::object& host) {
    const auto fields = read_limit_fields(host);
    if (!fields) return fail(fields.error());
    const auto limits = limits_of(*fields);
    if (!limits) return fail(limits.error());
    container.limit_fields = *fields;
    container.limits = *limits;
    return {};
}

}  // namespace

Status describe(Container& container, const SimulatedSetup& setup) {
    auto labels = read_labels(setup.config, "Labels");
    if (!labels) return fail(labels.error());
    container.labels = *std::move(labels);
    auto image = text_or_empty(setup.config, "Image");
    if (!image) return fail(image.error());
    container.image = *std::move(image);
    if (auto done = describe_limits(container, setup.host); !done) return done;
    if (auto done = describe_restart(container, setup.host); !done) return done;
    if (auto done = describe_stop(container, setup.config); !done) return done;
    return describe_health_check(container, setup.config);
}

}  // namespace rm::docker
