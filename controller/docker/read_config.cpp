// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "core/text.h"
#include "docker/check_write.h"
#include "docker/json.h"
#include "docker/read_container_parts.h"
#include "docker/read_parts.h"

namespace rm::docker {
namespace {

namespace json = boost::json;

/// What is longer, or has no end at all, is cut to this.
constexpr std::chrono::seconds longest_stop = std::chrono::hours(24);

Result<StopRule> read_stop(const json::object& config) {
    StopRule rule;
    auto signal = text_or_empty(config, "StopSignal");
    if (!signal) return fail(signal.error());
    if (!signal->empty()) {
        if (!check_signal(*signal)) return fail(ErrorCode::protocol, "{} is not a signal", quoted(*signal));
        rule.signal = *std::move(signal);
    }
    const auto seconds = integer_at(config, "StopTimeout");
    if (!seconds) return fail(seconds.error());
    if (!*seconds) return rule;
    const bool for_ever = **seconds < 0 || **seconds > longest_stop.count();
    rule.timeout = for_ever ? longest_stop : std::chrono::seconds(**seconds);
    return rule;
}

/// `["CMD", ...]` or `["CMD-SHELL", ...]`; there is none when it is empty or says `NONE`.
Result<bool> is_probed(const json::object& check) {
    const json::value* test = member(check, "Test");
    if (test == nullptr) return false;
    if (!test->is_array()) return fail(ErrorCode::protocol, "Test is not a list");
    const json::array& words = test->get_array();
    if (words.empty()) return false;
    if (!words[0].is_string()) return fail(ErrorCode::protocol, "Test is not a list of texts");
    return words[0].get_string() != "NONE";
}

/// Rounded up to what we count in; what is not given, or zero, stays as it is.
Status read_duration_into(Duration& duration, const json::object& check, std::string_view name) {
    const auto nanos = count_at(check, name);
    if (!nanos) return fail(nanos.error());
    if (*nanos > 0) duration = std::chrono::ceil<Duration>(std::chrono::nanoseconds(*nanos));
    return {};
}

Result<std::optional<HealthCheck>> read_health_check(const json::object& config) {
    const auto check = object_at(config, "Healthcheck");
    if (!check) return fail(check.error());
    const auto probed = is_probed(**check);
    if (!probed) return fail(probed.error());
    if (!*probed) return std::nullopt;
    HealthCheck result;
    for (const auto& [duration, name] :
         {std::pair{&result.interval, "Interval"}, std::pair{&result.timeout, "Timeout"},
          std::pair{&result.start_period, "StartPeriod"}, std::pair{&result.start_interval, "StartInterval"}})
        if (const auto read = read_duration_into(*duration, **check, name); !read) return fail(read.error());
    const auto retries = count_at(**check, "Retries");
    if (!retries) return fail(retries.error());
    if (*retries > 0) result.retries = *retries;
    return result;
}

}  // namespace

Status read_config_into(Container& container, const json::object& config) {
    auto image = text_or_empty(config, "Image");
    if (!image) return fail(image.error());
    auto labels = read_labels(config, "Labels");
    if (!labels) return fail(labels.error());
    auto stop = read_stop(config);
    if (!stop) return fail(stop.error());
    const auto health_check = read_health_check(config);
    if (!health_check) return fail(health_check.error());
    container.image = *std::move(image);
    container.labels = *std::move(labels);
    container.stop = *std::move(stop);
    container.health_check = *health_check;
    return {};
}

}  // namespace rm::docker
