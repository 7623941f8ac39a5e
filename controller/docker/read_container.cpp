// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "core/text.h"
#include "docker/json.h"
#include "docker/read.h"
#include "docker/read_parts.h"
#include "docker/timestamp.h"

namespace rm::docker {
namespace {

namespace json = boost::json;

constexpr std::int64_t nanos_per_core = 1'000'000'000;
constexpr std::int64_t default_period = 100'000;  // microseconds
constexpr std::int64_t longest_period = 1'000'000;
constexpr std::int64_t most_cores = 1'000'000;

Result<Cores> cores_of_quota(std::int64_t quota, std::int64_t period) {
    if (period > longest_period) return fail(ErrorCode::protocol, "CpuPeriod is over a second");
    if (quota / period > most_cores) return fail(ErrorCode::protocol, "CpuQuota is too large");
    return Cores::from_nanos(quota / period * nanos_per_core + quota % period * nanos_per_core / period);
}

/// Zero and less mean that there is no limit.
Result<std::optional<Cores>> read_cpu_limit(const json::object& host) {
    const auto nanos = integer_at(host, "NanoCpus");
    if (!nanos) return fail(nanos.error());
    if (nanos->value_or(0) > most_cores * nanos_per_core)
        return fail(ErrorCode::protocol, "NanoCpus is too large");
    if (nanos->value_or(0) > 0) return Cores::from_nanos(**nanos);
    const auto quota = integer_at(host, "CpuQuota");
    if (!quota) return fail(quota.error());
    const auto period = integer_at(host, "CpuPeriod");
    if (!period) return fail(period.error());
    if (quota->value_or(0) <= 0) return std::nullopt;
    const auto cores = cores_of_quota(**quota, period->value_or(0) > 0 ? **period : default_period);
    if (!cores) return fail(cores.error());
    return *cores;
}

Result<Limits> read_limits(const json::object& host) {
    Limits limits;
    const auto cpu = read_cpu_limit(host);
    if (!cpu) return fail(cpu.error());
    limits.cpu = *cpu;
    const auto memory = integer_at(host, "Memory");
    if (!memory) return fail(memory.error());
    if (memory->value_or(0) > 0) limits.memory = Bytes(**memory);
    return limits;
}

Result<HealthState> read_health(const json::object& state) {
    const auto health = object_at(state, "Health");
    if (!health) return fail(health.error());
    const auto text = text_or_empty(**health, "Status");
    if (!text) return fail(text.error());
    if (text->empty()) return HealthState::none;
    using enum HealthState;
    constexpr std::array states{none, starting, healthy, unhealthy};
    const auto* const found =
        std::ranges::find_if(states, [&](HealthState one) { return to_string(one) == *text; });
    if (found == states.end()) return fail(ErrorCode::protocol, "{} is not a health", quoted(*text));
    return *found;
}

Result<std::optional<WallTime>> read_time(const json::object& object, std::string_view name) {
    const auto text = text_or_empty(object, name);
    if (!text) return fail(text.error());
    if (text->empty()) return std::nullopt;
    auto time = parse_timestamp(*text);
    if (!time) return fail(time.error().with_prefix(name));
    return time;
}

Status read_state_into(Container& container, const json::object& state) {
    const auto status = text_at(state, "Status");
    if (!status) return fail(status.error());
    const auto known = read_state(*status);
    if (!known) return fail(known.error());
    const auto health = read_health(state);
    if (!health) return fail(health.error());
    const auto started = read_time(state, "StartedAt");
    if (!started) return fail(started.error());
    const auto finished = read_time(state, "FinishedAt");
    if (!finished) return fail(finished.error());
    const auto code = integer_at(state, "ExitCode");
    if (!code) return fail(code.error());
    if (!std::in_range<int>(code->value_or(0))) return fail(ErrorCode::protocol, "ExitCode is too large");
    const auto oom_killed = flag_at(state, "OOMKilled");
    if (!oom_killed) return fail(oom_killed.error());
    container.state = *known;
    container.health = *health;
    container.started_at = *started;
    container.finished_at = *finished;
    container.exit_code = static_cast<int>(code->value_or(0));
    container.oom_killed = *oom_killed;
    return {};
}

Status read_config_into(Container& container, const json::object& config) {
    auto image = text_or_empty(config, "Image");
    if (!image) return fail(image.error());
    auto labels = read_labels(config, "Labels");
    if (!labels) return fail(labels.error());
    container.image = *std::move(image);
    container.labels = *std::move(labels);
    return {};
}

Status read_into(Container& container, const json::object& document) {
    const auto created = read_time(document, "Created");
    if (!created) return fail(created.error());
    container.created_at = created->value_or(WallTime());
    const auto restarts = count_at(document, "RestartCount");
    if (!restarts) return fail(restarts.error());
    container.restart_count = *restarts;
    const auto state = object_at(document, "State");
    if (!state) return fail(state.error());
    if (const auto done = read_state_into(container, **state); !done) return done;
    const auto config = object_at(document, "Config");
    if (!config) return fail(config.error());
    if (const auto done = read_config_into(container, **config); !done) return done;
    const auto host = object_at(document, "HostConfig");
    if (!host) return fail(host.error());
    // Without it nothing is known of the limits, which is not the same as "unlimited".
    if ((*host)->empty()) return fail(ErrorCode::protocol, "HostConfig is missing");
    const auto limits = read_limits(**host);
    if (!limits) return fail(limits.error());
    container.limits = *limits;
    return {};
}

}  // namespace

Result<Container> read_container(std::string_view body) {
    const auto value = parse_json(body, longest_answer);
    if (!value) return fail(value.error());
    const auto document = object_of(*value, "the container");
    if (!document) return fail(document.error());
    const auto id_text = text_at(**document, "Id");
    if (!id_text) return fail(id_text.error());
    auto id = read_id(*id_text);
    if (!id) return fail(id.error());
    const auto name_text = text_at(**document, "Name");
    if (!name_text) return fail(name_text.error());
    auto name = read_name(*name_text);
    if (!name) return fail(name.error());
    Container container{.id = *std::move(id),
                        .name = *std::move(name),
                        .image = {},
                        .labels = {},
                        .limits = {},
                        .created_at = {}};
    if (const auto done = read_into(container, **document); !done) return fail(done.error());
    return container;
}

}  // namespace rm::docker
