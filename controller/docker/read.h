// SPDX-License-Identifier: Apache-2.0
// The engine's answers, read and checked: every value has the type and the range it must have, members that
// we don't know are passed over. Errors are `protocol` or `too_large` and name the member. Pure; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "docker/container.h"
#include "docker/engine.h"
#include "docker/stats.h"

namespace rm::docker {

/// More is not read, of the list of containers and of every other answer.
inline constexpr std::size_t longest_list = std::size_t{64} << 20;
inline constexpr std::size_t longest_answer = std::size_t{8} << 20;

/// GET /containers/json. A line without a valid id means that this is no engine; any other oddity is told in
/// its line.
Result<std::vector<ContainerSummary>> read_list(std::string_view body);

/// GET /containers/{id}/json
Result<Container> read_container(std::string_view body);

/// GET /containers/{id}/stats, one sample. The working set is the usage without the file cache that was not
/// used lately, as cAdvisor counts it under both versions of cgroups.
Result<Stats> read_stats(std::string_view body);

/// GET /info
Result<EngineInfo> read_info(std::string_view body);

/// GET /version; `api` is left empty, for it is the caller's choice.
Result<EngineVersion> read_version(std::string_view body);

/// One line of GET /events.
Result<Event> read_event(std::string_view line);

/// What the engine says in an answer that is an error, printable and not too long; empty where it says
/// nothing, as the pages of a proxy do.
std::string read_message(std::string_view body);

/// Whether the engine lets a container be called so.
bool is_container_name(std::string_view text);

}  // namespace rm::docker
