// SPDX-License-Identifier: Apache-2.0
#include "decide/state.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/decide/situation.h"

namespace rm::decide::test {
namespace {

using testing::HasSubstr;

ServiceState full() {
    return {.streaks = {.cpu = 2, .memory = -7},
            .last_check = at("2026-03-10", 10h + 1ms) + 7ns,
            .last_adjustment = at("2026-03-10", 9h),
            .adjustments = {.day = "2026-03-10", .count = 3},
            .oom_raises = {.day = "2026-03-09", .count = 1},
            .last_oom = at("2026-03-10", 8h),
            .pending_oom = PendingOom{.since = at("2026-03-10", 8h), .repeated = true},
            .oom_kills = {{std::string(64, 'a'), 3}, {std::string(64, 'b'), 0}},
            .assumed = Assumed{.limits = {.cpu = cores("0.63"), .memory = bytes("512M")},
                               .instead_of = {.cpu = cores("0.5"), .memory = {}}},
            .drift = Drift{.deployment = 7,
                           .since = at("2026-03-10", 7h),
                           .ours = {.cpu = cores("0.63"), .memory = bytes("512M")},
                           .found = {.cpu = {}, .memory = bytes("256M")},
                           .accepted = true}};
}

std::string problem(const std::string& text) {
    const auto state = parse_state(text);
    return state ? "none" : state.error().message;
}

TEST(State, is_read_back_as_it_was) {
    EXPECT_EQ(parse_state(print(full())).value(), full());
    EXPECT_EQ(parse_state(print(ServiceState{})).value(), ServiceState{});
    EXPECT_EQ(print(full()).find('\n'), std::string::npos);
}

TEST(State, members_of_later_versions_are_passed_over) {
    EXPECT_EQ(parse_state(R"({"version":1,"later":[{}],"streaks":{"cpu":2,"disk":9}})").value().streaks.cpu,
              2);
}

TEST(State, another_version_is_not_guessed_at) {
    const auto state = parse_state(R"({"version":2})");
    ASSERT_FALSE(state);
    EXPECT_EQ(state.error().code, ErrorCode::unsupported);
    EXPECT_THAT(problem(R"({"streaks":{}})"), HasSubstr("its version is missing"));
}

TEST(State, what_is_damaged_is_an_error_that_says_what) {
    for (const auto* text : {"", "{", "null", "[]", "{\"version\":1}x", "\xff"})
        EXPECT_FALSE(parse_state(text)) << text;
    const auto with = [](const std::string& member) { return problem(R"({"version":1,)" + member + "}"); };
    EXPECT_THAT(with(R"("streaks":[])"), HasSubstr("'streaks' must be an object"));
    EXPECT_THAT(with(R"("streaks":{"cpu":1.5})"), HasSubstr("'cpu' must be a whole number"));
    EXPECT_THAT(with(R"("streaks":{"cpu":1000000001})"), HasSubstr("'cpu' must be a whole number"));
    EXPECT_THAT(with(R"("last_check":-1)"), HasSubstr("'last_check' must be"));
    EXPECT_THAT(with(R"("last_check":9223372036854775807)"), HasSubstr("'last_check' must be"));
    EXPECT_THAT(with(R"("adjustments":{"day":"2026-3-1","count":1})"), HasSubstr("'day' must be a day"));
    EXPECT_THAT(with(R"("adjustments":{"day":"2026-03-01","count":-1})"), HasSubstr("'count' must be"));
    EXPECT_THAT(with(R"("oom_kills":{"web":1})"), HasSubstr("'web' is no container's id"));
    EXPECT_THAT(with(R"("pending_oom":{"repeated":true})"), HasSubstr("'since' is missing"));
    EXPECT_THAT(with(R"("pending_oom":{"since":1,"repeated":1})"), HasSubstr("'repeated' must be true"));
    EXPECT_THAT(with(R"("assumed":{"limits":{}})"), HasSubstr("must be there both"));
    EXPECT_THAT(with(R"("assumed":{"limits":{"cpu":-1},"instead_of":{}})"), HasSubstr("'cpu' must be"));
}

}  // namespace
}  // namespace rm::decide::test
