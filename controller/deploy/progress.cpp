// SPDX-License-Identifier: Apache-2.0
#include "deploy/progress.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include <boost/json.hpp>

#include "deploy/progress_members.h"
#include "docker/json.h"

namespace rm::deploy {
namespace {

namespace json = boost::json;
using docker::RestartPolicy;

constexpr std::int64_t version = 1;
constexpr std::size_t longest = std::size_t{1} << 20;

std::int64_t nanos(WallTime time) {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count();
}

json::object print_limits(const Limits& limits) {
    json::object object;
    if (limits.cpu) object["cpu"] = limits.cpu->nanos();
    if (limits.memory) object["memory"] = limits.memory->count();
    return object;
}

json::object print_fields(const docker::LimitFields& fields) {
    return {{"nano_cpus", fields.nano_cpus},     {"cpu_quota", fields.cpu_quota},
            {"cpu_period", fields.cpu_period},   {"memory", fields.memory},
            {"memory_swap", fields.memory_swap}, {"memory_reservation", fields.memory_reservation}};
}

json::object print_in_place(const InPlace& in_place) {
    json::object object{{"before", print_fields(in_place.before)},
                        {"after", print_fields(in_place.after)},
                        {"condition", to_string(in_place.condition)},
                        {"oom_killed", in_place.oom_killed}};
    if (in_place.run) object["run"] = nanos(*in_place.run);
    return object;
}

json::object print_replica(const Replacement& replica) {
    json::object object{{"blue", replica.blue.full()},
                        {"blue_name", replica.blue_name},
                        {"blue_number", replica.blue_number},
                        {"restart", docker::to_string(replica.blue_restart.policy)},
                        {"restart_retries", replica.blue_restart.maximum_retries},
                        {"green_name", replica.green_name},
                        {"final_name", replica.final_name},
                        {"green_number", replica.green_number},
                        {"from", print_limits(replica.from)},
                        {"to", print_limits(replica.to)},
                        {"stage", to_string(replica.stage)},
                        {"drained", replica.drained},
                        {"forward", replica.forward},
                        {"begun", replica.begun},
                        {"failure", replica.failure}};
    if (replica.green) object["green"] = replica.green->full();
    if (replica.stopping) object["stopping"] = nanos(*replica.stopping);
    if (replica.in_place) object["in_place"] = print_in_place(*replica.in_place);
    return object;
}

RestartPolicy read_policy(Members& members) {
    using enum RestartPolicy;
    const std::string text = members.text("restart");
    for (const RestartPolicy policy : {no, on_failure, always, unless_stopped})
        if (docker::to_string(policy) == text) return policy;
    members.complain("restart");
    return no;
}

std::optional<InPlace> read_in_place(Members& outer) {
    const json::object* const object = outer.object("in_place");
    if (object == nullptr) return std::nullopt;
    Members members(*object);
    InPlace in_place{.before = members.fields("before"),
                     .after = members.fields("after"),
                     .run = members.time("run"),
                     .oom_killed = members.flag("oom_killed")};
    using enum InPlace::Condition;
    constexpr std::array all{stopped, ailing, serving};
    const std::string condition = members.text("condition");
    const auto* const found = std::ranges::find(all, condition, [](auto one) { return to_string(one); });
    if (found == all.end())
        members.complain("condition");
    else
        in_place.condition = *found;
    outer.take(members);
    return in_place;
}

Result<Replacement> read_replica(const json::value& value) {
    const auto object = docker::object_of(value, "a replica");
    if (!object) return fail(ErrorCode::corrupt, "{}", object.error().message);
    Members members(**object);
    auto blue = members.id("blue");
    if (!blue) members.complain("blue");
    const auto stage = parse_stage(members.text("stage"));
    if (!stage) members.complain("stage");
    if (!blue || !stage) return fail(members.status().error());
    Replacement replica{.blue = *std::move(blue),
                        .blue_name = members.name("blue_name"),
                        .blue_number = members.small("blue_number"),
                        .blue_restart = {.policy = read_policy(members),
                                         .maximum_retries = members.integer("restart_retries").value_or(0)},
                        .green_name = members.name("green_name"),
                        .final_name = members.name("final_name"),
                        .green_number = members.small("green_number"),
                        .green = members.id("green"),
                        .from = members.limits("from"),
                        .to = members.limits("to"),
                        .stage = *stage,
                        .drained = members.flag("drained"),
                        .forward = members.flag("forward"),
                        .stopping = members.time("stopping"),
                        .in_place = read_in_place(members),
                        .begun = members.flag("begun"),
                        .failure = members.text("failure")};
    if (!members.status()) return fail(members.status().error());
    return replica;
}

}  // namespace

std::string print_progress(const Deployment& deployment) {
    json::array replicas;
    for (const Replacement& replica : deployment.replicas) replicas.push_back(print_replica(replica));
    return json::serialize(json::object{{"version", version},
                                        {"current", deployment.current},
                                        {"stuck", deployment.stuck},
                                        {"replicas", std::move(replicas)}});
}

Status read_progress(std::string_view text, Deployment& into) {
    const auto value = docker::parse_json(text, longest);
    if (!value) return fail(ErrorCode::corrupt, "its progress can't be read: {}", value.error().message);
    const auto object = docker::object_of(*value, "the progress");
    if (!object) return fail(ErrorCode::corrupt, "{}", object.error().message);
    Members members(**object);
    const auto written = members.integer("version");
    if (!written) members.complain("version");
    if (!members.status()) return fail(members.status().error());
    if (*written != version)
        return fail(ErrorCode::unsupported, "its progress is of a version that this program does not know");
    into.current = static_cast<std::size_t>(members.small("current"));
    into.stuck = members.flag("stuck");
    const json::value* const replicas = docker::member(**object, "replicas");
    if (replicas == nullptr || !replicas->is_array()) members.complain("replicas");
    if (!members.status()) return fail(members.status().error());
    for (const json::value& one : replicas->get_array()) {
        auto replica = read_replica(one);
        if (!replica) return fail(replica.error());
        into.replicas.push_back(*std::move(replica));
    }
    if (into.current >= into.replicas.size())
        return fail(ErrorCode::corrupt, "it is at a replica that is not there");
    return {};
}

}  // namespace rm::deploy
