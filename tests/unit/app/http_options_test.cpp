// SPDX-License-Identifier: Apache-2.0
#include "app/http_options.h"

#include <gtest/gtest.h>

namespace rm::app {
namespace {

config::Http with_max_body(Bytes max_body) {
    config::Http http;
    http.max_body = max_body;
    return http;
}

TEST(HttpOptions, the_largest_body_that_is_allowed_fits_into_the_memory_for_bodies) {
    EXPECT_EQ(http_options(with_max_body(Bytes::mebi(1))).buffered, Bytes::mebi(8));
    const serve::Options large = http_options(with_max_body(Bytes::mebi(64)));
    EXPECT_EQ(large.limits.body_bytes, 64U << 20U);
    EXPECT_EQ(large.buffered, Bytes::mebi(128));
}

TEST(HttpOptions, who_may_come_in_is_what_the_configuration_says) {
    config::Http http;
    http.token.value = Secret("t");
    http.cors_origins = {"https://rm.example.org"};
    const serve::Access access = access_rules(http);
    EXPECT_EQ(access.token.reveal(), "t");
    EXPECT_EQ(access.cors_origins, http.cors_origins);
}

}  // namespace
}  // namespace rm::app
