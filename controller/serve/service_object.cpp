// SPDX-License-Identifier: Apache-2.0
#include "serve/service_object.h"

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "decide/calendar.h"
#include "serve/json_words.h"
#include "serve/verdict_json.h"

namespace rm::serve {
namespace {

namespace json = boost::json;
using decide::Assessment;

std::string_view to_word(config::ServiceClass service_class) {
    switch (service_class) {
        case config::ServiceClass::critical:
            return "critical";
        case config::ServiceClass::normal:
            return "normal";
        case config::ServiceClass::optional:
            return "optional";
    }
    return "unknown";
}

std::string_view to_word(config::Direction direction) {
    switch (direction) {
        case config::Direction::both:
            return "both";
        case config::Direction::up:
            return "up";
        case config::Direction::down:
            return "down";
    }
    return "unknown";
}

json::object cooldown(const Assessment& service, WallTime at) {
    const auto& last = service.verdict.next.last_adjustment;
    const Duration period = service.policy->adjustment.cooldown_period;
    const bool running = last && *last + period > at;
    const auto left = running ? std::chrono::duration_cast<Duration>(*last + period - at) : Duration::zero();
    return {{"last_adjustment_at", time(last)},
            {"cooldown_until", running ? time(*last + period) : json::value(nullptr)},
            {"cooldown_left_seconds", seconds(std::min(left, period))}};
}

/// What was counted today, as the service's time zone has it.
std::int64_t today(const Assessment& service, const decide::DayCount& counted, WallTime at) {
    return counted.day == decide::local_day(service.policy->adjustment.timezone, at) ? counted.count : 0;
}

json::array replicas(const Assessment& service) {
    json::array all;
    all.reserve(service.service.replicas.size());
    for (const decide::Replica& replica : service.service.replicas)
        all.emplace_back(json::object{{"name", words(replica.name)},
                                      {"id", replica.id.full()},
                                      {"started_at", print_time(replica.started_at)},
                                      {"limits", limits(replica.limits)}});
    return all;
}

json::object policy(const config::ServicePolicy& policy) {
    const config::Bounds& bounds = policy.bounds;
    const config::Adjustment& adjustment = policy.adjustment;
    const auto& window = adjustment.maintenance_window;
    return {{"bounds", json::object{{"cpu_min_cores", plain(bounds.cpu.min)},
                                    {"cpu_max_cores", plain(bounds.cpu.max)},
                                    {"memory_min_bytes", plain(bounds.memory.min)},
                                    {"memory_max_bytes", plain(bounds.memory.max)}}},
            {"baseline", limits({.cpu = policy.baseline.cpu, .memory = policy.baseline.memory})},
            {"initial", limits({.cpu = policy.initial.cpu, .memory = policy.initial.memory})},
            {"cpu_throttled_ratio", plain(policy.thresholds.cpu_throttled)},
            {"increase_factor", plain(adjustment.increase_factor)},
            {"decrease_factor", plain(adjustment.decrease_factor)},
            {"min_change_ratio", plain(adjustment.min_change)},
            {"cooldown_period_seconds", seconds(adjustment.cooldown_period)},
            {"min_uptime_seconds", seconds(policy.thresholds.min_uptime)},
            {"timezone", words(adjustment.timezone)},
            {"maintenance_window", window ? words(config::print(*window)) : json::value(nullptr)}};
}

json::value assumed(const decide::ServiceState& state) {
    if (!state.assumed) return nullptr;
    return json::object{{"limits", limits(state.assumed->limits)},
                        {"instead_of", limits(state.assumed->instead_of)}};
}

json::value drift(const decide::ServiceState& state) {
    if (!state.drift) return nullptr;
    return json::object{{"deployment", state.drift->deployment},
                        {"since", print_time(state.drift->since)},
                        {"ours", limits(state.drift->ours)},
                        {"found", limits(state.drift->found)},
                        {"accepted", state.drift->accepted}};
}

json::value host(const Assessment& service) {
    const std::optional<decide::Host>& host = service.service.host;
    if (!host) return nullptr;
    const config::HostReserve& reserve = service.policy->bounds.host_reserve;
    return json::object{{"cpu_cores", plain(host->cpus)},
                        {"cpu_reserved_cores", plain(config::amount_of(reserve.cpu, host->cpus))},
                        {"memory_bytes", plain(host->memory)},
                        {"memory_used_bytes", amount(host->memory_used)},
                        {"memory_promised_bytes", plain(host->memory_promised)},
                        {"memory_reserved_bytes", plain(config::amount_of(reserve.memory, host->memory))}};
}

}  // namespace

std::optional<store::Pause> pause_of(const Assessment& service, const Pauses& pauses, WallTime now) {
    std::optional<store::Pause> found;
    if (!pauses) {
        if (service.service.pause)
            found = {.service = service.service.name,
                     .until = service.service.pause->until,
                     .reason = service.service.pause->reason,
                     .since = {}};
    } else if (const auto it = std::ranges::find(*pauses, service.service.name, &store::Pause::service);
               it != pauses->end()) {
        found = *it;
    }
    if (found && found->until && *found->until <= now) found.reset();
    return found;
}

json::object shown(const store::Pause& pause) {
    const bool known = pause.since != WallTime();
    return {{"until", time(pause.until)},
            {"since", known ? time(pause.since) : json::value(nullptr)},
            {"reason", words_or_null(pause.reason)}};
}

json::object streaks(const decide::ServiceState& state) {
    return {{"cpu", state.streaks.cpu}, {"memory", state.streaks.memory}};
}

json::object in_short(const Assessment& service, WallTime at, const std::optional<store::Pause>& pause) {
    const decide::Verdict& verdict = service.verdict;
    const config::ServicePolicy& policy = *service.policy;
    const decide::GateReport* const held = verdict.proposal ? nullptr : first_held(verdict);
    json::object object{{"name", print(service.service.name)},
                        {"shown_as", words(service.shown_as)},
                        {"managed", policy.enabled},
                        {"class", to_word(policy.service_class)},
                        {"strategy", to_string(policy.deployment.strategy)},
                        {"direction", to_word(policy.direction)},
                        {"replica_count", service.service.replicas.size()},
                        {"cpu", resource(service, decide::Resource::cpu)},
                        {"memory", resource(service, decide::Resource::memory)},
                        {"consecutive_checks", policy.thresholds.consecutive_checks}};
    for (auto& member : cooldown(service, at)) object[member.key()] = member.value();
    object["adjustments_today"] = today(service, verdict.next.adjustments, at);
    object["adjustments_per_day"] = policy.adjustment.max_adjustments_per_day;
    object["pause"] = pause ? json::value(shown(*pause)) : json::value(nullptr);
    object["outcome"] = outcome(verdict);
    object["held_by"] = held == nullptr ? json::value(nullptr) : json::value(to_string(held->gate));
    object["summary"] = words(verdict.summary);
    object["proposal"] = proposal(verdict);
    object["oom_seen"] = verdict.oom_seen;
    object["unlimited"] = verdict.unlimited;
    object["limits_assumed"] = verdict.next.assumed.has_value();
    object["drift"] = drift(verdict.next);
    return object;
}

json::object in_full(const Assessment& service, WallTime at, const std::optional<store::Pause>& pause) {
    const decide::ServiceState& state = service.verdict.next;
    json::object object = in_short(service, at, pause);
    object["replicas"] = replicas(service);
    object["signals"] = signals(service);
    object["gates"] = gates(service);
    object["assumed"] = assumed(state);
    object["oom_raises_today"] = today(service, state.oom_raises, at);
    object["last_oom_at"] = time(state.last_oom);
    object["host"] = host(service);
    object["policy"] = policy(*service.policy);
    return object;
}

json::object as_decided(const Assessment& service, const decide::Check& check) {
    json::object object = in_full(service, check.at, pause_of(service, std::nullopt, check.at));
    object["limits"] = limits(service.verdict.in_force);
    object["streaks"] = streaks(service.verdict.next);
    object["dry_run"] = check.dry_run;
    object["source"] = words(check.source);
    object["window_seconds"] = seconds(service.rules.window);
    object["trend_window_seconds"] = seconds(service.rules.trend_window);
    object["check_interval_seconds"] = seconds(service.rules.check_interval);
    return object;
}

}  // namespace rm::serve
