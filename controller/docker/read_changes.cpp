// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <utility>

#include "core/text.h"
#include "docker/json.h"
#include "docker/read.h"

namespace rm::docker {
namespace {

namespace json = boost::json;

Result<FileChange> read_change(const json::value& value) {
    using enum FileChange::Kind;
    constexpr std::array kinds{changed, added, deleted};
    const auto line = object_of(value, "a change");
    if (!line) return fail(line.error());
    auto path = text_at(**line, "Path");
    if (!path) return fail(path.error());
    if (!path->starts_with('/')) return fail(ErrorCode::protocol, "{} is not a whole path", quoted(*path));
    const auto kind = count_at(**line, "Kind");
    if (!kind) return fail(kind.error());
    if (std::cmp_greater_equal(*kind, kinds.size()))
        return fail(ErrorCode::protocol, "Kind is {}, which is none", *kind);
    return FileChange{.path = *std::move(path), .kind = kinds.at(static_cast<std::size_t>(*kind))};
}

}  // namespace

/// The engine says null when there are none.
Result<std::vector<FileChange>> read_changes(std::string_view body) {
    const auto document = parse_json(body, longest_answer);
    if (!document) return fail(document.error());
    std::vector<FileChange> changes;
    if (document->is_null()) return changes;
    if (!document->is_array()) return fail(ErrorCode::protocol, "the list of changes is not a list");
    changes.reserve(document->get_array().size());
    for (const json::value& value : document->get_array()) {
        auto change = read_change(value);
        if (!change) return fail(change.error());
        changes.push_back(*std::move(change));
    }
    return changes;
}

}  // namespace rm::docker
