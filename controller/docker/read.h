// SPDX-License-Identifier: Apache-2.0
// The engine's answers, read and checked: every value has the type and the range it must have, members that
// we don't know are passed over. Errors are `protocol` or `too_large` and name the member. Pure; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "docker/container.h"
#include "docker/engine.h"
#include "docker/stats.h"
#include "docker/write.h"

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

/// GET /containers/{id}/json, when nothing but its networks is of interest: whether `network`, a name or an
/// id, is one of them.
Result<bool> read_is_connected(std::string_view body, std::string_view network);

/// GET /containers/{id}/changes
Result<std::vector<FileChange>> read_changes(std::string_view body);

/// GET /images/{name}/json: its id.
Result<std::string> read_image_id(std::string_view body);

/// POST /containers/create: the new one's id.
Result<ContainerId> read_created_id(std::string_view body);

/// POST /containers/{id}/exec: the id of what is to be run; 64 hexadecimal digits.
Result<std::string> read_exec_id(std::string_view body);

/// GET /exec/{id}/json: how it ended; nothing while it has not.
Result<std::optional<std::int64_t>> read_exec_end(std::string_view body);

/// What the engine says in an answer that is an error, printable and not too long; empty where it says
/// nothing, as the pages of a proxy do.
std::string read_message(std::string_view body);

/// Whether the engine lets a container be called so.
bool is_container_name(std::string_view text);

}  // namespace rm::docker
