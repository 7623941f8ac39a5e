// SPDX-License-Identifier: Apache-2.0
#include "app/keep_going.h"

#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rm::app {
namespace {

using testing::HasSubstr;

TEST(KeepGoing, work_that_ends_well_is_done_once_and_says_nothing) {
    int done = 0;
    testing::internal::CaptureStderr();
    EXPECT_TRUE(keep_going("peers", [&] { ++done; }));
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
    EXPECT_EQ(done, 1);
}

TEST(KeepGoing, what_is_thrown_goes_to_the_log_and_no_further) {
    testing::internal::CaptureStderr();
    EXPECT_FALSE(keep_going("peers", [] { throw std::runtime_error("no more memory"); }));
    EXPECT_FALSE(keep_going("configuration", [] { throw 1; }));
    const std::string said = testing::internal::GetCapturedStderr();
    EXPECT_THAT(said, HasSubstr("name=peers error=\"no more memory\""));
    EXPECT_THAT(said, HasSubstr("name=configuration"));
}

}  // namespace
}  // namespace rm::app
