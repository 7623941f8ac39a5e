// SPDX-License-Identifier: Apache-2.0
#include "app/lifecycle.h"

#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rm::app {
namespace {

using testing::ElementsAre;

Part part(const std::string& name, std::vector<std::string>& seen) {
    return {.name = name,
            .start = [name, &seen]() -> Result<std::string> {
                seen.push_back("+" + name);
                return "something";
            },
            .stop = [name, &seen] { seen.push_back("-" + name); }};
}

TEST(Lifecycle, stops_in_reverse_order) {
    std::vector<std::string> seen;
    {
        Lifecycle lifecycle;
        for (const auto* name : {"a", "b", "c"}) ASSERT_TRUE(lifecycle.start(part(name, seen)));
    }
    EXPECT_THAT(seen, ElementsAre("+a", "+b", "+c", "-c", "-b", "-a"));
}

TEST(Lifecycle, a_part_that_did_not_start_is_not_stopped_and_named_in_the_error) {
    std::vector<std::string> seen;
    Lifecycle lifecycle;
    ASSERT_TRUE(lifecycle.start(part("a", seen)));
    Part bad = part("b", seen);
    bad.start = [] { return Result<std::string>(fail(ErrorCode::io, "port 8000 is taken")); };
    const auto status = lifecycle.start(bad);
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().message, "b: port 8000 is taken");
    lifecycle.stop();
    EXPECT_THAT(seen, ElementsAre("+a", "-a"));
}

TEST(Lifecycle, an_exception_while_starting_is_an_error_of_that_part) {
    std::vector<std::string> seen;
    Lifecycle lifecycle;
    ASSERT_TRUE(lifecycle.start(part("a", seen)));
    Part bad = part("b", seen);
    bad.start = []() -> Result<std::string> { throw std::runtime_error("Too many open files"); };
    const auto status = lifecycle.start(bad);
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().message, "b: Too many open files");
    lifecycle.stop();
    EXPECT_THAT(seen, ElementsAre("+a", "-a"));
}

TEST(Lifecycle, an_exception_in_one_part_does_not_keep_the_others_running) {
    std::vector<std::string> seen;
    Lifecycle lifecycle;
    ASSERT_TRUE(lifecycle.start(part("a", seen)));
    Part bad = part("b", seen);
    bad.stop = [] { throw std::runtime_error("no"); };
    ASSERT_TRUE(lifecycle.start(bad));
    lifecycle.stop();
    lifecycle.stop();
    EXPECT_THAT(seen, ElementsAre("+a", "+b", "-a"));
}

}  // namespace
}  // namespace rm::app
