// SPDX-License-Identifier: Apache-2.0
// For parser tests: a rejected text must be named in its error, whatever it is.
#pragma once

#include <string_view>

#include <gtest/gtest.h>

#include "core/result.h"
#include "core/text.h"

namespace rm::test {

template <class T>
void expect_rejected(const Result<T>& result, std::string_view text) {
    ASSERT_FALSE(result.has_value()) << "accepted " << quoted(text);
    EXPECT_EQ(result.error().code, ErrorCode::invalid);
    EXPECT_NE(result.error().message.find(quoted(text)), std::string::npos) << result.error().message;
}

}  // namespace rm::test
