// SPDX-License-Identifier: Apache-2.0
#include "docker/simulation/faults.h"

#include <gmock/gmock.h>

#include "tests/unit/docker/simulation/fixture.h"

namespace rm::docker {
namespace {

using namespace std::chrono_literals;
using test::done;
using testing::ElementsAre;

const Error lost{.code = ErrorCode::timeout, .message = "lost"};

class SimulatedFaultsTest : public test::SimulationTest {
protected:
    Faults::Ask at(EngineCall wanted) {
        return [wanted](EngineCall call, const ContainerId*) {
            return call == wanted ? std::optional(lost) : std::nullopt;
        };
    }

    /// The calls of one container's life and of its replacement.
    void replace(const std::string& name) {
        const auto id = engine.create(name, R"({"Image":"web:1"})", none);
        if (!id) return;
        (void)engine.connect("back", *id, "{}", none);
        (void)engine.start(*id, none);
        (void)engine.inspect(*id, none);
        (void)engine.update(*id, {.restart = RestartRule{}}, none);
        (void)engine.signal(*id, "SIGTERM", none);
        (void)engine.rename(*id, name + "-old", none);
        (void)engine.remove(*id, Removal::stopped, none);
    }
};

TEST_F(SimulatedFaultsTest, before_a_call_nothing_is_done) {
    engine.set_faults(at(EngineCall::create));
    EXPECT_EQ(try_create("web", R"({"Image":"web:1"})").error(), lost);
    engine.set_faults({});
    EXPECT_TRUE(engine.list(none)->empty());
}

TEST_F(SimulatedFaultsTest, after_a_call_it_is_done_and_nobody_knows) {
    engine.set_faults({}, at(EngineCall::create));
    EXPECT_EQ(try_create("web", R"({"Image":"web:1"})").error(), lost);
    EXPECT_EQ(code(try_create("web", R"({"Image":"web:1"})")), ErrorCode::timeout);
    engine.set_faults({});
    EXPECT_EQ(code(try_create("web", R"({"Image":"web:1"})")), ErrorCode::conflict);
    const auto id = engine.list(none)->at(0).id;
    engine.set_faults({}, at(EngineCall::start));
    EXPECT_EQ(engine.start(id, none).error(), lost);
    EXPECT_EQ(state(id), ContainerState::running);
}

TEST_F(SimulatedFaultsTest, writing_calls_are_asked_about_in_the_same_order_in_every_run) {
    std::vector<std::string> asked;
    const auto note = [&](const std::string& when) {
        return [&asked, when](EngineCall call, const ContainerId* id) -> std::optional<Error> {
            if (is_writing(call))
                asked.push_back(when + ' ' + std::string(to_string(call)) + (id == nullptr ? " ?" : ""));
            return std::nullopt;
        };
    };
    engine.set_faults(note("before"), note("after"));
    replace("web");
    EXPECT_THAT(
        asked, ElementsAre("before create ?", "after create", "before connect", "after connect",
                           "before start", "after start", "before update", "after update", "before signal",
                           "after signal", "before rename", "after rename", "before remove", "after remove"));
}

TEST_F(SimulatedFaultsTest, a_call_may_be_slow_and_the_world_goes_on_meanwhile) {
    const auto other = run("other");
    engine.set_faults([&](EngineCall call, const ContainerId*) -> std::optional<Error> {
        if (call != EngineCall::start) return std::nullopt;
        clock.advance(5s);
        done(engine.kill(other));
        return std::nullopt;
    });
    const auto id = run("web");
    EXPECT_EQ(inspect(id).started_at, inspect(id).created_at + 5s);
    EXPECT_EQ(state(other), ContainerState::exited);
}

TEST_F(SimulatedFaultsTest, a_caller_that_crashed_is_answered_no_more) {
    int left = 3;
    const auto crash = [&](EngineCall, const ContainerId*) -> std::optional<Error> {
        return left-- > 0 ? std::nullopt : std::optional(lost);
    };
    engine.set_faults(crash);
    replace("web");
    engine.set_faults({});
    const auto list = engine.list(none).value();
    ASSERT_EQ(list.size(), 1U);
    EXPECT_EQ(list[0].name, "web");
    EXPECT_EQ(list[0].state, ContainerState::running);
}

TEST_F(SimulatedFaultsTest, following_events_may_fail_too) {
    engine.set_faults(at(EngineCall::events));
    EXPECT_EQ(engine.events({}, [](const Event&) { return true; }, none).error(), lost);
}

TEST_F(SimulatedFaultsTest, what_happens_on_the_host_is_not_asked_about) {
    const auto id = run("web");
    engine.set_faults([](EngineCall, const ContainerId*) { return std::optional(lost); });
    done(engine.stop(id));
    done(engine.wipe(id));
}

TEST_F(SimulatedFaultsTest, a_restart_of_the_engine_ends_its_streams) {
    (void)run("web");
    const auto status = engine.events(
        {.since = WallTime(), .until = {}, .actions = {"start"}},
        [&](const Event&) {
            engine.restart_daemon();
            return true;
        },
        none);
    EXPECT_TRUE(status);
}

TEST(EngineCalls, are_named_as_the_port_has_them) {
    EXPECT_EQ(to_string(EngineCall::ping), "ping");
    EXPECT_EQ(to_string(EngineCall::get_archive), "get_archive");
    EXPECT_EQ(to_string(EngineCall::exec), "exec");
    EXPECT_FALSE(is_writing(EngineCall::get_archive));
    EXPECT_TRUE(is_writing(EngineCall::create));
    EXPECT_TRUE(is_writing(EngineCall::exec));
}

}  // namespace
}  // namespace rm::docker
