// SPDX-License-Identifier: Apache-2.0
#include "serve/target.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "core/percent.h"
#include "core/text.h"

namespace rm::serve {
namespace {

constexpr std::size_t most_parameters = 64;

Result<std::string> decoded(std::string_view text) {
    auto plain = percent_decoded(text);
    if (!plain)
        return fail(ErrorCode::invalid, "a % in the address is not followed by two hexadecimal digits");
    if (!is_printable(*plain))
        return fail(ErrorCode::invalid, "the address contains a control character or text that is not UTF-8");
    return *std::move(plain);
}

/// Calls `each` with every piece of `text` between separators.
template <class Each>
Status split(std::string_view text, char separator, Each each) {
    for (;;) {
        const std::size_t end = text.find(separator);
        if (Status done = each(text.substr(0, end)); !done) return done;
        if (end == std::string_view::npos) return {};
        text.remove_prefix(end + 1);
    }
}

Status parse_path(std::string_view path, Target& target) {
    target.path = path;
    if (path == "/") return {};
    return split(path.substr(1), '/', [&](std::string_view piece) -> Status {
        auto segment = decoded(piece);
        if (!segment) return fail(std::move(segment).error());
        if (*segment == "." || *segment == "..")
            return fail(ErrorCode::invalid, "the path contains a {} segment", quoted(*segment));
        target.segments.push_back(*std::move(segment));
        return {};
    });
}

Status parse_query(std::string_view query, Target& target) {
    return split(query, '&', [&](std::string_view pair) -> Status {
        if (pair.empty()) return {};
        if (target.query.size() == most_parameters)
            return fail(ErrorCode::invalid, "the query has more than {} parameters", most_parameters);
        std::string spaced(pair);
        std::ranges::replace(spaced, '+', ' ');
        const std::string_view text = spaced;
        const std::size_t equals = text.find('=');
        auto name = decoded(text.substr(0, equals));
        if (!name) return fail(std::move(name).error());
        auto value = decoded(equals == std::string_view::npos ? "" : text.substr(equals + 1));
        if (!value) return fail(std::move(value).error());
        target.query.push_back({.name = *std::move(name), .value = *std::move(value)});
        return {};
    });
}

/// Moves "http://authority" from the front of `text`, if it is there, into the target; false if it is empty.
bool take_authority(std::string_view& text, Target& target) {
    constexpr std::string_view schemes[] = {"http://", "https://"};
    for (const std::string_view scheme : schemes) {
        if (lower(text.substr(0, scheme.size())) != scheme) continue;
        text.remove_prefix(scheme.size());
        const std::size_t end = std::min(text.find_first_of("/?"), text.size());
        target.authority = text.substr(0, end);
        text.remove_prefix(end);
        return end > 0;
    }
    return true;
}

}  // namespace

Result<Target> parse_target(std::string_view method, std::string_view text) {
    const auto visible = [](char c) { return c > 0x20 && c < 0x7f && c != '#'; };
    if (!std::ranges::all_of(text, visible))
        return fail(ErrorCode::invalid, "the address contains a character that has to be percent-encoded");
    Target target;
    if (text == "*" && method == "OPTIONS") {
        target.whole_server = true;
        return target;
    }
    if (!take_authority(text, target)) return fail(ErrorCode::invalid, "the address names no host");
    const std::size_t mark = text.find('?');
    std::string_view path = text.substr(0, mark);
    if (path.empty() && !target.authority.empty()) path = "/";
    if (!path.starts_with('/'))
        return fail(ErrorCode::invalid, "{} is not an address that begins with a slash", quoted(text));
    if (Status parsed = parse_path(path, target); !parsed) return fail(std::move(parsed).error());
    if (mark != std::string_view::npos)
        if (Status parsed = parse_query(text.substr(mark + 1), target); !parsed)
            return fail(std::move(parsed).error());
    return target;
}

}  // namespace rm::serve
