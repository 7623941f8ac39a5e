// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <utility>

#include "core/text.h"
#include "docker/json.h"
#include "docker/read_container_parts.h"
#include "docker/read_parts.h"
#include "docker/timestamp.h"

namespace rm::docker {
namespace {

namespace json = boost::json;

Result<HealthState> read_health(const json::object& health) {
    const auto text = text_or_empty(health, "Status");
    if (!text) return fail(text.error());
    if (text->empty()) return HealthState::none;
    using enum HealthState;
    constexpr std::array states{none, starting, healthy, unhealthy};
    const auto* const found =
        std::ranges::find_if(states, [&](HealthState one) { return to_string(one) == *text; });
    if (found == states.end()) return fail(ErrorCode::protocol, "{} is not a health", quoted(*text));
    return *found;
}

/// The engine keeps the last five probes, the newest last.
Result<std::string> read_last_output(const json::object& health) {
    const json::value* log = member(health, "Log");
    if (log == nullptr) return std::string();
    if (!log->is_array()) return fail(ErrorCode::protocol, "Log is not a list");
    if (log->get_array().empty()) return std::string();
    const auto probe = object_of(log->get_array().back(), "a probe");
    if (!probe) return fail(probe.error());
    const auto output = text_or_empty(**probe, "Output");
    if (!output) return fail(output.error());
    return printable(*output);
}

Status read_health_into(Container& container, const json::object& state) {
    const auto health = object_at(state, "Health");
    if (!health) return fail(health.error());
    const auto known = read_health(**health);
    if (!known) return fail(known.error());
    auto output = read_last_output(**health);
    if (!output) return fail(output.error());
    container.health = *known;
    container.health_output = *std::move(output);
    return {};
}

}  // namespace

Result<std::optional<WallTime>> read_time_at(const json::object& object, std::string_view name) {
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
    const auto started = read_time_at(state, "StartedAt");
    if (!started) return fail(started.error());
    const auto finished = read_time_at(state, "FinishedAt");
    if (!finished) return fail(finished.error());
    const auto code = integer_at(state, "ExitCode");
    if (!code) return fail(code.error());
    if (!std::in_range<int>(code->value_or(0))) return fail(ErrorCode::protocol, "ExitCode is too large");
    const auto oom_killed = flag_at(state, "OOMKilled");
    if (!oom_killed) return fail(oom_killed.error());
    container.state = *known;
    container.started_at = *started;
    container.finished_at = *finished;
    container.exit_code = static_cast<int>(code->value_or(0));
    container.oom_killed = *oom_killed;
    return read_health_into(container, state);
}

}  // namespace rm::docker
