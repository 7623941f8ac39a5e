// SPDX-License-Identifier: Apache-2.0
#include "serve/target.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rm::serve {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

bool refused(std::string_view text, std::string_view method = "GET") {
    return !parse_target(method, text);
}

TEST(Target, a_path_is_split_into_decoded_segments) {
    const auto target = parse_target("GET", "/api/caf%C3%A9/a%2fb");
    ASSERT_TRUE(target) << target.error().message;
    EXPECT_THAT(target->segments, ElementsAre("api", "café", "a/b"));
    EXPECT_EQ(target->path, "/api/caf%C3%A9/a%2fb");
}

TEST(Target, the_root_has_no_segments) {
    EXPECT_THAT(parse_target("GET", "/")->segments, IsEmpty());
    EXPECT_THAT(parse_target("GET", "/?x=1")->segments, IsEmpty());
}

TEST(Target, a_query_is_decoded_and_keeps_its_order) {
    const auto target = parse_target("GET", "/x?b=1+2&a=%26%3D&flag&&b=2");
    ASSERT_TRUE(target);
    ASSERT_EQ(target->query.size(), 4U);
    EXPECT_EQ(*find(target->query, "b"), "1 2");
    EXPECT_EQ(*find(target->query, "a"), "&=");
    EXPECT_EQ(*find(target->query, "flag"), "");
    EXPECT_EQ(target->query.back().value, "2");
    EXPECT_EQ(find(target->query, "c"), nullptr);
}

TEST(Target, percent_signs_must_be_followed_by_two_digits) {
    EXPECT_TRUE(refused("/%"));
    EXPECT_TRUE(refused("/%4"));
    EXPECT_TRUE(refused("/%zz"));
    EXPECT_TRUE(refused("/x?a=%f"));
    EXPECT_FALSE(refused("/%41"));
    EXPECT_FALSE(refused("/x?a=%41"));
}

TEST(Target, dot_segments_are_refused_however_they_are_written) {
    for (const char* path : {"/..", "/../etc", "/a/..", "/.", "/%2e%2e/x", "/a/.%2E/b", "/%2e"})
        EXPECT_TRUE(refused(path)) << path;
    EXPECT_FALSE(refused("/a..b/..c"));
}

TEST(Target, control_characters_and_broken_utf8_are_refused) {
    for (const char* path : {"/%00", "/a%0d%0aSet-Cookie", "/%7f", "/%ff", "/%c3", "/x?a=%00", "/x?%ff=1"})
        EXPECT_TRUE(refused(path)) << path;
    EXPECT_TRUE(refused("/caf\xc3\xa9"));
    EXPECT_TRUE(refused(std::string_view("/a\0b", 4)));
    EXPECT_TRUE(refused("/a b"));
    EXPECT_TRUE(refused("/a#b"));
}

TEST(Target, the_absolute_form_brings_its_own_host) {
    const auto target = parse_target("GET", "http://example.org:8000/health?x=1");
    ASSERT_TRUE(target);
    EXPECT_EQ(target->authority, "example.org:8000");
    EXPECT_THAT(target->segments, ElementsAre("health"));
    EXPECT_EQ(parse_target("GET", "HTTPS://example.org")->path, "/");
    EXPECT_EQ(parse_target("GET", "http://example.org?a=b")->query.size(), 1U);
}

TEST(Target, other_forms_are_refused) {
    EXPECT_TRUE(refused("example.org:443", "CONNECT"));
    EXPECT_TRUE(refused("ftp://example.org/"));
    EXPECT_TRUE(refused("http:///health"));
    EXPECT_TRUE(refused("health"));
    EXPECT_TRUE(refused(""));
}

TEST(Target, a_star_asks_about_the_whole_server_but_only_with_options) {
    EXPECT_TRUE(parse_target("OPTIONS", "*")->whole_server);
    EXPECT_TRUE(refused("*", "GET"));
}

TEST(Target, a_query_of_more_than_64_parameters_is_refused) {
    std::string text = "/x?";
    for (int i = 0; i < 64; ++i) text += "a=1&";
    EXPECT_FALSE(refused(text));
    EXPECT_TRUE(refused(text + "a=1"));
}

}  // namespace
}  // namespace rm::serve
