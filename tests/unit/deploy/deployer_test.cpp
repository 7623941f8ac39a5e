// SPDX-License-Identifier: Apache-2.0
// The Deployer with its threads: on a clock that runs much faster, waiting for what it tells.
#include "deploy/deployer.h"

#include <future>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/scaled_clock.h"
#include "store/deployments.h"
#include "store/leases.h"
#include "tests/unit/deploy/shop.h"

namespace rm::deploy::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr double speed = 200;

/// Hears of the end of one deployment, of its first line, and of what is noted.
struct Audience {
    Ears ears() {
        return {.told =
                    [this](const Deployment&, std::string_view) {
                        if (!told_once.exchange(true)) told.set_value();
                    },
                .ended = [this](const Deployment& deployment, Duration) { ended.set_value(deployment); },
                .noted =
                    [this](std::string_view message) {
                        if (!noted_once.exchange(true)) noted.set_value(std::string(message));
                    }};
    }

    std::atomic<bool> told_once = false;
    std::atomic<bool> noted_once = false;
    std::promise<void> told;
    std::promise<Deployment> ended;
    std::promise<std::string> noted;
    std::promise<void> at_work;
    std::promise<docker::Permissions> permitted;
};

class DeployerTest : public testing::Test {
protected:
    DeployerTest() {
        shop.add_service("web", 1);
        clock.sleep_for(1min, {});
    }

    std::unique_ptr<Deployer> deployer(Audience& audience, const std::string& who = "here:1") {
        return std::make_unique<Deployer>(
            Premises{.live = shop.live, .engine = shop.engine, .store = *shop.store, .clock = clock}, real,
            DeployerOptions{.who = who,
                            .permitted =
                                [&audience](const docker::Permissions& allowed) {
                                    audience.permitted.set_value(allowed);
                                },
                            .stood =
                                [&audience](const Standing& standing) {
                                    if (standing.kind == Standing::Kind::at_work)
                                        audience.at_work.set_value();
                                }},
            audience.ears());
    }

    ScaledClock clock{speed};
    SystemClock real;
    Shop shop{clock};
};

TEST_F(DeployerTest, a_wish_becomes_containers_with_the_new_limits) {
    Audience audience;
    const auto it = deployer(audience);
    it->start();
    const auto begun = it->submit(shop.wish("web"), {});
    ASSERT_TRUE(begun) << begun.error().message;
    EXPECT_EQ(begun->strategy, config::Strategy::blue_green);
    EXPECT_GT(begun->id, 0);

    const Deployment ended = audience.ended.get_future().get();

    EXPECT_EQ(ended.outcome, Outcome::succeeded);
    EXPECT_EQ(ended.id, begun->id);
    const auto now = shop.containers();
    ASSERT_EQ(now.size(), 1U);
    EXPECT_EQ(now.front().limits, Shop::more);
    EXPECT_EQ(it->standing().kind, Standing::Kind::at_work);
}

TEST_F(DeployerTest, what_one_leaves_in_the_middle_the_next_one_ends) {
    std::int64_t id = 0;
    {
        Audience audience;
        const auto first = deployer(audience);
        first->start();
        id = first->submit(shop.wish("web"), {}).value().id;
        audience.told.get_future().get();
        first->stop();
    }
    ASSERT_FALSE(store::deployment(*shop.store, id).value()->finished_at);

    Audience audience;
    const auto second = deployer(audience, "here:2");
    second->start();
    const Deployment ended = audience.ended.get_future().get();

    EXPECT_EQ(ended.id, id);
    EXPECT_EQ(ended.outcome, Outcome::succeeded);
    EXPECT_EQ(shop.containers().size(), 1U);
}

TEST_F(DeployerTest, the_second_of_two_stands_by_and_drives_nothing) {
    const auto info = shop.engine.info({});
    ASSERT_TRUE(
        store::take_lease(*shop.store, "deployments:" + info->id, "elsewhere:7", real.now().wall, 1h));
    Audience audience;
    const auto it = deployer(audience);
    it->start();

    EXPECT_EQ(audience.noted.get_future().get(), "stands by: elsewhere:7 deploys on this engine");
    EXPECT_EQ(it->standing().kind, Standing::Kind::standing_by);
    const auto begun = it->submit(shop.wish("web"), {});
    ASSERT_TRUE(begun) << begun.error().message;
    it->stop();
    EXPECT_EQ(shop.containers().front().limits, Shop::less);
    EXPECT_FALSE(store::deployment(*shop.store, begun->id).value()->finished_at);
}

TEST_F(DeployerTest, who_loses_the_lease_stops_driving) {
    ScaledClock slow(1);  // so that the deployment is far from its end
    Shop calm(slow);
    calm.add_service("web", 1);
    Audience audience;
    DeployerOptions options{.who = "here:1", .lease = 300ms, .stood = [&audience](const Standing& standing) {
                                if (standing.kind == Standing::Kind::at_work) audience.at_work.set_value();
                            }};
    Deployer it({.live = calm.live, .engine = calm.engine, .store = *calm.store, .clock = slow}, real,
                std::move(options), audience.ears());
    it.start();
    audience.at_work.get_future().get();
    const auto begun = it.submit(calm.wish("web"), {});
    ASSERT_TRUE(begun) << begun.error().message;
    while (it.under_way().empty()) std::this_thread::yield();

    ASSERT_TRUE(calm.store->transaction([](store::Session& session) -> Status {
        const auto taken = session.execute("update leases set holder = 'thief', held_until = held_until * 2");
        return taken ? Status() : fail(taken.error());
    }));

    EXPECT_EQ(audience.noted.get_future().get(), "stands by: thief deploys on this engine");
    while (!it.under_way().empty()) std::this_thread::yield();
    EXPECT_FALSE(store::deployment(*calm.store, begun->id).value()->finished_at);
}

TEST_F(DeployerTest, what_was_under_way_on_an_engine_that_is_no_more_has_failed) {
    Audience audience;
    Deployment elsewhere = deployer(audience)->prepare(shop.wish("web"), {}).value();
    elsewhere.engine = "wiped";
    std::int64_t id = 0;
    ASSERT_TRUE(shop.store->transaction([&](store::Session& session) -> Status {
        id = begin(session, elsewhere).value();
        return {};
    }));
    Deployer it({.live = shop.live, .engine = shop.engine, .store = *shop.store, .clock = clock}, real,
                {.who = "here:1", .store_is_ours_alone = true}, audience.ears());
    it.start();
    EXPECT_THAT(audience.noted.get_future().get(), HasSubstr("of shop/web was under way on another engine"));
    it.stop();
    const auto row = store::deployment(*shop.store, id).value();
    EXPECT_EQ(row->status, "failed");
    EXPECT_THAT(row->failure, HasSubstr("it was under way on the engine wiped"));
}

TEST_F(DeployerTest, where_hosts_share_a_store_the_rows_of_other_engines_are_left_alone) {
    Audience audience;
    Deployment elsewhere = deployer(audience)->prepare(shop.wish("web"), {}).value();
    elsewhere.engine = "of the neighbour";
    std::int64_t id = 0;
    ASSERT_TRUE(shop.store->transaction([&](store::Session& session) -> Status {
        id = begin(session, elsewhere).value();
        return {};
    }));
    const auto it = deployer(audience);
    it->start();
    EXPECT_THAT(audience.noted.get_future().get(), HasSubstr("is left to whoever deploys there"));
    it->stop();
    EXPECT_FALSE(store::deployment(*shop.store, id).value()->finished_at);
}

TEST_F(DeployerTest, a_lease_that_was_given_up_is_free_for_the_next_one) {
    Audience audience;
    const auto first = deployer(audience);
    first->start();
    audience.at_work.get_future().get();
    first->stop();
    const auto lease = store::take_lease(*shop.store, "deployments:" + shop.engine.info({})->id, "next",
                                         real.now().wall, 1s);
    EXPECT_EQ(lease->holder, "next");
}

TEST_F(DeployerTest, a_wish_that_can_not_be_fulfilled_is_refused_with_a_reason) {
    Audience audience;
    const auto it = deployer(audience);

    const auto unknown = it->submit(shop.wish("nobody"), {});
    ASSERT_FALSE(unknown);
    EXPECT_EQ(unknown.error().code, ErrorCode::not_found);

    Wish same = shop.wish("web");
    same.to = Shop::less;
    const auto nothing_to_do = it->submit(same, {});
    ASSERT_FALSE(nothing_to_do);
    EXPECT_EQ(nothing_to_do.error().code, ErrorCode::conflict);

    Wish by_script = shop.wish("web");
    by_script.strategy = config::Strategy::script;
    const auto no_script = it->submit(by_script, {});
    ASSERT_FALSE(no_script);
    EXPECT_EQ(no_script.error().code, ErrorCode::unsupported);
    EXPECT_THAT(no_script.error().message, HasSubstr("deployment.script names no program"));

    ASSERT_TRUE(it->submit(shop.wish("web"), {}));
    const auto again = it->submit(shop.wish("web"), {});
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, ErrorCode::conflict);
    EXPECT_THAT(again.error().message, HasSubstr("of shop/web is under way"));
}

TEST_F(DeployerTest, what_the_engine_forbids_is_found_out_at_the_start_and_not_tried) {
    shop.engine.set_faults([](docker::EngineCall call, const ContainerId*) -> std::optional<Error> {
        if (call != docker::EngineCall::create) return std::nullopt;
        return Error{ErrorCode::permission, "the proxy forbids creating"};
    });
    Audience audience;
    const auto it = deployer(audience);
    it->start();
    const docker::Permissions allowed = audience.permitted.get_future().get();
    EXPECT_FALSE(allowed.allows(docker::Feature::replacing));
    EXPECT_TRUE(allowed.may_deploy());

    const auto refused = it->submit(shop.wish("web"), {});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::unsupported);
    EXPECT_THAT(refused.error().message, HasSubstr("the proxy forbids creating"));
    Wish otherwise = shop.wish("web");
    otherwise.strategy = config::Strategy::automatic;
    const auto begun = it->submit(otherwise, {});
    ASSERT_TRUE(begun) << begun.error().message;
    EXPECT_EQ(begun->strategy, config::Strategy::in_place);
}

TEST_F(DeployerTest, the_strategy_auto_is_resolved_before_anything_is_written) {
    Audience audience;
    const auto it = deployer(audience);
    Wish wish = shop.wish("web");
    wish.strategy = config::Strategy::automatic;
    const auto begun = it->submit(wish, {});
    ASSERT_TRUE(begun) << begun.error().message;
    EXPECT_EQ(begun->strategy, config::Strategy::blue_green);
}

}  // namespace
}  // namespace rm::deploy::test
