// SPDX-License-Identifier: Apache-2.0
// Answers of which only an id, or how something ended, is of interest.
#include "docker/json.h"
#include "docker/read.h"
#include "docker/read_parts.h"

namespace rm::docker {
namespace {

Result<ContainerId> read_id_in(std::string_view body) {
    const auto value = parse_json(body, longest_answer);
    if (!value) return fail(value.error());
    const auto document = object_of(*value, "the answer");
    if (!document) return fail(document.error());
    const auto id = text_at(**document, "Id");
    if (!id) return fail(id.error());
    return read_id(*id);
}

}  // namespace

Result<ContainerId> read_created_id(std::string_view body) {
    return read_id_in(body);
}

Result<std::string> read_exec_id(std::string_view body) {
    const auto id = read_id_in(body);  // it looks like a container's
    if (!id) return fail(id.error());
    return id->full();
}

Result<std::string> read_image_id(std::string_view body) {
    const auto value = parse_json(body, longest_answer);
    if (!value) return fail(value.error());
    const auto document = object_of(*value, "the answer");
    if (!document) return fail(document.error());
    auto id = read_image_id_at(**document, "Id");
    if (id && id->empty()) return fail(ErrorCode::protocol, "Id is missing");
    return id;
}

Result<std::optional<std::int64_t>> read_exec_end(std::string_view body) {
    const auto value = parse_json(body, longest_answer);
    if (!value) return fail(value.error());
    const auto document = object_of(*value, "the answer");
    if (!document) return fail(document.error());
    const auto running = flag_at(**document, "Running");
    if (!running) return fail(running.error());
    if (*running) return std::nullopt;
    return integer_at(**document, "ExitCode");
}

}  // namespace rm::docker
