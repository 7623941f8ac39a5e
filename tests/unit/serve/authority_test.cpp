// SPDX-License-Identifier: Apache-2.0
#include "serve/authority.h"

#include <string>

#include <gtest/gtest.h>

namespace rm::serve {
namespace {

TEST(Authority, names_and_addresses_come_with_or_without_a_port) {
    EXPECT_EQ(parse_authority("Example.ORG:8000"), (Authority{"example.org", "8000", false}));
    EXPECT_EQ(parse_authority("example.org."), (Authority{"example.org", "", false}));
    EXPECT_EQ(parse_authority("127.0.0.1"), (Authority{"127.0.0.1", "", true}));
    EXPECT_EQ(parse_authority("[::1]:80"), (Authority{"::1", "80", true}));
    EXPECT_EQ(parse_authority("resource_manager:"), (Authority{"resource_manager", "", false}));
}

TEST(Authority, malformed_ones_are_refused) {
    for (const char* text : {"", ":80", "a b", "a/b", "user@host", "host:port", "host:99999", "host:8000:1",
                             "[::1", "[]", "[::1]x", "[evil]", "::1", "a,b", "a\"b", "<script>", "."})
        EXPECT_FALSE(parse_authority(text)) << text;
    EXPECT_FALSE(parse_authority(std::string(256, 'a')));
    EXPECT_FALSE(parse_authority(std::string_view("a\0b", 3)));
}

TEST(Origin, a_page_of_our_own_has_our_host_and_port) {
    EXPECT_TRUE(same_origin("http://localhost:8000", "localhost:8000"));
    EXPECT_TRUE(same_origin("https://rm.example.org", "rm.example.org"));
    EXPECT_TRUE(same_origin("https://rm.example.org", "RM.example.org:443"));
    EXPECT_TRUE(same_origin("http://rm.example.org:80", "rm.example.org"));
}

TEST(Origin, any_other_page_is_foreign) {
    EXPECT_FALSE(same_origin("http://localhost:3000", "localhost:8000"));
    EXPECT_FALSE(same_origin("http://localhost", "localhost:8000"));
    EXPECT_FALSE(same_origin("https://evil.example", "rm.example.org"));
    EXPECT_FALSE(same_origin("null", "localhost:8000"));
    EXPECT_FALSE(same_origin("file://", ""));
    EXPECT_FALSE(same_origin("chrome-extension://localhost", "localhost"));
}

}  // namespace
}  // namespace rm::serve
