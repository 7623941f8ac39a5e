// SPDX-License-Identifier: Apache-2.0
// How containers of the simulated engine start, end and come back, called through the port.
#include <gmock/gmock.h>

#include "tests/unit/docker/simulation/fixture.h"

namespace rm::docker {
namespace {

using namespace std::chrono_literals;
using test::done;
using testing::ElementsAre;
using testing::HasSubstr;

std::string with_policy(std::string_view policy, std::string_view more = "") {
    return R"({"Image":"web:1",)" + std::string(more) + R"("HostConfig":{"RestartPolicy":{"Name":")" +
           std::string(policy) + R"("}}})";
}

/// The body says by which signal it is to be stopped.
constexpr std::string_view says_signal = R"("StopSignal":"SIGTERM",)";

class SimulatedLifeTest : public test::SimulationTest {};

TEST_F(SimulatedLifeTest, starting_twice_is_a_success_and_after_its_end_it_starts_again) {
    const auto id = run("web");
    done(engine.start(id, none));
    EXPECT_EQ(at(id, "/State/Running"), true);
    done(engine.kill(id));
    EXPECT_EQ(at(id, "/State/Status"), "exited");
    EXPECT_EQ(at(id, "/State/ExitCode"), 137);
    done(engine.start(id, none));
    EXPECT_EQ(at(id, "/State/ExitCode"), 0);
    EXPECT_THAT(events(), ElementsAre("create", "start", "kill 9", "die 137", "start"));
}

TEST_F(SimulatedLifeTest, what_is_not_there_is_not_found) {
    const auto gone = create("gone");
    done(engine.wipe(gone));
    EXPECT_EQ(code(engine.start(gone, none)), ErrorCode::not_found);
    EXPECT_EQ(code(engine.signal(gone, "SIGTERM", none)), ErrorCode::not_found);
    EXPECT_EQ(code(engine.rename(gone, "other", none)), ErrorCode::not_found);
    EXPECT_EQ(code(engine.update(gone, {.memory = Bytes::mebi(64)}, none)), ErrorCode::not_found);
    EXPECT_EQ(code(engine.document(gone, none)), ErrorCode::not_found);
    EXPECT_EQ(code(engine.changes(gone, none)), ErrorCode::not_found);
    EXPECT_EQ(code(engine.log_tail(gone, 5, none)), ErrorCode::not_found);
    EXPECT_EQ(code(engine.get_archive(gone, "/etc", none)), ErrorCode::not_found);
    EXPECT_EQ(code(engine.put_archive(gone, "/etc", "", none)), ErrorCode::not_found);
    EXPECT_EQ(code(engine.connect("front", gone, "{}", none)), ErrorCode::not_found);
    EXPECT_EQ(code(engine.exec(gone, {.argv = {"true"}}, none)), ErrorCode::not_found);
    done(engine.remove(gone, Removal::stopped, none));
}

TEST_F(SimulatedLifeTest, a_stop_signal_takes_as_long_as_the_program_needs) {
    done(engine.add_image("slow", {.stops_after = 3s, .exit_code = 7}));
    const auto id = run("web", R"({"Image":"slow"})");
    done(engine.signal(id, "SIGTERM", none));
    clock.advance(2900ms);
    EXPECT_EQ(state(id), ContainerState::running);
    done(engine.signal(id, "SIGTERM", none));  // a second one changes nothing
    clock.advance(100ms);
    EXPECT_EQ(state(id), ContainerState::exited);
    EXPECT_EQ(inspect(id).exit_code, 7);
    EXPECT_EQ(inspect(id).finished_at, clock.now().wall);
    EXPECT_EQ(code(engine.signal(id, "SIGTERM", none)), ErrorCode::conflict);
}

TEST_F(SimulatedLifeTest, a_program_may_be_deaf_but_not_to_sigkill) {
    done(engine.add_image("deaf", {.stops_after = std::nullopt}));
    const auto id = run("web", R"({"Image":"deaf"})");
    done(engine.signal(id, "SIGTERM", none));
    clock.advance(1h);
    EXPECT_EQ(state(id), ContainerState::running);
    done(engine.signal(id, "SIGKILL", none));
    EXPECT_EQ(state(id), ContainerState::exited);
    EXPECT_EQ(inspect(id).exit_code, 137);
}

TEST_F(SimulatedLifeTest, only_its_own_signal_stops_it) {
    const auto id = run("web", R"({"Image":"web:1","StopSignal":"SIGQUIT"})");
    done(engine.signal(id, "SIGTERM", none));
    EXPECT_EQ(state(id), ContainerState::running);
    done(engine.signal(id, "QUIT", none));
    EXPECT_EQ(state(id), ContainerState::exited);
    EXPECT_EQ(code(engine.signal(run("other"), "FOO", none)), ErrorCode::invalid);
}

TEST_F(SimulatedLifeTest, who_is_stopped_stays_down_whatever_the_policy) {
    for (const char* policy : {"no", "on-failure", "unless-stopped", "always"}) {
        done(engine.add_image("web:1", {.exit_code = 1}));
        const auto id = run(std::string("web-") + policy, with_policy(policy));
        done(engine.signal(id, "SIGTERM", none));
        clock.advance(1h);
        EXPECT_EQ(state(id), ContainerState::exited) << policy;
    }
}

/// As the engine does it: any signal may be the one, as long as it does not know which.
TEST_F(SimulatedLifeTest, a_signal_of_another_kind_means_the_same_unless_its_own_is_known) {
    const auto unknown = run("unknown", with_policy("always"));
    const auto known = run("known", with_policy("always", says_signal));
    for (const auto& id : {unknown, known}) {
        done(engine.signal(id, "SIGHUP", none));
        done(engine.crash(id, 3));
    }
    clock.advance(1min);
    EXPECT_EQ(state(unknown), ContainerState::exited);
    EXPECT_EQ(state(known), ContainerState::running);
    EXPECT_EQ(inspect(known).restart_count, 1);
}

TEST_F(SimulatedLifeTest, who_fails_comes_back_as_often_as_allowed) {
    const auto id = run("web", R"({"Image":"web:1",
        "HostConfig":{"RestartPolicy":{"Name":"on-failure","MaximumRetryCount":2}}})");
    EXPECT_EQ(inspect(id).restart, (RestartRule{.policy = RestartPolicy::on_failure, .maximum_retries = 2}));
    for (int i = 0; i < 2; ++i) {
        done(engine.crash(id, 3));
        EXPECT_EQ(state(id), ContainerState::restarting);
        clock.advance(1min);
        EXPECT_EQ(state(id), ContainerState::running);
    }
    done(engine.crash(id, 3));
    EXPECT_EQ(state(id), ContainerState::exited);
    EXPECT_EQ(inspect(id).restart_count, 2);
    done(engine.start(id, none));
    EXPECT_EQ(inspect(id).restart_count, 0);
}

TEST_F(SimulatedLifeTest, one_that_is_restarting_counts_as_running) {
    const auto id = run("web", with_policy("always"));
    done(engine.crash(id, 3));
    EXPECT_EQ(at(id, "/State/Running"), true);
    EXPECT_EQ(at(id, "/State/Restarting"), true);
    done(engine.start(id, none));
    EXPECT_THAT(engine.remove(id, Removal::stopped, none).error().message,
                HasSubstr("a restarting container"));
    done(engine.signal(id, "SIGKILL", none));
    EXPECT_EQ(state(id), ContainerState::exited);
    clock.advance(1h);
    EXPECT_EQ(state(id), ContainerState::exited);
}

TEST_F(SimulatedLifeTest, only_what_does_not_run_is_removed_unless_forced) {
    const auto id = run("web");
    const auto refused = engine.remove(id, Removal::stopped, none);
    EXPECT_EQ(code(refused), ErrorCode::conflict);
    EXPECT_THAT(refused.error().message, HasSubstr("You cannot remove a running container"));
    done(engine.remove(id, Removal::forced, none));
    done(engine.remove(id, Removal::forced, none));
    EXPECT_THAT(events(), ElementsAre("create", "start", "kill 9", "die 137", "destroy"));
    const auto never_ran = create("web");
    done(engine.remove(never_ran, Removal::stopped, none));
}

TEST_F(SimulatedLifeTest, a_container_may_remove_itself_at_its_end) {
    const auto id = run("once", R"({"Image":"web:1","HostConfig":{"AutoRemove":true}})");
    EXPECT_EQ(code(engine.update(id, {.restart = RestartRule{.policy = RestartPolicy::always}}, none)),
              ErrorCode::conflict);
    done(engine.crash(id, 0));
    EXPECT_EQ(code(engine.inspect(id, none)), ErrorCode::not_found);
    EXPECT_TRUE(engine.list(none)->empty());
    EXPECT_THAT(events(), ElementsAre("create", "start", "die 0", "destroy"));
    (void)create("once");
}

TEST_F(SimulatedLifeTest, names_change_and_to_its_own_name_is_done_already) {
    const auto web = run("web");
    const auto other = run("other");
    done(engine.rename(web, "web", none));
    const auto refused = engine.rename(web, "other", none);
    EXPECT_EQ(code(refused), ErrorCode::conflict);
    EXPECT_THAT(refused.error().message, HasSubstr("\"/other\" is already in use by container"));
    EXPECT_EQ(code(engine.rename(web, ".x", none)), ErrorCode::invalid);
    done(engine.rename(other, "aside", none));
    done(engine.rename(web, "other", none));
    EXPECT_EQ(at(web, "/Name"), "/other");
    EXPECT_EQ(create("web").full().size(), 64U);
    EXPECT_THAT(events(),
                ElementsAre("create", "start", "create", "start", "rename /other", "rename /web", "create"));
}

TEST_F(SimulatedLifeTest, with_the_engine_all_end_and_the_policies_say_who_comes_back) {
    std::map<std::string, ContainerId> stopped;
    std::map<std::string, ContainerId> running;
    for (const char* policy : {"no", "on-failure", "unless-stopped", "always"}) {
        stopped.emplace(policy, run(std::string("stopped-") + policy, with_policy(policy)));
        done(engine.signal(stopped.at(policy), "SIGTERM", none));
        running.emplace(policy, run(std::string("running-") + policy, with_policy(policy)));
    }
    const auto never_ran = create("never-ran", with_policy("always"));
    engine.restart_daemon();
    for (const char* policy : {"no", "on-failure", "unless-stopped"})
        EXPECT_EQ(state(stopped.at(policy)), ContainerState::exited) << policy;
    EXPECT_EQ(state(stopped.at("always")), ContainerState::running);
    EXPECT_EQ(state(running.at("no")), ContainerState::exited);
    EXPECT_EQ(state(running.at("on-failure")), ContainerState::exited);  // it ended well
    EXPECT_EQ(state(running.at("unless-stopped")), ContainerState::running);
    EXPECT_EQ(state(running.at("always")), ContainerState::running);
    EXPECT_EQ(state(never_ran), ContainerState::created);
}

TEST_F(SimulatedLifeTest, a_stopped_container_whose_policy_was_taken_away_stays_down) {
    const auto id = run("web", with_policy("always"));
    done(engine.update(id, {.restart = RestartRule{}}, none));
    EXPECT_EQ(at(id, "/HostConfig/RestartPolicy/Name"), "no");
    done(engine.signal(id, "SIGTERM", none));
    engine.restart_daemon();
    EXPECT_EQ(state(id), ContainerState::exited);
}

TEST_F(SimulatedLifeTest, one_that_was_sent_any_signal_counts_as_stopped_by_people) {
    const auto id = run("web", with_policy("unless-stopped", says_signal));
    done(engine.signal(id, "SIGHUP", none));
    engine.restart_daemon();
    EXPECT_EQ(state(id), ContainerState::exited);
}

TEST_F(SimulatedLifeTest, those_who_take_too_long_are_killed_with_the_engine) {
    done(engine.add_image("slow", {.stops_after = 11s}));
    const auto slow = run("slow", R"({"Image":"slow"})");
    const auto patient = run("patient", R"({"Image":"slow","StopTimeout":12})");
    engine.restart_daemon();
    EXPECT_EQ(inspect(slow).exit_code, 137);
    EXPECT_EQ(inspect(patient).exit_code, 0);
}

TEST_F(SimulatedLifeTest, a_log_tells_of_each_start) {
    done(engine.add_image("loud", {.log = "one\ntwo\nthree\n"}));
    const auto id = create("web", R"({"Image":"loud"})");
    EXPECT_EQ(engine.log_tail(id, 5, none).value(), "");
    done(engine.start(id, none));
    EXPECT_EQ(engine.log_tail(id, 2, none).value(), "two\nthree\n");
    done(engine.kill(id));
    done(engine.start(id, none));
    EXPECT_EQ(engine.log_tail(id, 4, none).value(), "three\none\ntwo\nthree\n");
    EXPECT_EQ(engine.log_tail(id, 99, none).value(), "one\ntwo\nthree\none\ntwo\nthree\n");
}

TEST_F(SimulatedLifeTest, a_program_may_be_run_in_it) {
    done(engine.add_image("shell", {.exec = [](const SimulatedProgram& program, const Exec& what) {
                              const bool drained = program.files.contains("/tmp/drain");
                              return ExecOutcome{.exit_code = drained ? 4 : 0, .output = what.argv[0]};
                          }}));
    const auto id = create("web", R"({"Image":"shell"})");
    EXPECT_EQ(code(engine.exec(id, {.argv = {"/drain"}}, none)), ErrorCode::conflict);
    done(engine.start(id, none));
    EXPECT_EQ(code(engine.exec(id, {}, none)), ErrorCode::invalid);
    EXPECT_EQ(engine.exec(id, {.argv = {"/drain", "now"}}, none)->output, "/drain");
    done(engine.write_file(id, "/tmp/drain", ""));
    EXPECT_EQ(engine.exec(id, {.argv = {"/drain"}}, none)->exit_code, 4);
    EXPECT_THAT(events(),
                ElementsAre("create", "start", "exec_create: /drain now", "exec_start: /drain now",
                            "exec_die 0", "exec_create: /drain", "exec_start: /drain", "exec_die 4"));
}

TEST_F(SimulatedLifeTest, a_program_that_takes_too_long_is_not_waited_for) {
    done(engine.add_image("slow", {.exec_takes = 20s}));
    const auto id = run("web", R"({"Image":"slow"})");
    EXPECT_EQ(code(engine.exec(id, {.argv = {"sleep"}, .limit = 10s}, none)), ErrorCode::timeout);
    EXPECT_EQ(engine.exec(id, {.argv = {"sleep"}, .limit = 20s}, none)->exit_code, 0);
}

}  // namespace
}  // namespace rm::docker
