// SPDX-License-Identifier: Apache-2.0
#include "docker/api_version.h"

#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rm::docker {
namespace {

std::string agreed(std::string_view minimum, std::string_view maximum) {
    const auto api = negotiate(ApiVersion::parse(minimum).value(), ApiVersion::parse(maximum).value());
    return api ? print(*api) : std::string(to_string(api.error().code)) + ": " + api.error().message;
}

TEST(ApiVersion, the_newest_that_both_speak_is_used) {
    EXPECT_EQ(agreed("1.12", "1.41"), "1.41");
    EXPECT_EQ(agreed("1.12", "1.40"), "1.40");
    EXPECT_EQ(agreed("1.44", "1.52"), "1.51");
    EXPECT_EQ(agreed("1.51", "1.60"), "1.51");
}

TEST(ApiVersion, an_engine_too_old_or_too_new_is_told_with_both_versions) {
    EXPECT_EQ(
        agreed("1.12", "1.39"),
        "unsupported: the engine is too old: it speaks API 1.12 to 1.39, this program speaks 1.40 to 1.51");
    EXPECT_EQ(
        agreed("1.52", "1.60"),
        "unsupported: the engine is too new: it speaks API 1.52 to 1.60, this program speaks 1.40 to 1.51");
    EXPECT_THAT(agreed("2.0", "2.1"), testing::HasSubstr("too new"));
}

TEST(ApiVersion, minor_versions_are_numbers) {
    EXPECT_LT(ApiVersion::parse("1.9").value(), ApiVersion::parse("1.40").value());
}

TEST(ApiVersion, anything_else_is_refused) {
    for (const std::string_view text :
         {"", "1", "1.", ".1", "v1.41", "1.41.0", "1.-1", "-1.4", "1.99999", "1 .4"})
        EXPECT_FALSE(ApiVersion::parse(text)) << text;
}

}  // namespace
}  // namespace rm::docker
