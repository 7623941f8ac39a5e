// SPDX-License-Identifier: Apache-2.0
// What holds for starting containers, for signals and for what runs inside, on every engine.
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/docker/changing.h"
#include "tests/unit/docker/tar.h"

namespace rm::docker {
namespace {

using namespace test;
using testing::Contains;
using testing::HasSubstr;

constexpr std::string_view always = R"("HostConfig":{"RestartPolicy":{"Name":"always"}})";

class EngineLifeContract : public Changing {};

TEST_P(EngineLifeContract, what_runs_is_started_again_with_success) {
    const ContainerId web = create("web");
    EXPECT_EQ(outcome(engine().start(web, none_)), "ok");
    const Container before = inspect(web);
    EXPECT_EQ(before.state, ContainerState::running);
    EXPECT_EQ(outcome(engine().start(web, none_)), "ok");
    EXPECT_EQ(inspect(web).started_at, before.started_at);
}

TEST_P(EngineLifeContract, what_stopped_is_started_again) {
    const ContainerId web = run_up("web");
    EXPECT_EQ(outcome(engine().signal(web, "SIGTERM", none_)), "ok");
    ASSERT_EQ(wait_for(web, ContainerState::exited), ContainerState::exited);
    EXPECT_EQ(inspect(web).exit_code, 0);
    EXPECT_EQ(outcome(engine().start(web, none_)), "ok");
    EXPECT_EQ(inspect(web).state, ContainerState::running);
}

TEST_P(EngineLifeContract, what_can_not_start_is_told_apart) {
    EXPECT_THAT(outcome(engine().start(nobody_, none_)), fails_as("not_found"));
    const ContainerId web = create("web", R"("HostConfig":{"NetworkMode":"nowhere"})");
    EXPECT_THAT(outcome(engine().start(web, none_)), fails_as("conflict"));
    EXPECT_EQ(inspect(web).state, ContainerState::created);
}

TEST_P(EngineLifeContract, a_port_of_the_host_is_taken_once) {
    constexpr std::string_view port = R"("HostConfig":{"PortBindings":{"8080/tcp":[{"HostPort":"18080"}]}})";
    const ContainerId web = run("web", port);
    const ContainerId other = create("other", port);
    EXPECT_THAT(outcome(engine().start(other, none_)), fails_as("conflict"));
    EXPECT_NE(inspect(other).state, ContainerState::running);
    EXPECT_EQ(outcome(engine().remove(web, Removal::forced, none_)), "ok");
    EXPECT_EQ(outcome(engine().start(other, none_)), "ok");
}

TEST_P(EngineLifeContract, a_signal_is_for_what_runs) {
    EXPECT_THAT(outcome(engine().signal(nobody_, "SIGTERM", none_)), fails_as("not_found"));
    const ContainerId web = create("web");
    EXPECT_THAT(outcome(engine().signal(web, "SIGTERM", none_)), fails_as("conflict"));
    EXPECT_EQ(outcome(engine().start(web, none_)), "ok");
    for (const std::string_view signal : {"", "SIGNOPE", "0", "99", "-9", "SIGTERM&x=y", "../start"})
        EXPECT_THAT(outcome(engine().signal(web, std::string(signal), none_)), fails_as("invalid")) << signal;
    EXPECT_EQ(inspect(web).state, ContainerState::running);
    EXPECT_EQ(outcome(engine().signal(web, "KILL", none_)), "ok");
    ASSERT_EQ(wait_for(web, ContainerState::exited), ContainerState::exited);
    EXPECT_EQ(inspect(web).exit_code, 137);
    EXPECT_THAT(outcome(engine().signal(web, "KILL", none_)), fails_as("conflict"));
}

TEST_P(EngineLifeContract, the_stop_signal_keeps_down_what_always_restarts) {
    for (const std::string_view signal : {"SIGTERM", "15", "term", "SIGKILL"}) {
        const ContainerId web = run_up("web", always);
        EXPECT_EQ(outcome(engine().signal(web, std::string(signal), none_)), "ok") << signal;
        EXPECT_EQ(wait_for(web, ContainerState::exited), ContainerState::exited) << signal;
        wait_a_while();
        EXPECT_EQ(inspect(web).state, ContainerState::exited) << signal;
        EXPECT_EQ(outcome(engine().remove(web, Removal::stopped, none_)), "ok");
    }
}

TEST_P(EngineLifeContract, so_does_the_one_that_is_configured) {
    const ContainerId web =
        run_up("web", R"("StopSignal":"SIGINT","HostConfig":{"RestartPolicy":{"Name":"always"}})");
    EXPECT_EQ(inspect(web).stop.signal, "SIGINT");
    EXPECT_EQ(outcome(engine().signal(web, "SIGINT", none_)), "ok");
    EXPECT_EQ(wait_for(web, ContainerState::exited), ContainerState::exited);
    wait_a_while();
    EXPECT_EQ(inspect(web).state, ContainerState::exited);
}

TEST_P(EngineLifeContract, another_signal_does_not_where_one_is_configured) {
    const ContainerId web =
        run_up("web", R"("StopSignal":"SIGUSR1","HostConfig":{"RestartPolicy":{"Name":"always"}})");
    const auto started_at = inspect(web).started_at;
    EXPECT_EQ(outcome(engine().signal(web, "SIGTERM", none_)), "ok");
    wait_for_restart(web);
    EXPECT_EQ(wait_for(web, ContainerState::running), ContainerState::running);
    EXPECT_EQ(inspect(web).restart_count, 1);
    EXPECT_GT(inspect(web).started_at, started_at);
}

TEST_P(EngineLifeContract, where_none_is_any_signal_keeps_it_down_after_its_next_end) {
    const ContainerId web = run_up("web", always);
    EXPECT_EQ(outcome(engine().signal(web, "SIGURG", none_)), "ok");
    EXPECT_EQ(inspect(web).state, ContainerState::running);
    peer_->crash(web, 3);
    EXPECT_EQ(wait_for(web, ContainerState::exited), ContainerState::exited);
    wait_a_while();
    EXPECT_EQ(inspect(web).state, ContainerState::exited);
    EXPECT_EQ(inspect(web).exit_code, 3);
}

TEST_P(EngineLifeContract, its_restart_rule_holds_again_after_a_start) {
    const ContainerId web = run_up("web", always);
    EXPECT_EQ(outcome(engine().signal(web, "SIGTERM", none_)), "ok");
    ASSERT_EQ(wait_for(web, ContainerState::exited), ContainerState::exited);
    EXPECT_EQ(outcome(engine().start(web, none_)), "ok");
    peer_->wait_until_up(web);
    peer_->crash(web, 1);
    wait_for_restart(web);
    EXPECT_EQ(wait_for(web, ContainerState::running), ContainerState::running);
}

TEST_P(EngineLifeContract, a_program_is_run_inside_and_its_end_is_told) {
    const ContainerId web = run("web");
    const auto good = engine().exec(web, {.argv = {"/w", "probe"}}, none_);
    ASSERT_EQ(outcome(good), "ok");
    EXPECT_EQ(good->exit_code, 0);
    EXPECT_EQ(good->output, "healthy\n");
    const auto bad = engine().exec(web, {.argv = {"/w", "bogus=1"}}, none_);
    ASSERT_EQ(outcome(bad), "ok");
    EXPECT_EQ(bad->exit_code, 2);
    const auto absent = engine().exec(web, {.argv = {"/no/such/program"}}, none_);
    if (absent)
        EXPECT_THAT(absent->exit_code, testing::AnyOf(126, 127));
    else
        EXPECT_EQ(absent.error().code, ErrorCode::invalid);
}

TEST_P(EngineLifeContract, nothing_is_run_where_nothing_runs) {
    const ContainerId web = create("web");
    EXPECT_THAT(outcome(engine().exec(web, {.argv = {"/w", "probe"}}, none_)), fails_as("conflict"));
    EXPECT_THAT(outcome(engine().exec(nobody_, {.argv = {"/w"}}, none_)), fails_as("not_found"));
    EXPECT_THAT(outcome(engine().exec(web, {.argv = {}}, none_)), fails_as("invalid"));
    EXPECT_THAT(outcome(engine().exec(web, {.argv = {""}}, none_)), fails_as("invalid"));
}

TEST_P(EngineLifeContract, the_log_of_what_is_there_can_be_read) {
    const ContainerId web = run("web");
    EXPECT_EQ(outcome(engine().log_tail(web, 20, none_)), "ok");
    EXPECT_EQ(engine().log_tail(create("other"), 20, none_), "");
    EXPECT_THAT(outcome(engine().log_tail(nobody_, 20, none_)), fails_as("not_found"));
}

TEST_P(EngineLifeContract, files_are_put_in_and_taken_out) {
    const ContainerId web = create("web");
    EXPECT_THAT(engine().changes(web, none_).value(), testing::IsEmpty());
    EXPECT_EQ(outcome(engine().put_archive(web, "/", tar_of("app.conf", "colour=blue\n"), none_)), "ok");
    EXPECT_THAT(engine().changes(web, none_).value(),
                Contains(FileChange{.path = "/app.conf", .kind = FileChange::Kind::added}));
    EXPECT_EQ(outcome(engine().start(web, none_)), "ok");
    EXPECT_EQ(outcome(engine().put_archive(web, "/", tar_of("app.conf", "colour=green\n"), none_)), "ok");
    const auto tar = engine().get_archive(web, "/app.conf", none_);
    ASSERT_EQ(outcome(tar), "ok");
    EXPECT_THAT(*tar, testing::StartsWith("app.conf"));
    EXPECT_THAT(*tar, HasSubstr("colour=green\n"));
    const ContainerId other = create("other");
    EXPECT_EQ(outcome(engine().put_archive(other, "/", *tar, none_)), "ok");
    EXPECT_THAT(engine().get_archive(other, "/app.conf", none_).value(), HasSubstr("colour=green\n"));
}

TEST_P(EngineLifeContract, files_that_are_not_there_are_not_found) {
    const ContainerId web = create("web");
    const std::string tar = tar_of("app.conf", "x");
    EXPECT_THAT(outcome(engine().get_archive(web, "/nope", none_)), fails_as("not_found"));
    EXPECT_THAT(outcome(engine().get_archive(nobody_, "/etc", none_)), fails_as("not_found"));
    EXPECT_THAT(outcome(engine().put_archive(web, "/nope", tar, none_)), fails_as("not_found"));
    EXPECT_THAT(outcome(engine().put_archive(nobody_, "/", tar, none_)), fails_as("not_found"));
    EXPECT_THAT(outcome(engine().changes(nobody_, none_)), fails_as("not_found"));
    EXPECT_EQ(outcome(engine().put_archive(web, "/", tar, none_)), "ok");
    EXPECT_THAT(outcome(engine().get_archive(web, "/app.conf/x", none_)), fails_as("not_found"));
    EXPECT_THAT(outcome(engine().put_archive(web, "/app.conf", tar, none_)), fails_as("invalid"));
}

TEST_P(EngineLifeContract, only_plain_archives_of_some_size_go_in_and_out) {
    const ContainerId web = create("web");
    for (const std::string& odd : {std::string(), std::string("garbage"), std::string(512, 'x'),
                                   "\x1f\x8b" + std::string(510, '\0'), tar_of("x", "y").substr(1)})
        EXPECT_THAT(outcome(engine().put_archive(web, "/", odd, none_)), fails_as("invalid"));
    for (const std::string_view path : {"", "etc", "../etc", "/a\nb"}) {
        EXPECT_THAT(outcome(engine().get_archive(web, std::string(path), none_)), fails_as("invalid"));
        EXPECT_THAT(outcome(engine().put_archive(web, std::string(path), tar_of("x", "y"), none_)),
                    fails_as("invalid"));
    }
    const std::string half(std::size_t{5} << 20, 'x');
    EXPECT_THAT(outcome(engine().put_archive(web, "/", tar_of("x", half + half), none_)),
                fails_as("too_large"));
    EXPECT_EQ(outcome(engine().put_archive(web, "/", tar_of("data/one", half), none_)), "ok");
    EXPECT_EQ(outcome(engine().get_archive(web, "/data", none_)), "ok");
    EXPECT_EQ(outcome(engine().put_archive(web, "/", tar_of("data/two", half), none_)), "ok");
    EXPECT_THAT(outcome(engine().get_archive(web, "/data", none_)), fails_as("too_large"));
}

INSTANTIATE_TEST_SUITE_P(Engines, EngineLifeContract, testing::ValuesIn(writable_engine_peers()), name_of);

}  // namespace
}  // namespace rm::docker
