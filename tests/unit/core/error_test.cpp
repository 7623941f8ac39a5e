// SPDX-License-Identifier: Apache-2.0
#include "core/error.h"

#include <set>

#include <gtest/gtest.h>

#include "core/result.h"

namespace rm {
namespace {

TEST(Error, gains_context_on_the_way_up) {
    const Error inner{ErrorCode::io, "disk is full"};
    EXPECT_EQ(inner.with_prefix("data/db").with_prefix("store").message, "store: data/db: disk is full");
    EXPECT_EQ(inner.with_prefix("store").code, ErrorCode::io);
    EXPECT_EQ(inner.message, "disk is full");
}

TEST(Error, every_code_has_a_name_of_its_own) {
    std::set<std::string_view> names;
    for (int code = 0; code <= static_cast<int>(ErrorCode::internal); ++code)
        names.insert(to_string(static_cast<ErrorCode>(code)));
    EXPECT_EQ(names.size(), static_cast<std::size_t>(ErrorCode::internal) + 1);
}

TEST(Result, fail_formats_the_message) {
    const Result<int> result = fail(ErrorCode::timeout, "no answer within {} s", 10);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error(), (Error{ErrorCode::timeout, "no answer within 10 s"}));
}

}  // namespace
}  // namespace rm
