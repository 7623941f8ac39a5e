// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/deploy/picture.h"

#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace rm::deploy::test {
namespace {

constexpr WallTime noon{std::chrono::sys_days(std::chrono::year(2026) / 3 / 1) + 12h};
Limits small() {
    return limits("0.5", "512M");
}

Limits large() {
    return limits("1", "768M");
}

Deployment deployment(config::Strategy strategy) {
    return {.id = 7,
            .token = "5eed",
            .engine = "the-engine",
            .service = ServiceName::parse("shop/web").value(),
            .strategy = strategy,
            .requested_by = "the test",
            .reason = "to see",
            .from = small(),
            .to = large(),
            .created_at = noon,
            .phase_since = noon,
            .replicas = {}};
}

Replacement replacement(char digit, int number) {
    return {.blue = id(digit),
            .blue_name = fmt::format("web-{}", number),
            .blue_number = number,
            .blue_restart = {.policy = docker::RestartPolicy::unless_stopped},
            .green_name = fmt::format("web-{}", number + 1),
            .final_name = fmt::format("web-{}", number + 1),
            .green_number = number + 1,
            .from = small(),
            .to = large()};
}

}  // namespace

ContainerId id(char digit) {
    return ContainerId::parse(std::string(64, digit)).value();
}

Bytes bytes(std::string_view text) {
    return Bytes::parse(text).value();
}

Limits limits(std::string_view cpu, std::string_view memory) {
    return {.cpu = Cores::parse(cpu).value(), .memory = bytes(memory)};
}

docker::LimitFields fields(const Limits& limits) {
    docker::LimitFields fields;
    if (limits.cpu) fields.nano_cpus = limits.cpu->nanos();
    if (limits.memory) fields.memory = limits.memory->count();
    if (limits.memory) fields.memory_swap = 2 * limits.memory->count();  // as the engine does
    return fields;
}

docker::Container container(char digit, std::string name, const Limits& limits) {
    return {.id = id(digit),
            .name = std::move(name),
            .image = "shop/web:1",
            .state = docker::ContainerState::running,
            .health = docker::HealthState::healthy,
            .labels = {},
            .limits = limits,
            .created_at = noon - 24h,
            .started_at = noon - 23h,
            .restart = {.policy = docker::RestartPolicy::unless_stopped},
            .health_check = docker::HealthCheck{},
            .limit_fields = fields(limits)};
}

void apply(const docker::Update& update, docker::Container& container) {
    docker::LimitFields& fields = container.limit_fields;
    if (update.nano_cpus) fields.nano_cpus = update.nano_cpus->nanos();
    if (update.cpu_quota) {
        fields.cpu_quota = update.cpu_quota->quota.count();
        fields.cpu_period = update.cpu_quota->period.count();
    }
    if (update.memory) fields.memory = update.memory->count();
    if (update.memory_swap) fields.memory_swap = update.memory_swap->count();
    if (update.memory_reservation) fields.memory_reservation = update.memory_reservation->count();
    container.limits = docker::limits_of(fields).value();
}

Picture::Picture(config::Strategy strategy) : row(deployment(strategy)) {
    row.replicas.push_back(replacement('a', 1));
    sight.blue = container('a', "web-1", small());
    uses("100M");
}

docker::Container& Picture::green() {
    if (!sight.green) sight.green = container('b', "web-2", large());
    return *sight.green;
}

Replacement& Picture::add_replica() {
    row.replicas.push_back(replacement('c', 3));
    return row.replicas.back();
}

Picture& Picture::at(Stage stage, Duration since) {
    replica().stage = stage;
    watch = {.in_stage = since, .blue_runs = 23h};
    return *this;
}

Picture& Picture::tried(Act act, std::optional<ErrorCode> error, Duration ago, int count) {
    Attempts attempts{.count = count, .ago = ago};
    if (error) attempts.error = Error{.code = *error, .message = "no luck"};
    watch.attempts.insert_or_assign(act, attempts);
    return *this;
}

Picture& Picture::uses(std::string_view memory) {
    sight.usage = docker::Stats{.read_at = noon,
                                .memory_usage = bytes(memory),
                                .memory_working_set = bytes(memory),
                                .memory_limit = blue().limits.memory,
                                .pids = 1};
    return *this;
}

std::string Picture::look() {
    const Stage before = stage();
    const std::size_t which = row.current;
    Step step = advance(row, sight, watch, terms);
    row = std::move(step.next);
    action.reset();
    look_again = {};
    if (row.current != which || stage() != before) {
        watch.in_stage = {};
        watch.attempts.clear();
    }
    if (const auto* const act = std::get_if<Action>(&step.todo)) {
        action = *act;
        const std::string update = print(act->update);
        return update.empty() ? std::string(to_string(act->act))
                              : fmt::format("{}: {}", to_string(act->act), update);
    }
    if (const auto* const wait = std::get_if<Wait>(&step.todo)) {
        look_again = wait->look_again;
        return "wait: " + wait->for_what;
    }
    return fmt::format("ended: {}", to_string(row.outcome));
}

std::string print(const docker::Update& update) {
    std::vector<std::string> parts;
    if (update.nano_cpus) parts.push_back(print(*update.nano_cpus) + " CPU");
    if (update.cpu_quota)
        parts.push_back(
            fmt::format("quota {} of {}", update.cpu_quota->quota.count(), update.cpu_quota->period.count()));
    if (update.memory) parts.push_back("memory " + print(*update.memory));
    if (update.memory_swap) parts.push_back("swap " + print(*update.memory_swap));
    if (update.memory_reservation) parts.push_back("reservation " + print(*update.memory_reservation));
    return fmt::format("{}", fmt::join(parts, ", "));
}

}  // namespace rm::deploy::test
