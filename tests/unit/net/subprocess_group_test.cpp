// SPDX-License-Identifier: Apache-2.0
#include "net/subprocess_group.h"

#include <gtest/gtest.h>

namespace rm::net {
namespace {

TEST(ProcessGroup, is_read_behind_a_name_that_may_hold_anything) {
    EXPECT_TRUE(is_running_member("1234 (sleep) S 1 1230 1230 0", 1230));
    EXPECT_TRUE(is_running_member("1234 (a) Z 1 9) R 1 1230 1230 0", 1230));
    EXPECT_FALSE(is_running_member("1234 (sleep) S 1230 1231 1230 0", 1230)) << "a child in another group";
    EXPECT_FALSE(is_running_member("1234 (sleep) Z 1 1230 1230 0", 1230)) << "dead";
    EXPECT_FALSE(is_running_member("1230 (sh) S 1 1230 1230 0", 1230)) << "the leader itself";
    for (const auto* broken : {"", "1234", "1234 (sleep", "1234 (sleep) S"})
        EXPECT_FALSE(is_running_member(broken, 1230)) << broken;
}

}  // namespace
}  // namespace rm::net
