// SPDX-License-Identifier: Apache-2.0
#include "docker/api_version.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "core/text.h"

namespace rm::docker {
namespace {

std::optional<int> parse_number(std::string_view text) {
    constexpr std::size_t most_digits = 4;
    int value = 0;
    const auto [stopped, wrong] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = wrong == std::errc() && stopped == text.data() + text.size() &&
                       text.size() <= most_digits && value >= 0;
    return whole ? std::optional(value) : std::nullopt;
}

}  // namespace

Result<ApiVersion> ApiVersion::parse(std::string_view text) {
    const auto dot = text.find('.');
    if (dot != std::string_view::npos) {
        const auto first = parse_number(text.substr(0, dot));
        const auto second = parse_number(text.substr(dot + 1));
        if (first && second) return ApiVersion{.major = *first, .minor = *second};
    }
    return fail(ErrorCode::protocol, "{} is not a version of the API like 1.41", quoted(text));
}

std::string print(ApiVersion version) {
    return fmt::format("{}.{}", version.major, version.minor);
}

Result<ApiVersion> negotiate(ApiVersion minimum, ApiVersion maximum) {
    const ApiVersion best = std::min(maximum, newest_api);
    if (best >= minimum && best >= oldest_api) return best;
    return fail(ErrorCode::unsupported,
                "the engine is too {}: it speaks API {} to {}, this program speaks {} to {}",
                maximum < oldest_api ? "old" : "new", print(minimum), print(maximum), print(oldest_api),
                print(newest_api));
}

}  // namespace rm::docker
