// SPDX-License-Identifier: Apache-2.0
#include "core/secret.h"

#include <gtest/gtest.h>

namespace rm {
namespace {

TEST(Secret, prints_as_stars_and_is_told_only_on_request) {
    const Secret secret("hunter2");
    EXPECT_EQ(fmt::format("token={}", secret), "token=***");
    EXPECT_EQ(fmt::to_string(secret), "***");
    EXPECT_EQ(secret.reveal(), "hunter2");
}

}  // namespace
}  // namespace rm
