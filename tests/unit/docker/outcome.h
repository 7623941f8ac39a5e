// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "core/result.h"

namespace rm::docker::test {

/// `ok`, or the error's code and message: `conflict: unix:///...`.
template <class T>
std::string outcome(const Result<T>& result) {
    return result ? std::string("ok")
                  : fmt::format("{}: {}", to_string(result.error().code), result.error().message);
}

inline auto fails_as(std::string_view code) {
    return testing::StartsWith(fmt::format("{}: ", code));
}

}  // namespace rm::docker::test
