// SPDX-License-Identifier: Apache-2.0
#include "serve/negotiation.h"

#include <gtest/gtest.h>

namespace rm::serve {
namespace {

bool gzip_for(std::string value) {
    return accepts_gzip({{"Accept-Encoding", std::move(value)}});
}
bool has(std::string value, std::string_view etag) {
    return already_has({{"If-None-Match", std::move(value)}}, etag);
}

TEST(AcceptEncoding, gzip_is_used_when_named_or_covered_by_the_star) {
    EXPECT_TRUE(gzip_for("gzip"));
    EXPECT_TRUE(gzip_for("deflate, GZIP;q=0.5"));
    EXPECT_TRUE(gzip_for("*"));
    EXPECT_TRUE(gzip_for("br;q=1.0, gzip;q=0.001"));
    EXPECT_TRUE(accepts_gzip({{"accept-encoding", "br"}, {"Accept-Encoding", "gzip"}}));
}

TEST(AcceptEncoding, gzip_is_not_used_when_absent_or_weighted_with_zero) {
    EXPECT_FALSE(accepts_gzip({}));
    EXPECT_FALSE(gzip_for(""));
    EXPECT_FALSE(gzip_for("br, identity"));
    EXPECT_FALSE(gzip_for("gzip;q=0"));
    EXPECT_FALSE(gzip_for("gzip ; q=0.000 , *"));
    EXPECT_FALSE(gzip_for("*;q=0"));
    EXPECT_FALSE(gzip_for("gzip;q=abc1"));
    EXPECT_FALSE(gzip_for("gzipped, xgzip"));
}

TEST(IfNoneMatch, a_list_is_searched_weakly) {
    EXPECT_TRUE(has("\"a\"", "a"));
    EXPECT_TRUE(has("\"x\", W/\"a\" ,\"y\"", "a"));
    EXPECT_TRUE(has("\"a,b\", \"c\"", "a,b"));
    EXPECT_TRUE(has(" * ", "a"));
}

TEST(IfNoneMatch, anything_else_does_not_match) {
    EXPECT_FALSE(already_has({}, "a"));
    EXPECT_FALSE(has("", "a"));
    EXPECT_FALSE(has("a", "a"));
    EXPECT_FALSE(has("\"a", "a"));
    EXPECT_FALSE(has("\"A\"", "a"));
    EXPECT_FALSE(has("\"x\", a, \"y\"", "a"));
}

}  // namespace
}  // namespace rm::serve
