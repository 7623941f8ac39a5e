// SPDX-License-Identifier: Apache-2.0
// The loop on a simulated engine, with a source that says what the test wants and a store in a file.
#include "app/reconcile/reconciler.h"

#include <algorithm>
#include <filesystem>
#include <future>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "docker/simulated_engine.h"
#include "store/decisions.h"
#include "store/deployments.h"
#include "store/pauses.h"
#include "store/service_states.h"

namespace rm::app {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr Duration interval = 5min;

class SteadySource final : public observe::MetricsSource {
public:
    [[nodiscard]] std::string describe() const override { return "the test"; }

    observe::Observation observe(std::span<const observe::Target> targets, const observe::Windows&, WallTime,
                                 const std::stop_token&) override {
        ++asked;
        observe::Observation observation;
        if (away) observation.faults.push_back({.what = "cpu_usage", .cause = *away, .message = "away"});
        for (const observe::Target& target : targets) {
            Usage usage;
            if (away) {
                usage.cpu = tl::unexpected(*away);
                usage.memory = tl::unexpected(*away);
            } else {
                usage.cpu = usage.cpu_trend = cpu;
                usage.memory = usage.memory_trend = memory;
            }
            observation.usage.emplace(target.id, usage);
        }
        return observation;
    }

    Cores cpu = Cores::from_nanos(950'000'000);
    Bytes memory = Bytes::mebi(128);
    std::optional<Gap> away;  // and why
    int asked = 0;
};

class ReconcilerTest : public testing::Test {
protected:
    ReconcilerTest() {
        std::string pattern = (std::filesystem::temp_directory_path() / "rm-reconciler-XXXXXX").string();
        folder = mkdtemp(pattern.data());
        configure({});
        store = open();
        start("web");
        clock.advance(2h);
        loop = make();
    }

    ~ReconcilerTest() override { std::filesystem::remove_all(folder); }

    void configure(std::vector<std::string> overrides) {
        overrides.insert(overrides.begin(),
                         {"thresholds.consecutive_checks=3", "bounds.host_reserve.memory=0"});
        auto config =
            config::load({.file = std::nullopt, .environment = {}, .overrides = std::move(overrides)});
        live = std::make_unique<config::LiveConfig>(config::Sources{}, config.value(), config::FileState{});
    }

    /// One that has become the one who deploys here; nothing is driven, so that a test can look at what is
    /// written.
    std::unique_ptr<deploy::Deployer> deployer_at_work() {
        std::promise<void> at_work;
        auto made = std::make_unique<deploy::Deployer>(
            deploy::Premises{.live = *live, .engine = engine, .store = *store, .clock = clock}, real,
            deploy::DeployerOptions{.who = "test", .stood = [&](const auto&) { at_work.set_value(); }},
            deploy::Ears{});
        made->start();
        at_work.get_future().get();
        made->stop();
        return made;
    }

    void start(const std::string& service) {
        const auto id = engine.run({.name = "shop-" + service + "-1",
                                    .labels = {{"com.docker.compose.project", "shop"},
                                               {"com.docker.compose.service", service},
                                               {"com.docker.compose.container-number", "1"},
                                               {"com.docker.compose.oneoff", "False"}},
                                    .limits = {.cpu = Cores::whole(1), .memory = Bytes::mebi(256)}});
        EXPECT_TRUE(id);
    }

    std::unique_ptr<store::Database> open() {
        return store::Database::open({.url = "sqlite:" + folder + "/store.db", .password = {}}, clock)
            .value();
    }

    std::unique_ptr<Reconciler> make(deploy::Deployer* deployer = nullptr) {
        return std::make_unique<Reconciler>(
            Surroundings{.live = *live,
                         .engine = engine,
                         .source = source,
                         .store = *store,
                         .clock = clock,
                         .deployer = deployer},
            [this](const CheckPtr& check) { seen.push_back(check); },
            [this](const auto& made) { decided.insert(decided.end(), made.begin(), made.end()); });
    }

    /// The verdict on the one service of the next check.
    decide::Verdict check() {
        clock.advance(interval);
        const CheckPtr made = loop->check({});
        EXPECT_EQ(made->problem, "");
        EXPECT_EQ(made->services.size(), 1U);
        return made->services.front().verdict;
    }

    VirtualClock clock;
    SystemClock real;
    docker::SimulatedEngine engine{clock};
    SteadySource source;
    std::string folder;
    std::unique_ptr<config::LiveConfig> live;
    std::unique_ptr<store::Database> store;
    std::vector<CheckPtr> seen;
    std::vector<store::Decision> decided;
    std::unique_ptr<Reconciler> loop;
};

TEST_F(ReconcilerTest, a_loaded_service_would_get_more_after_exactly_three_checks) {
    EXPECT_FALSE(check().proposal);
    EXPECT_FALSE(check().proposal);
    const auto verdict = check();
    ASSERT_TRUE(verdict.proposal) << verdict.summary;
    EXPECT_EQ(verdict.proposal->to.cpu, Cores::from_nanos(1'250'000'000));
    EXPECT_EQ(verdict.proposal->to.memory, Bytes::mebi(256));

    const auto kept = store::decisions(*store, {.service = {}, .before = {}, .limit = 1}).value();
    ASSERT_EQ(kept.size(), 1U);
    EXPECT_EQ(kept[0].outcome, "would_adjust");
    EXPECT_EQ(print(kept[0].service), "shop/web");
    EXPECT_THAT(kept[0].reason, HasSubstr("CPU 1 -> 1.25"));
    EXPECT_THAT(kept[0].details, HasSubstr("cooldown"));
}

TEST_F(ReconcilerTest, what_is_decided_is_told_once_with_the_numbers_that_led_to_it) {
    for (int i = 0; i < 3; ++i) (void)check();
    ASSERT_EQ(decided.size(), 2U);  // held by hysteresis, which the second check did not change
    EXPECT_EQ(decided[0].outcome, "hold:hysteresis");
    EXPECT_EQ(decided[1].outcome, "would_adjust");
    const auto kept = store::decisions(*store, {.service = {}, .before = {}, .limit = 1}).value();
    EXPECT_EQ(kept[0].details, decided[1].details);
    // As it was before the adjustment: afterwards the streak begins anew, and the day's count is 1.
    EXPECT_THAT(decided[1].details, HasSubstr(R"("streaks":{"cpu":3,)"));
    EXPECT_THAT(decided[1].details, HasSubstr(R"("adjustments_today":0)"));
}

TEST_F(ReconcilerTest, every_gate_of_a_check_can_be_told_later) {
    (void)check();
    const decide::Assessment service = seen.back()->services.front();
    source.cpu = Cores::from_nanos(500'000'000);
    (void)check();  // what was seen since does not matter
    const auto gates = every_gate(service);
    ASSERT_EQ(gates.size(), 24U);
    const auto hysteresis = std::ranges::find(gates, decide::Gate::hysteresis, &decide::GateReport::gate);
    EXPECT_EQ(hysteresis->reason, "CPU above 80% in 1 of 3 checks (95% of 1)");
}

TEST_F(ReconcilerTest, a_service_that_is_gone_is_forgotten_after_the_retention) {
    (void)check();
    const auto id = engine.list({}).value().front().id;
    ASSERT_TRUE(engine.wipe(id));
    clock.advance(200h);
    (void)loop->check({});
    EXPECT_TRUE(store::service_states(*store).value().empty());
    start("web");
    clock.advance(2h);
    (void)check();
    EXPECT_EQ(decided.size(), 2U);  // the same as then, but nobody knows any more
}

TEST_F(ReconcilerTest, what_would_have_been_done_counts_as_if_it_had) {
    for (int i = 0; i < 3; ++i) (void)check();
    const auto after = check();
    EXPECT_FALSE(after.proposal);
    EXPECT_EQ(after.in_force.cpu, Cores::from_nanos(1'250'000'000));
    EXPECT_EQ(after.next.adjustments.count, 1);
}

TEST_F(ReconcilerTest, a_restart_between_two_checks_changes_nothing) {
    (void)check();
    (void)check();
    store.reset();  // as a kill leaves it: nothing is written at the end
    store = open();
    loop = make();
    EXPECT_TRUE(check().proposal);
}

TEST_F(ReconcilerTest, a_look_counts_for_nothing) {
    (void)check();
    (void)check();
    clock.advance(interval);
    const auto look = loop->look({});
    EXPECT_FALSE(look->counted);
    EXPECT_TRUE(look->services.front().verdict.proposal);
    EXPECT_EQ(seen.size(), 2U);
    EXPECT_TRUE(check().proposal);
}

TEST_F(ReconcilerTest, without_data_a_service_is_held_and_the_loop_goes_on_when_it_is_back) {
    (void)check();
    source.away = Gap::unavailable;
    const auto held = check();
    EXPECT_FALSE(held.proposal);
    EXPECT_THAT(held.summary, HasSubstr("held by data"));
    (void)check();
    source.away.reset();
    (void)check();
    EXPECT_TRUE(check().proposal);
}

TEST_F(ReconcilerTest, a_source_that_fails_is_left_in_peace_for_a_while) {
    source.away = Gap::timeout;
    for (int i = 0; i < 10; ++i) {
        clock.advance(1s);
        (void)loop->check({});
    }
    EXPECT_EQ(source.asked, 5);  // pauses of nothing, 1, 2 and 4 seconds
    EXPECT_THAT(seen.back()->services.front().verdict.summary, HasSubstr("held by data"));
}

TEST_F(ReconcilerTest, a_source_that_answers_and_knows_nothing_is_asked_in_every_check) {
    source.away = Gap::absent;
    for (int i = 0; i < 10; ++i) {
        clock.advance(1s);
        const CheckPtr made = loop->check({});
        EXPECT_THAT(made->services.front().verdict.summary, HasSubstr("knows nothing of it"));
    }
    EXPECT_EQ(source.asked, 10);
}

TEST_F(ReconcilerTest, a_paused_service_is_left_alone_until_its_pause_ends) {
    ASSERT_TRUE(store::set_pause(*store, {.service = ServiceName::parse("shop/web").value(),
                                          .until = clock.now().wall + 4 * interval + 1min,
                                          .reason = "sale",
                                          .since = clock.now().wall}));
    (void)check();
    (void)check();
    const auto paused = check();
    EXPECT_FALSE(paused.proposal);
    EXPECT_THAT(paused.summary, HasSubstr("paused"));
    (void)check();
    EXPECT_TRUE(check().proposal);
}

TEST_F(ReconcilerTest, a_check_that_cannot_be_stored_does_not_count) {
    (void)check();
    (void)check();
    ASSERT_TRUE(store->transaction([](store::Session& session) -> Status {
        if (auto dropped = session.execute("drop table decisions"); !dropped) return fail(dropped.error());
        return {};
    }));
    clock.advance(interval);
    const CheckPtr lost = loop->check({});
    EXPECT_THAT(lost->problem, HasSubstr("does not count"));
    EXPECT_EQ(decided.size(), 1U);  // not that it would be adjusted now
    const CheckPtr again = loop->look({});
    EXPECT_EQ(again->services.front().verdict.next.adjustments.count, 0);
}

TEST_F(ReconcilerTest, an_engine_that_is_away_costs_the_check_and_keeps_what_was_seen) {
    (void)check();
    engine.set_faults([](docker::EngineCall call, const ContainerId*) -> std::optional<Error> {
        if (call != docker::EngineCall::list) return std::nullopt;
        return Error{.code = ErrorCode::unavailable, .message = "the engine is away"};
    });
    clock.advance(interval);
    const CheckPtr lost = loop->check({});
    EXPECT_EQ(lost->problem, "the engine is away");
    EXPECT_EQ(lost->services.size(), 1U);
}

std::vector<store::Deployment> rows_of(store::Database& store) {
    return store::deployments(store, {.service = {}, .before = {}, .limit = 10}).value();
}

TEST_F(ReconcilerTest, what_is_proposed_becomes_a_deployment_together_with_the_decision) {
    configure({"deployment.strategy=in_place"});
    const auto deployer = deployer_at_work();
    loop = make(deployer.get());
    for (int i = 0; i < 2; ++i) (void)check();
    EXPECT_TRUE(rows_of(*store).empty());
    ASSERT_TRUE(check().proposal);

    EXPECT_FALSE(seen.back()->dry_run);
    EXPECT_EQ(decided.back().outcome, "adjust");
    const auto rows = rows_of(*store);
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(print(rows[0].service), "shop/web");
    EXPECT_EQ(rows[0].strategy, "in_place");
    EXPECT_EQ(rows[0].to.cpu, Cores::from_nanos(1'250'000'000));
    EXPECT_EQ(rows[0].reason, decided.back().reason);
    EXPECT_EQ(rows[0].requested_by, "reconcile loop");
}

/// Each wants 80M more, and the host has 84M.
TEST_F(ReconcilerTest, raises_count_against_each_other_in_one_check_and_as_long_as_they_are_under_way) {
    start("api");
    clock.advance(1h);
    configure(
        {"deployment.strategy=in_place", "bounds.host_reserve.memory=15820M", "services.web.class=critical"});
    source.cpu = Cores::from_nanos(500'000'000);
    source.memory = Bytes::mebi(240);
    const auto deployer = deployer_at_work();
    loop = make(deployer.get());
    for (int i = 0; i < 3; ++i) {
        clock.advance(interval);
        (void)loop->check({});
    }
    ASSERT_EQ(rows_of(*store).size(), 1U);
    EXPECT_EQ(print(rows_of(*store)[0].service), "shop/web");
    const auto of_api = [this] { return seen.back()->services.at(0).verdict; };
    EXPECT_THAT(of_api().summary, HasSubstr("480M are used, 80M promised to others"));

    clock.advance(interval);
    (void)loop->check({});
    EXPECT_THAT(of_api().summary, HasSubstr("480M are used, 80M promised to others"));
    EXPECT_EQ(rows_of(*store).size(), 1U);
    EXPECT_EQ(loop->look({})->services.at(0).verdict.summary, of_api().summary);
}

TEST_F(ReconcilerTest, a_service_under_deployment_is_held_and_not_judged) {
    configure({"deployment.strategy=in_place"});
    const auto deployer = deployer_at_work();
    loop = make(deployer.get());
    for (int i = 0; i < 3; ++i) (void)check();
    const auto verdict = check();
    EXPECT_THAT(verdict.summary, HasSubstr("held by deployment: deployment 1 is under way"));
    EXPECT_EQ(verdict.next.streaks.cpu, 0);
    EXPECT_EQ(rows_of(*store).size(), 1U);
}

TEST_F(ReconcilerTest, what_preflight_refuses_is_held_in_its_words_and_starts_no_cooldown) {
    const auto deployer = deployer_at_work();  // blue_green, and web has no health check
    loop = make(deployer.get());
    for (int i = 0; i < 2; ++i) (void)check();
    const auto verdict = check();
    EXPECT_FALSE(verdict.proposal);
    EXPECT_THAT(verdict.summary, HasSubstr("held by deployment: blue_green is configured, and"));
    EXPECT_FALSE(verdict.next.last_adjustment);
    EXPECT_EQ(decided.back().outcome, "hold:deployment");
    EXPECT_TRUE(rows_of(*store).empty());
    EXPECT_FALSE(check().proposal);
    EXPECT_EQ(decided.back().at, seen[2]->at);  // told once
}

TEST_F(ReconcilerTest, after_a_deployment_that_came_to_nothing_it_waits_longer_each_time) {
    configure({"deployment.strategy=in_place", "adjustment.cooldown_period=0s"});
    const auto deployer = deployer_at_work();
    loop = make(deployer.get());
    for (int i = 0; i < 3; ++i) (void)check();
    auto row = rows_of(*store).at(0);
    row.status = "rolled_back";
    row.finished_at = clock.now().wall;
    ASSERT_TRUE(store->transaction([&](store::Session& session) { return store::put(session, row); }));
    loop = make(deployer.get());  // also after a restart
    decide::Verdict last;
    for (int i = 0; i < 11; ++i) last = check();
    EXPECT_THAT(last.summary, HasSubstr("held by backoff: the last deployment came to nothing; 5m left"));
    EXPECT_TRUE(check().proposal);
    EXPECT_EQ(rows_of(*store).size(), 2U);
}

/// A deployment that gave web half a CPU more and is over; nobody has heard of it at the engine.
std::int64_t deployed_before(store::Database& store, WallTime ended, const std::string& engine) {
    std::int64_t id = 0;
    const store::Deployment row{.token = "5eed",
                                .engine = engine,
                                .service = ServiceName::parse("shop/web").value(),
                                .strategy = "in_place",
                                .requested_by = "reconcile loop",
                                .reason = "CPU was above 80%",
                                .from = {.cpu = Cores::whole(1), .memory = Bytes::mebi(256)},
                                .to = {.cpu = Cores::from_nanos(1'500'000'000), .memory = Bytes::mebi(256)},
                                .status = "succeeded",
                                .phase = "finish",
                                .created_at = ended - 1min,
                                .phase_since = ended,
                                .finished_at = ended,
                                .progress = "{}"};
    EXPECT_TRUE(store.transaction([&](store::Session& session) -> Status {
        const auto begun = store::begin(session, row);
        if (!begun) return fail(begun.error());
        id = *begun;
        return {};
    }));
    return id;
}

TEST_F(ReconcilerTest, limits_that_somebody_else_brought_back_are_noticed_also_after_a_restart) {
    configure({"deployment.strategy=in_place"});
    const auto deployer = deployer_at_work();
    loop = make(deployer.get());
    source.cpu = Cores::from_nanos(500'000'000);
    const auto id = deployed_before(*store, clock.now().wall, engine.info({}).value().id);
    const auto first = check();
    ASSERT_TRUE(first.next.drift);
    EXPECT_TRUE(first.drift_seen);
    EXPECT_EQ(first.next.drift->deployment, id);
    EXPECT_EQ(decided.back().outcome, "within");
    EXPECT_THAT(decided.back().reason, HasSubstr("somebody else set 1 CPU, 256M"));
    EXPECT_THAT(decided.back().details, HasSubstr(R"("drift":{"deployment":1,)"));
    loop = make(deployer.get());
    const auto second = check();
    EXPECT_FALSE(second.drift_seen);
    EXPECT_TRUE(second.next.drift);
    EXPECT_EQ(rows_of(*store).size(), 1U);
}

TEST_F(ReconcilerTest, ours_are_set_again_by_a_deployment_where_that_is_wanted) {
    configure({"deployment.strategy=in_place", "deployment.on_drift=reapply"});
    const auto deployer = deployer_at_work();
    loop = make(deployer.get());
    source.cpu = Cores::from_nanos(500'000'000);
    (void)deployed_before(*store, clock.now().wall, engine.info({}).value().id);
    EXPECT_FALSE(check().proposal);
    ASSERT_TRUE(check().proposal);
    const auto rows = rows_of(*store);
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0].to.cpu, Cores::from_nanos(1'500'000'000));
    EXPECT_EQ(rows[0].status, "under_way");
    EXPECT_THAT(rows[0].reason, HasSubstr("set again as by deployment 1"));
    EXPECT_EQ(decided.back().outcome, "adjust");
    EXPECT_EQ(rows[0].reason, decided.back().reason);
    EXPECT_THAT(check().summary, HasSubstr("held by deployment"));  // and not once more
    EXPECT_EQ(rows_of(*store).size(), 2U);
}

TEST_F(ReconcilerTest, what_dry_run_assumed_is_forgotten_when_it_is_left) {
    for (int i = 0; i < 3; ++i) (void)check();
    ASSERT_TRUE(seen.back()->services.front().verdict.next.assumed);
    configure({"deployment.strategy=in_place"});
    const auto deployer = deployer_at_work();
    loop = make(deployer.get());
    for (int i = 0; i < 2; ++i) EXPECT_FALSE(check().proposal);
    const auto verdict = check();  // no cooldown of an adjustment that never was
    ASSERT_TRUE(verdict.proposal) << verdict.summary;
    EXPECT_EQ(verdict.proposal->from.cpu, Cores::whole(1));
}

}  // namespace
}  // namespace rm::app
