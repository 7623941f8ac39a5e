// SPDX-License-Identifier: Apache-2.0
#include "decide/state.h"

#include <limits>

#include <boost/json.hpp>

#include "decide/state_reader.h"

namespace rm::decide {
namespace {

namespace json = boost::json;

json::object limits_text(const Limits& limits) {
    json::object object;
    if (limits.cpu) object["cpu"] = limits.cpu->nanos();
    if (limits.memory) object["memory"] = limits.memory->count();
    return object;
}

json::object day_text(const DayCount& counted) {
    return {{"day", counted.day}, {"count", counted.count}};
}

void put_time(json::object& object, std::string_view name, const std::optional<WallTime>& time) {
    if (time) object[name] = nanos(*time);
}

void read_streaks(const Fields& fields, Streaks& streaks) {
    fields.number("cpu", -most, most, streaks.cpu);
    fields.number("memory", -most, most, streaks.memory);
}

Limits read_limits(const Fields& fields) {
    Limits limits;
    if (const auto cpu = fields.amount("cpu")) limits.cpu = Cores::from_nanos(*cpu);
    if (const auto memory = fields.amount("memory")) limits.memory = Bytes(*memory);
    return limits;
}

Drift read_drift(const Fields& fields) {
    Drift drift;
    fields.number("deployment", 0, std::numeric_limits<std::int64_t>::max(), drift.deployment);
    fields.flag("accepted", drift.accepted);
    const auto since = fields.time("since");
    if (!since) fields.complain("since", "is missing");
    drift.since = since.value_or(WallTime());
    const auto ours = fields.object("ours");
    const auto found = fields.object("found");
    if (!ours || !found) fields.complain("ours", "and what was found must be there both");
    if (ours) drift.ours = read_limits(*ours);
    if (found) drift.found = read_limits(*found);
    return drift;
}

void read_nested(const Fields& fields, ServiceState& state) {
    if (const auto streaks = fields.object("streaks")) read_streaks(*streaks, state.streaks);
    if (const auto counted = fields.object("adjustments")) counted->day_count(state.adjustments);
    if (const auto counted = fields.object("oom_raises")) counted->day_count(state.oom_raises);
    if (const auto pending = fields.object("pending_oom")) {
        const auto since = pending->time("since");
        if (!since) pending->complain("since", "is missing");
        state.pending_oom = PendingOom{.since = since.value_or(WallTime())};
        pending->flag("repeated", state.pending_oom->repeated);
    }
    if (const auto drift = fields.object("drift")) state.drift = read_drift(*drift);
    if (const auto assumed = fields.object("assumed")) {
        const auto limits = assumed->object("limits");
        const auto instead_of = assumed->object("instead_of");
        if (!limits || !instead_of) {
            assumed->complain("limits", "and what they stand for must be there both");
            return;
        }
        state.assumed = Assumed{.limits = read_limits(*limits), .instead_of = read_limits(*instead_of)};
    }
}

}  // namespace

std::string print(const ServiceState& state) {
    json::object object{{"version", state_version},
                        {"streaks", {{"cpu", state.streaks.cpu}, {"memory", state.streaks.memory}}},
                        {"adjustments", day_text(state.adjustments)},
                        {"oom_raises", day_text(state.oom_raises)}};
    put_time(object, "last_check", state.last_check);
    put_time(object, "last_adjustment", state.last_adjustment);
    put_time(object, "last_oom", state.last_oom);
    if (state.pending_oom)
        object["pending_oom"] = {{"since", nanos(state.pending_oom->since)},
                                 {"repeated", state.pending_oom->repeated}};
    if (!state.oom_kills.empty()) {
        json::object kills;
        for (const auto& [id, count] : state.oom_kills) kills[id] = count;
        object["oom_kills"] = std::move(kills);
    }
    if (state.assumed)
        object["assumed"] = {{"limits", limits_text(state.assumed->limits)},
                             {"instead_of", limits_text(state.assumed->instead_of)}};
    if (state.drift)
        object["drift"] = {{"deployment", state.drift->deployment},
                           {"since", nanos(state.drift->since)},
                           {"ours", limits_text(state.drift->ours)},
                           {"found", limits_text(state.drift->found)},
                           {"accepted", state.drift->accepted}};
    return json::serialize(object);
}

Result<ServiceState> parse_state(std::string_view text) {
    const auto object = read_object(text);
    if (!object) return fail(object.error().with_prefix("the stored state of a service"));
    ServiceState state;
    std::string problem;
    const Fields fields(*object, problem);
    state.last_check = fields.time("last_check");
    state.last_adjustment = fields.time("last_adjustment");
    state.last_oom = fields.time("last_oom");
    read_nested(fields, state);
    if (const auto kills = fields.object("oom_kills")) kills->counters(state.oom_kills);
    if (!problem.empty()) return fail(ErrorCode::corrupt, "the stored state of a service: {}", problem);
    return state;
}

}  // namespace rm::decide
