// SPDX-License-Identifier: Apache-2.0
#include "deploy/roster.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "deploy/deployer.h"
#include "deploy/setbacks.h"
#include "store/deployments.h"
#include "store/pauses.h"
#include "tests/unit/deploy/shop.h"

namespace rm::deploy::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class RosterTest : public testing::Test {
protected:
    Roster make() {
        return {Premises{.live = shop.live, .engine = shop.engine, .store = *shop.store, .clock = clock},
                {.told = [this](const auto&, std::string_view line) { lines.emplace_back(line); },
                 .left_phase =
                     [this](const Deployment&, Phase phase, Duration took) {
                         phases.emplace_back(to_string(phase));
                         longest = std::max(longest, took);
                     },
                 .ended =
                     [this](const Deployment& one, Duration took) {
                         ended.push_back(one);
                         ended_after = took;
                     },
                 .noted = [this](std::string_view note) { notes.emplace_back(note); }}};
    }

    std::int64_t submit(const std::string& service) {
        Deployer deployer({.live = shop.live, .engine = shop.engine, .store = *shop.store, .clock = clock},
                          clock, {.who = "test"}, {});
        return deployer.submit(shop.wish(service), {}).value().id;
    }

    /// Drives one to its end.
    void play(Roster& roster, std::int64_t id) {
        while (const auto wait = roster.step(id, {})) clock.advance(std::max(*wait, Duration(20)));
    }

    void play_one(const std::string& service) {
        Roster roster = make();
        const std::int64_t id = submit(service);
        ASSERT_THAT(roster.take_up(engine, {}).value(), ElementsAre(id));
        play(roster, id);
    }

    VirtualClock clock;
    Shop shop{clock};
    const std::string engine = shop.engine.info({})->id;
    std::vector<std::string> lines;
    std::vector<std::string> phases;
    std::vector<std::string> notes;
    std::vector<Deployment> ended;
    Duration longest{};
    Duration ended_after{};
};

TEST_F(RosterTest, no_more_are_at_work_than_may_be_and_the_others_wait_their_turn) {
    shop.add_service("web", 1);
    shop.add_service("api", 1);
    clock.advance(1min);
    Roster roster = make();
    const std::int64_t web = submit("web");
    const std::int64_t api = submit("api");

    EXPECT_THAT(roster.take_up(engine, {}).value(), ElementsAre(web));
    EXPECT_THAT(roster.take_up(engine, {}).value(), IsEmpty());
    const auto view = roster.view();
    ASSERT_THAT(view, SizeIs(2));
    EXPECT_EQ(view[0].id, web);
    EXPECT_EQ(view[1].id, api);
    EXPECT_EQ(view[1].waits_for, "its turn: 1 may be at work at once");

    play(roster, web);
    clock.advance(1h);
    EXPECT_THAT(roster.take_up(engine, {}).value(), ElementsAre(api));
    play(roster, api);
    EXPECT_LT(ended_after, 5min);  // the wait for its turn is no part of it
    EXPECT_THAT(roster.view(), IsEmpty());
    EXPECT_THAT(ended, SizeIs(2));
}

TEST_F(RosterTest, the_phases_are_told_in_order_with_how_long_they_took) {
    shop.add_service("web", 1);
    clock.advance(1min);
    play_one("web");
    ASSERT_THAT(ended, SizeIs(1));
    EXPECT_EQ(ended[0].outcome, Outcome::succeeded);
    EXPECT_THAT(phases, ElementsAre("prepare", "create", "health", "drain", "observe", "finish"));
    EXPECT_GE(longest, 5s);
    EXPECT_EQ(lines.back(), "succeeded");
}

TEST_F(RosterTest, the_view_says_what_is_waited_for) {
    shop.add_service("web", 1);
    clock.advance(1min);
    Roster roster = make();
    const std::int64_t id = submit("web");
    ASSERT_TRUE(roster.take_up(engine, {}));
    std::vector<std::string> waits;
    while (const auto wait = roster.step(id, {})) {
        if (*wait > Duration(0)) waits.push_back(roster.view().front().waits_for);
        clock.advance(std::max(*wait, Duration(20)));
    }
    EXPECT_THAT(waits, testing::Contains(HasSubstr("shop-web-2 is still starting")));
}

TEST_F(RosterTest, an_engine_that_is_away_is_waited_for) {
    shop.add_service("web", 1);
    clock.advance(1min);
    Roster roster = make();
    const std::int64_t id = submit("web");
    ASSERT_TRUE(roster.take_up(engine, {}));
    shop.engine.set_faults([](auto, const auto*) {
        return std::optional(Error{.code = ErrorCode::unavailable, .message = "nobody answers"});
    });
    EXPECT_GT(roster.step(id, {}).value(), Duration(0));
    EXPECT_EQ(roster.view().front().waits_for, "the engine: nobody answers");
    shop.engine.set_faults({});
    play(roster, id);
    EXPECT_EQ(ended.at(0).outcome, Outcome::succeeded);
}

TEST_F(RosterTest, in_dry_run_nothing_is_begun) {
    shop.add_service("web", 1);
    clock.advance(1min);
    (void)submit("web");
    const config::LiveConfig dry = live_config({"monitoring.dry_run=true"});
    Roster roster({.live = dry, .engine = shop.engine, .store = *shop.store, .clock = clock}, {});
    EXPECT_THAT(roster.take_up(engine, {}).value(), IsEmpty());
    EXPECT_THAT(roster.view().at(0).waits_for, HasSubstr("monitoring.dry_run"));
}

TEST_F(RosterTest, a_damaged_row_is_given_up_so_that_the_service_is_free) {
    shop.add_service("web", 1);
    clock.advance(1min);
    const std::int64_t id = submit("web");
    auto row = store::deployment(*shop.store, id).value().value();
    row.progress = "{";
    ASSERT_TRUE(shop.store->transaction([&](store::Session& session) { return store::put(session, row); }));
    Roster roster = make();
    EXPECT_THAT(roster.take_up(engine, {}).value(), IsEmpty());
    EXPECT_THAT(notes, ElementsAre(HasSubstr("is given up")));
    EXPECT_EQ(store::deployment(*shop.store, id).value()->status, "failed");
    EXPECT_NE(submit("web"), id);
}

TEST_F(RosterTest, three_in_a_row_that_come_to_nothing_pause_the_service) {
    shop.add_service("web", 1, true);
    clock.advance(1min);
    for (int i = 0; i < 2; ++i) play_one("web");
    EXPECT_THAT(store::pauses(*shop.store).value(), IsEmpty());
    EXPECT_EQ(store::setbacks(*shop.store, engine, store::requested_by_sweep).value().at(0).count, 2);
    play_one("web");
    EXPECT_EQ(ended.back().outcome, Outcome::rolled_back);
    const auto pauses = store::pauses(*shop.store).value();
    ASSERT_THAT(pauses, SizeIs(1));
    EXPECT_EQ(print(pauses[0].service), "shop/web");
    EXPECT_FALSE(pauses[0].until);
    EXPECT_THAT(pauses[0].reason, HasSubstr("3 deployments in a row came to nothing"));
    EXPECT_THAT(lines.back(), HasSubstr("shop/web is paused"));
}

TEST_F(RosterTest, one_that_succeeds_ends_the_row_of_setbacks) {
    shop.add_service("web", 1, true);
    clock.advance(1min);
    play_one("web");
    const auto id = store::deployments(*shop.store, {.service = {}, .before = {}, .limit = 1}).value()[0].id;
    auto row = store::deployment(*shop.store, id).value().value();
    row.status = "succeeded";
    ASSERT_TRUE(shop.store->transaction([&](store::Session& session) { return store::put(session, row); }));
    EXPECT_THAT(store::setbacks(*shop.store, engine, store::requested_by_sweep).value(), IsEmpty());
}

}  // namespace
}  // namespace rm::deploy::test
