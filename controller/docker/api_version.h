// SPDX-License-Identifier: Apache-2.0
// ApiVersion: a version of the engine's API, and which one to speak. Pure.
#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "core/result.h"

namespace rm::docker {

struct ApiVersion {
    int major = 0;
    int minor = 0;

    /// `1.41`
    static Result<ApiVersion> parse(std::string_view text);

    friend auto operator<=>(const ApiVersion&, const ApiVersion&) = default;
};

std::string print(ApiVersion version);

/// What this program speaks.
inline constexpr ApiVersion oldest_api{.major = 1, .minor = 40};
inline constexpr ApiVersion newest_api{.major = 1, .minor = 51};

/// The newest that both speak. `unsupported` if the engine, which speaks `minimum` to `maximum`, is too old
/// or too new.
Result<ApiVersion> negotiate(ApiVersion minimum, ApiVersion maximum);

}  // namespace rm::docker
