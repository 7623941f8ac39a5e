// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "core/text.h"
#include "docker/json.h"
#include "docker/read.h"
#include "docker/read_parts.h"
#include "docker/timestamp.h"

namespace rm::docker {
namespace {

namespace json = boost::json;

/// A container has a name of its own and one more, `/other/alias`, for each link to it.
Result<std::string> own_name(const json::object& line) {
    const json::value* names = member(line, "Names");
    if (names == nullptr || !names->is_array()) return fail(ErrorCode::protocol, "Names is not a list");
    for (const json::value& name : names->get_array()) {
        if (!name.is_string()) return fail(ErrorCode::protocol, "Names has something that is not a text");
        const std::string_view text = name.get_string();
        if (std::ranges::count(text, '/') <= 1) return read_name(text);
    }
    return fail(ErrorCode::protocol, "it has no name");
}

Status read_rest(const json::object& line, ContainerSummary& summary) {
    auto image = text_or_empty(line, "Image");
    if (!image) return fail(image.error());
    const auto state = text_at(line, "State");
    if (!state) return fail(state.error());
    const auto known = read_state(*state);
    if (!known) return fail(known.error());
    auto labels = read_labels(line, "Labels");
    if (!labels) return fail(labels.error());
    const auto created = count_at(line, "Created");
    if (!created) return fail(created.error());
    constexpr std::int64_t latest = 9'000'000'000;  // a count of nanoseconds ends some time after
    if (*created > latest) return fail(ErrorCode::protocol, "Created is too late");
    summary.image = *std::move(image);
    summary.state = *known;
    summary.labels = *std::move(labels);
    summary.created_at = WallTime(std::chrono::seconds(*created));
    return {};
}

Result<ContainerSummary> read_line(const json::value& value) {
    const auto line = object_of(value, "a line of the list");
    if (!line) return fail(line.error());
    const auto text = text_at(**line, "Id");
    if (!text) return fail(text.error());
    auto id = read_id(*text);
    if (!id) return fail(id.error());
    ContainerSummary summary{.id = *std::move(id), .name = {}, .image = {}, .labels = {}, .created_at = {}};
    if (auto name = own_name(**line)) {
        summary.name = *std::move(name);
        const auto rest = read_rest(**line, summary);
        if (!rest) summary.unreadable = rest.error().message;
    } else {
        summary.unreadable = name.error().message;
    }
    return summary;
}

}  // namespace

Result<std::vector<ContainerSummary>> read_list(std::string_view body) {
    const auto document = parse_json(body, longest_list);
    if (!document) return fail(document.error());
    if (!document->is_array()) return fail(ErrorCode::protocol, "the list of containers is not a list");
    std::vector<ContainerSummary> list;
    list.reserve(document->get_array().size());
    for (const json::value& value : document->get_array()) {
        auto line = read_line(value);
        if (!line) return fail(line.error());
        list.push_back(*std::move(line));
    }
    return list;
}

}  // namespace rm::docker
