// SPDX-License-Identifier: Apache-2.0
#include "app/descriptors.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

namespace rm::app {
namespace {

/// Sets the limits of this process, and puts the soft one back.
class Limited {
public:
    explicit Limited(rlim_t soft) {
        EXPECT_EQ(getrlimit(RLIMIT_NOFILE, &before_), 0);
        const rlimit limit{.rlim_cur = soft, .rlim_max = before_.rlim_max};
        EXPECT_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
    }
    ~Limited() { setrlimit(RLIMIT_NOFILE, &before_); }
    Limited(const Limited&) = delete;
    Limited& operator=(const Limited&) = delete;
    Limited(Limited&&) = delete;
    Limited& operator=(Limited&&) = delete;

    [[nodiscard]] rlim_t hard() const { return before_.rlim_max; }

private:
    rlimit before_{};
};

TEST(Descriptors, the_soft_limit_is_raised_where_more_are_wanted) {
    const Limited limited(256);
    if (limited.hard() < 1000) GTEST_SKIP() << "the hard limit is too low";
    EXPECT_EQ(connections_within_limit(500), 500U);
    EXPECT_GE(allow_descriptors(0), 564U);
}

TEST(Descriptors, no_more_connections_than_the_hard_limit_has_room_for_with_some_to_spare) {
    const Limited limited(256);
    EXPECT_EQ(connections_within_limit(limited.hard() + 1), limited.hard() - 64);
}

}  // namespace
}  // namespace rm::app
