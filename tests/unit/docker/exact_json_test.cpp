// SPDX-License-Identifier: Apache-2.0
#include "docker/exact_json.h"

#include <cstdlib>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rm::docker {
namespace {

using testing::HasSubstr;

constexpr std::size_t cap = 10'000;

std::string error(std::string_view text) {
    const auto value = parse_exactly(text, cap);
    return value ? "none" : value.error().message;
}

TEST(ExactJson, reads_everything_that_json_has) {
    const std::string text =
        R"({"a":[null,true,false,-1,0,18446744073709551615,"\u00e4\n",{},[]],"b":{"c":"d"}})";
    EXPECT_EQ(parse_exactly(text, cap).value(), boost::json::parse(text));
    EXPECT_EQ(parse_exactly(" 7 ", cap).value(), boost::json::value(7));
}

TEST(ExactJson, reads_fractions_to_their_last_digit) {
    for (const auto* const text : {"0.1", "3.141592653589793", "1.7976931348623157e308", "5e-324", "1e23",
                                   "8.41e21", "-2.2250738585072011e-308", "9007199254740993.0"})
        EXPECT_EQ(parse_exactly(text, cap).value().as_double(), std::strtod(text, nullptr)) << text;
}

TEST(ExactJson, refuses_numbers_that_it_would_have_to_change) {
    EXPECT_THAT(error("[18446744073709551616]"), HasSubstr("'18446744073709551616' can't be kept"));
    EXPECT_THAT(error("[-9223372036854775809]"), HasSubstr("can't be kept"));
    EXPECT_THAT(error("[1e400]"), HasSubstr("can't be kept"));
}

TEST(ExactJson, refuses_what_is_not_json) {
    for (const auto* const text : {"", "{", "[1,]", "nul", "1 2", "{\"a\":1}x", "\"\xff\"", "'a'"})
        EXPECT_THAT(error(text), HasSubstr("not JSON")) << text;
    EXPECT_THAT(error(std::string(33, '[')), HasSubstr("not JSON"));
    EXPECT_THAT(error(std::string(cap + 1, ' ')), HasSubstr("bytes"));
}

}  // namespace
}  // namespace rm::docker
