// SPDX-License-Identifier: Apache-2.0
#include "net/url.h"

#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "core/percent.h"

namespace rm::net {
namespace {

TEST(Encoded, leaves_only_what_means_itself_everywhere) {
    EXPECT_EQ(encoded("aZ09-._~"), "aZ09-._~");
    EXPECT_EQ(encoded("{\"a\":[\"b c\"]}&\r\n\xff"), "%7B%22a%22%3A%5B%22b%20c%22%5D%7D%26%0D%0A%FF");
    EXPECT_EQ(form({{"query", "a=b"}, {"time", "1"}}), "query=a%3Db&time=1");
}

RC_GTEST_PROP(Encoded, fits_into_any_query, (const std::string& text)) {
    RC_ASSERT(joined(Url::parse("http://a").value(), "/?q=" + encoded(text)).has_value());
}

RC_GTEST_PROP(Encoded, comes_back, (const std::string& text)) {
    RC_ASSERT(percent_decoded(encoded(text)) == text);
}

}  // namespace
}  // namespace rm::net
