// SPDX-License-Identifier: Apache-2.0
#include "net/http_failure.h"

#include <cerrno>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rm::net {
namespace {

using testing::HasSubstr;

TEST(HttpFailure, tells_a_socket_that_is_not_for_us_from_one_that_is_not_there) {
    EXPECT_EQ(failure_of(CURLE_COULDNT_CONNECT, "", EACCES),
              (Error{.code = ErrorCode::permission, .message = "cannot connect: Permission denied"}));
    EXPECT_EQ(
        failure_of(CURLE_COULDNT_CONNECT, "", ENOENT),
        (Error{.code = ErrorCode::unavailable, .message = "cannot connect: No such file or directory"}));
}

TEST(HttpFailure, escapes_what_libcurl_quotes_of_the_peer) {
    const Error error = failure_of(CURLE_PEER_FAILED_VERIFICATION, "name \x1b[31m\n", 0);
    EXPECT_EQ(error.code, ErrorCode::protocol);
    EXPECT_THAT(error.message, HasSubstr(R"('name \x1b[31m\x0a')"));
}

TEST(HttpFailure, has_words_for_a_code_it_does_not_know) {
    EXPECT_THAT(failure_of(CURLE_BAD_FUNCTION_ARGUMENT, "", 0).message, HasSubstr("bad argument"));
}

}  // namespace
}  // namespace rm::net
