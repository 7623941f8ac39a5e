// SPDX-License-Identifier: Apache-2.0
#include "observe/exposition.h"

#include <array>
#include <chrono>
#include <cmath>
#include <iterator>
#include <optional>
#include <string_view>

#include "core/text.h"

namespace rm::observe {
namespace {

constexpr double quota_period_us = 100'000;

/// `text` as the value of a label.
std::string escaped(std::string_view text) {
    std::string result;
    for (const char c : valid_utf8(text)) {
        if (c == '\n') {
            result += "\\n";
            continue;
        }
        if (c == '\\' || c == '"') result += '\\';
        result += c;
    }
    return result;
}

double seconds(std::chrono::nanoseconds time) {
    return std::chrono::duration<double>(time).count();
}

double seconds(WallTime time) {
    return std::chrono::duration<double>(time.time_since_epoch()).count();
}

std::optional<double> number(const std::optional<Bytes>& bytes) {
    return bytes ? std::optional(static_cast<double>(bytes->count())) : std::nullopt;
}

bool has_quota(const LatestSample& sample) {
    return sample.limits && sample.limits->cpu;
}

/// Without a quota cAdvisor has no periods either.
std::optional<double> of_quota(const LatestSample& sample, std::int64_t count) {
    const bool counts = has_quota(sample) || sample.stats.cpu_periods > 0;
    return counts ? std::optional(static_cast<double>(count)) : std::nullopt;
}

std::optional<double> memory_limit(const LatestSample& sample) {
    if (!sample.limits) return std::nullopt;
    return number(sample.limits->memory).value_or(0);  // as cAdvisor: unlimited is 0
}

struct Family {
    std::string_view name;
    std::string_view type;
    std::string_view help;
    std::optional<double> (*value)(const LatestSample&);
    std::string_view label = {};  // one more, ready to be written
};

const std::array<Family, 13>& families() {
    using Sample = LatestSample;
    using Value = std::optional<double>;
    static const std::array<Family, 13> all{{
        {"container_cpu_usage_seconds_total", "counter", "CPU time used.",
         [](const Sample& s) -> Value { return seconds(s.stats.cpu_total); }, "cpu=\"total\""},
        {"container_cpu_cfs_periods_total", "counter", "Periods of the CPU quota.",
         [](const Sample& s) { return of_quota(s, s.stats.cpu_periods); }},
        {"container_cpu_cfs_throttled_periods_total", "counter",
         "Periods in which the CPU quota was used up.",
         [](const Sample& s) { return of_quota(s, s.stats.cpu_throttled_periods); }},
        {"container_cpu_cfs_throttled_seconds_total", "counter", "Time spent waiting for CPU quota.",
         [](const Sample& s) -> Value {
             if (!of_quota(s, 0)) return std::nullopt;
             return seconds(s.stats.cpu_throttled_time);
         }},
        {"container_memory_usage_bytes", "gauge", "Memory used, with the page cache.",
         [](const Sample& s) { return number(s.stats.memory_usage); }},
        {"container_memory_working_set_bytes", "gauge", "Memory used that can't be reclaimed at once.",
         [](const Sample& s) { return number(s.stats.memory_working_set); }},
        {"container_oom_events_total", "counter", "Times that memory ran out, since we watch.",
         [](const Sample& s) -> Value { return static_cast<double>(s.oom_kills); }},
        {"container_spec_memory_limit_bytes", "gauge", "Limit of memory; 0 is none.", memory_limit},
        {"container_spec_cpu_quota", "gauge", "CPU time per period, in microseconds.",
         [](const Sample& s) -> Value {
             if (!has_quota(s)) return std::nullopt;
             return std::round(s.limits->cpu->value() * quota_period_us);
         }},
        {"container_spec_cpu_period", "gauge", "Period of the CPU quota, in microseconds.",
         [](const Sample& s) -> Value { return has_quota(s) ? Value(quota_period_us) : std::nullopt; }},
        {"container_start_time_seconds", "gauge", "Start of the container since 1970.",
         [](const Sample& s) -> Value {
             return s.started_at ? Value(seconds(*s.started_at)) : std::nullopt;
         }},
        {"container_last_seen", "gauge", "Time of the sample since 1970, in seconds.",
         [](const Sample& s) -> Value { return std::floor(seconds(s.at)); }},
        {"container_tasks", "gauge", "Processes and threads.",
         [](const Sample& s) -> Value {
             return s.stats.pids ? Value(static_cast<double>(*s.stats.pids)) : std::nullopt;
         }},
    }};
    return all;
}

std::string labels_of(const LatestSample& sample) {
    std::string labels = fmt::format(R"(id="/docker/{}",image="{}",name="{}")", sample.id.full(),
                                     escaped(sample.image), escaped(sample.name));
    if (!sample.project.empty())
        labels += fmt::format(",container_label_com_docker_compose_project=\"{}\"", escaped(sample.project));
    if (!sample.service.empty())
        labels += fmt::format(",container_label_com_docker_compose_service=\"{}\"", escaped(sample.service));
    return labels;
}

}  // namespace

std::string exposition(std::span<const LatestSample> samples) {
    std::vector<std::string> labels;
    labels.reserve(samples.size());
    for (const LatestSample& sample : samples) labels.push_back(labels_of(sample));
    std::string text;
    for (const Family& family : families()) {
        fmt::format_to(std::back_inserter(text), "# HELP {0} {1}\n# TYPE {0} {2}\n", family.name, family.help,
                       family.type);
        for (std::size_t i = 0; i < samples.size(); ++i) {
            const auto value = family.value(samples[i]);
            if (!value) continue;
            const auto at = std::chrono::floor<Duration>(samples[i].at.time_since_epoch()).count();
            fmt::format_to(std::back_inserter(text), "{}{{{}{}{}}} {} {}\n", family.name, labels[i],
                           family.label.empty() ? "" : ",", family.label, *value, at);
        }
    }
    return text;
}

}  // namespace rm::observe
