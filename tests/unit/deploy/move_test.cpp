// SPDX-License-Identifier: Apache-2.0
#include "deploy/move.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/deploy/picture.h"

namespace rm::deploy::test {
namespace {

std::string words(const Move& move) {
    if (const auto* const action = std::get_if<Action>(&move)) return std::string(to_string(action->act));
    if (const auto* const wait = std::get_if<Wait>(&move))
        return fmt::format("wait {}: {}", rm::print(wait->look_again), wait->for_what);
    if (const auto* const up = std::get_if<GiveUp>(&move)) return "give up: " + up->reason;
    return "onward";
}

std::string tries(Picture& web, Patience patience = Patience::short_lived) {
    return words(attempt({web.row, web.replica(), web.sight, web.watch, web.terms}, {.act = Act::start_green},
                         patience));
}

TEST(Attempt, is_made_at_once_and_then_ever_more_rarely) {
    Picture web;
    EXPECT_EQ(tries(web), "start the new container");
    const std::vector<std::pair<int, Duration>> pauses{{1, 250ms}, {2, 500ms}, {3, 1s},  {4, 2s},  {5, 4s},
                                                       {6, 8s},    {7, 16s},   {8, 30s}, {99, 30s}};
    for (const auto& [count, pause] : pauses) {
        web.tried(Act::start_green, ErrorCode::unavailable, pause - 1ms, count);
        EXPECT_EQ(tries(web), "wait 1ms: start the new container: no luck") << count;
        web.tried(Act::start_green, ErrorCode::unavailable, pause, count);
        EXPECT_EQ(tries(web), "start the new container") << count;
    }
}

TEST(Attempt, without_effect_is_made_again_too) {
    Picture web;
    web.tried(Act::start_green, std::nullopt, 0ms);
    EXPECT_EQ(tries(web), "wait 250ms: start the new container had no effect");
}

TEST(Attempt, gives_up_at_once_on_what_will_not_change) {
    using enum ErrorCode;
    for (const ErrorCode code : {unavailable, timeout, io, cancelled, not_found}) {
        Picture web;
        web.tried(Act::start_green, code, 1h);
        EXPECT_EQ(tries(web), "start the new container") << to_string(code);
    }
    for (const ErrorCode code : {invalid, conflict, permission, too_large, protocol, unsupported, internal}) {
        Picture web;
        web.tried(Act::start_green, code, 1h);
        EXPECT_EQ(tries(web), "give up: start the new container: no luck") << to_string(code);
        EXPECT_EQ(tries(web, Patience::endless), "start the new container") << to_string(code);
    }
}

TEST(Attempt, gives_up_with_the_health_timeout_unless_it_is_endless) {
    Picture web;
    web.at(Stage::start, 120s).tried(Act::start_green, ErrorCode::unavailable);
    EXPECT_EQ(tries(web), "give up: start the new container: no luck");
    EXPECT_EQ(tries(web, Patience::endless), "start the new container");
    Picture late;
    late.at(Stage::start, 120s);
    EXPECT_EQ(tries(late), "start the new container");  // it was not tried yet
}

TEST(Once, is_until_it_was_done_and_only_when_wanted) {
    Picture web;
    const auto hook = [&](bool wanted) {
        const auto move =
            once({web.row, web.replica(), web.sight, web.watch, web.terms}, wanted, Act::switch_hook);
        return move ? words(*move) : "nothing";
    };
    EXPECT_EQ(hook(false), "nothing");
    EXPECT_EQ(hook(true), "run the hook `switch`");
    web.tried(Act::switch_hook, ErrorCode::permission);
    EXPECT_EQ(hook(true), "give up: run the hook `switch`: no luck");
    web.tried(Act::switch_hook);
    EXPECT_EQ(hook(true), "nothing");
}

TEST(TryOnce, does_not_mind_how_it_ends) {
    Picture web;
    const auto hook = [&](bool wanted) {
        return try_once({web.row, web.replica(), web.sight, web.watch, web.terms}, wanted, Act::after_hook)
            .has_value();
    };
    EXPECT_FALSE(hook(false));
    EXPECT_TRUE(hook(true));
    web.tried(Act::after_hook, ErrorCode::io);
    EXPECT_FALSE(hook(true));
}

}  // namespace
}  // namespace rm::deploy::test
