// SPDX-License-Identifier: Apache-2.0
#include "deploy/sweep.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "deploy/deployer.h"
#include "deploy/marks.h"
#include "deploy/roster.h"
#include "store/deployments.h"
#include "tests/unit/deploy/shop.h"

namespace rm::deploy::test {
namespace {

using namespace std::chrono_literals;
using docker::ContainerState;
using docker::HealthState;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class SweepTest : public testing::Test {
protected:
    SweepTest() {
        shop.add_service("web", 1);
        clock.advance(1min);
        blue = shop.containers().front().id;
    }

    /// A container as a deployment makes it, without one in the journal.
    ContainerId leave_green() {
        const auto id = shop.engine.run(
            {.name = "shop-web-2",
             .image = "shop/web:1",
             .labels = {{"com.docker.compose.project", "shop"},
                        {"com.docker.compose.service", "web"},
                        {"com.docker.compose.container-number", "2"},
                        {"com.docker.compose.oneoff", "False"},
                        {std::string(mark_deployment), "lost"},
                        {std::string(mark_replaces), blue->full()},
                        {std::string(mark_name), "shop-web-2"}},
             .limits = Shop::more,
             .health_check = docker::HealthCheck{.interval = 1s, .timeout = 1s, .retries = 5}});
        clock.advance(1min);
        return id.value();
    }

    Swept sweep_now(const std::set<std::string>& under_way = {}) {
        const auto policy_of = [this](const ServiceName& name, const docker::Labels&) {
            return shop.live.current()->service(name);
        };
        return sweep(shop.engine, shop.engine.list({}).value(), under_way, policy_of, clock.now().wall, {})
            .value();
    }

    /// Carries out what was found.
    Deployment take_away(Deployment way_back) {
        way_back.engine = shop.engine.info({})->id;
        EXPECT_TRUE(shop.store->transaction([&](store::Session& session) -> Status {
            way_back.id = begin(session, way_back).value();
            return {};
        }));
        Roster roster({.live = shop.live, .engine = shop.engine, .store = *shop.store, .clock = clock}, {});
        (void)roster.take_up(way_back.engine, {});
        while (const auto wait = roster.step(way_back.id, {})) clock.advance(std::max(*wait, Duration(20)));
        return from_row(store::deployment(*shop.store, way_back.id).value().value()).value();
    }

    std::vector<std::string> names() {
        std::vector<std::string> all;
        for (const auto& one : shop.containers()) all.push_back(one.name);
        return all;
    }

    VirtualClock clock;
    Shop shop{clock};
    std::optional<ContainerId> blue;
};

TEST_F(SweepTest, where_nothing_was_left_nothing_is_found) {
    const Swept swept = sweep_now();
    EXPECT_THAT(swept.ways_back, IsEmpty());
    EXPECT_THAT(swept.in_doubt, IsEmpty());
}

TEST_F(SweepTest, a_green_beside_a_blue_that_serves_is_taken_away) {
    (void)leave_green();
    Swept swept = sweep_now();
    ASSERT_THAT(swept.ways_back, SizeIs(1));
    const Deployment ended = take_away(swept.ways_back[0]);
    EXPECT_EQ(ended.outcome, Outcome::rolled_back) << ended.failure;
    EXPECT_THAT(ended.failure, HasSubstr("shop-web-2 was left over"));
    EXPECT_THAT(names(), ElementsAre("shop-web-1"));
    EXPECT_EQ(shop.containers()[0].health, HealthState::healthy);
    EXPECT_THAT(sweep_now().ways_back, IsEmpty());
}

TEST_F(SweepTest, a_blue_that_was_pinned_gets_its_restart_policy_back) {
    (void)leave_green();
    ASSERT_TRUE(shop.engine.update(*blue, {.restart = docker::RestartRule{}}, {}));
    (void)take_away(sweep_now().ways_back.at(0));
    EXPECT_EQ(shop.containers()[0].restart.policy, docker::RestartPolicy::unless_stopped);
}

TEST_F(SweepTest, a_green_that_alone_serves_stays_with_a_word) {
    (void)leave_green();
    ASSERT_TRUE(shop.engine.stop(*blue));
    const Swept swept = sweep_now();
    EXPECT_THAT(swept.ways_back, IsEmpty());
    EXPECT_THAT(swept.in_doubt, ElementsAre(HasSubstr("shop-web-1 is not known to serve")));
}

TEST_F(SweepTest, beside_a_blue_that_is_unhealthy_it_stays) {
    (void)leave_green();
    ASSERT_TRUE(shop.engine.set_health(*blue, HealthState::unhealthy));
    EXPECT_THAT(sweep_now().ways_back, IsEmpty());
}

TEST_F(SweepTest, the_green_of_a_deployment_under_way_is_none_of_its_business) {
    (void)leave_green();
    const Swept swept = sweep_now({"lost"});
    EXPECT_THAT(swept.ways_back, IsEmpty());
    EXPECT_THAT(swept.in_doubt, IsEmpty());
}

TEST_F(SweepTest, one_that_took_over_keeps_its_mark_and_stays) {
    (void)leave_green();
    ASSERT_TRUE(shop.engine.wipe(*blue));
    const Swept swept = sweep_now();
    EXPECT_THAT(swept.ways_back, IsEmpty());
    EXPECT_THAT(swept.in_doubt, IsEmpty());
}

TEST_F(SweepTest, when_blue_dies_on_the_way_green_stays) {
    (void)leave_green();
    Swept swept = sweep_now();
    ASSERT_TRUE(shop.engine.wipe(*blue));
    const Deployment ended = take_away(swept.ways_back.at(0));
    EXPECT_EQ(ended.outcome, Outcome::failed);
    EXPECT_THAT(names(), ElementsAre("shop-web-2"));
}

}  // namespace
}  // namespace rm::deploy::test
