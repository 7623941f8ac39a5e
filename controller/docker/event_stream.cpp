// SPDX-License-Identifier: Apache-2.0
#include "docker/event_stream.h"

#include <algorithm>
#include <utility>

#include "docker/json.h"
#include "docker/read.h"
#include "docker/read_parts.h"
#include "docker/timestamp.h"

namespace rm::docker {
namespace {

namespace json = boost::json;

/// Old engines tell no nanoseconds.
Result<WallTime> read_event_time(const json::object& document) {
    const auto nanos = count_at(document, "timeNano");
    if (!nanos) return fail(nanos.error());
    if (*nanos > 0) return from_nanos(*nanos);
    const auto seconds = count_at(document, "time");
    if (!seconds) return fail(seconds.error());
    constexpr std::int64_t latest = 9'000'000'000;
    if (*seconds == 0 || *seconds > latest) return fail(ErrorCode::protocol, "it has no time");
    return WallTime(std::chrono::seconds(*seconds));
}

bool is_blank(std::string_view text) {
    return text.find_first_not_of(" \t\r") == std::string_view::npos;
}

}  // namespace

Result<Event> read_event(std::string_view line) {
    const auto value = parse_json(line, EventStream::longest_event);
    if (!value) return fail(value.error());
    const auto document = object_of(*value, "an event");
    if (!document) return fail(document.error());
    const auto at = read_event_time(**document);
    if (!at) return fail(at.error());
    const auto type = text_at(**document, "Type");
    if (!type) return fail(type.error());
    const auto action = text_at(**document, "Action");
    if (!action) return fail(action.error());
    const auto actor = object_at(**document, "Actor");
    if (!actor) return fail(actor.error());
    auto id = text_at(**actor, "ID");
    if (!id) return fail(id.error());
    if (*type == "container")
        if (const auto checked = read_id(*id); !checked) return fail(checked.error());
    auto attributes = read_labels(**actor, "Attributes");
    if (!attributes) return fail(attributes.error());
    return Event{.at = *at,
                 .type = printable(*type),
                 .action = printable(*action),
                 .actor = *type == "container" ? *std::move(id) : printable(*id),
                 .attributes = *std::move(attributes)};
}

bool EventStream::take(std::string_view piece) {
    while (!over_ && !piece.empty()) {
        const auto end = piece.find('\n');
        const std::string_view part = piece.substr(0, end);
        if (end == std::string_view::npos) {
            keep(part);
            return true;
        }
        piece.remove_prefix(end + 1);
        keep(part);
        const std::string line = std::exchange(line_, {});
        if (std::exchange(too_long_, false))
            ++passed_over_;
        else
            over_ = !take_line(line);
    }
    return !over_;
}

void EventStream::keep(std::string_view begun) {
    if (too_long_ || line_.size() + begun.size() > longest_event) {
        too_long_ = true;
        line_.clear();
        return;
    }
    line_ += begun;
}

bool EventStream::take_line(std::string_view line) {
    if (is_blank(line)) return true;
    const auto event = read_event(line);
    if (event) return on_event_(*event);
    status_ = fail(event.error().with_prefix("an event"));
    return false;
}

Status EventStream::finish() const {
    if (!status_ || over_) return status_;
    if (too_long_ || !is_blank(line_))
        return fail(ErrorCode::unavailable, "the stream was cut in the middle of an event");
    return {};
}

}  // namespace rm::docker
