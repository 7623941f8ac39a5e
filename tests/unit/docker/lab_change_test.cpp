// SPDX-License-Identifier: Apache-2.0
// Changing containers of a real engine: what only a real engine and a real proxy can show.
#include <set>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/lab/containers.h"
#include "tests/lab/require.h"
#include "tests/lab/socket_proxy.h"
#include "tests/lab/workload_image.h"
#include "tests/unit/docker/bodies.h"
#include "tests/unit/docker/lab_peer.h"
#include "tests/unit/docker/outcome.h"
#include "tests/unit/docker/tar.h"

namespace rm::docker {
namespace {

using namespace std::chrono_literals;
using namespace test;
using lab::must;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

class LabChange : public testing::Test {
protected:
    void SetUp() override {
        RM_LAB_REQUIRE(engine, haproxy);
        engine_ = connect(lab_engine().host());
    }

    void TearDown() override {
        if (!engine_) return;
        for (const auto& one : must(engine_->list(none_)))
            must(engine_->remove(one.id, Removal::forced, none_));
    }

    ContainerId run(const std::string& name, std::string_view members = "") {
        const std::string body =
            fmt::format(R"({{"Image":"{}"{}{}}})", lab::workload_image, members.empty() ? "" : ",", members);
        ContainerId id = must(engine_->create(name, body, none_));
        must(engine_->start(id, none_));
        return id;
    }

    /// The log, when something is in it.
    std::string log_of(const ContainerId& id) {
        while (must(engine_->log_tail(id, 10, none_)).empty()) std::this_thread::sleep_for(20ms);
        return must(engine_->log_tail(id, 10, none_));
    }

    std::unique_ptr<HttpEngine> engine_;
    const std::stop_token none_;
};

TEST_F(LabChange, each_permission_of_the_proxy_opens_what_is_said_of_it) {
    const ContainerId web = run("web");
    must(lab_engine().docker({"network", "create", "extra"}));
    struct Allowed {
        std::set<std::string> on;
        std::string works;
    };
    const std::vector<Allowed> cases{
        {.on = {}, .works = ""},
        {.on = {"CONTAINERS"}, .works = "changes get_archive log "},
        {.on = {"CONTAINERS", "POST"}, .works = "changes get_archive log put_archive update rename start "},
        {.on = {"POST", "ALLOW_START"}, .works = "start "},
        {.on = {"ALLOW_START"}, .works = ""},
        {.on = {"EXEC", "POST"}, .works = ""},
        {.on = {"CONTAINERS", "EXEC", "POST"},
         .works = "changes get_archive log put_archive update rename start exec "},
        {.on = {"IMAGES"}, .works = "image "},
        {.on = {"NETWORKS", "POST"}, .works = "connect "}};
    for (const Allowed& allowed : cases) {
        const auto proxy = must(lab::SocketProxy::start(lab_engine(), {.on = allowed.on}));
        const auto engine = connect(proxy.host());
        std::string works;
        const auto note = [&](const char* what, const auto& result) {
            if (result)
                works += fmt::format("{} ", what);
            else
                EXPECT_THAT(outcome(result), testing::AllOf(fails_as("permission"), HasSubstr("=1"))) << what;
        };
        note("changes", engine->changes(web, none_));
        note("get_archive", engine->get_archive(web, "/etc/hosts", none_));
        note("log", engine->log_tail(web, 5, none_));
        note("put_archive", engine->put_archive(web, "/", tar_of("a", "b"), none_));
        note("update", engine->update(web, {}, none_));
        note("rename", engine->rename(web, "web", none_));
        note("start", engine->start(web, none_));
        note("exec", engine->exec(web, {.argv = {"/w", "probe"}}, none_));
        note("image", engine->image_id(std::string(lab::workload_image), none_));
        note("connect", engine->connect("extra", web, "{}", none_));
        EXPECT_EQ(works, allowed.works) << testing::PrintToString(allowed.on);
    }
    must(engine_->remove(web, Removal::forced, none_));
    must(lab_engine().docker({"network", "rm", "extra"}));
}

TEST_F(LabChange, a_signal_needs_the_permission_that_is_named_after_restarts) {
    const ContainerId web = run("web");
    const auto without = must(lab::SocketProxy::start(lab_engine(), {.on = {"POST", "ALLOW_STOP"}}));
    EXPECT_THAT(outcome(connect(without.host())->signal(web, "SIGKILL", none_)),
                EndsWith("set POST=1 and CONTAINERS=1 or ALLOW_RESTARTS=1"));
    const auto with = must(lab::SocketProxy::start(lab_engine(), {.on = {"POST", "ALLOW_RESTARTS"}}));
    EXPECT_EQ(outcome(connect(with.host())->signal(web, "SIGKILL", none_)), "ok");
}

TEST_F(LabChange, a_log_is_read_with_and_without_a_terminal) {
    EXPECT_EQ(log_of(run("framed", R"("Cmd":["bogus=1"])")), "there is no setting bogus\n");
    EXPECT_EQ(log_of(run("plain", R"("Cmd":["bogus=1"],"Tty":true)")), "there is no setting bogus\n");
    const ContainerId silent = run("silent", R"("HostConfig":{"LogConfig":{"Type":"none"}})");
    EXPECT_THAT(outcome(engine_->log_tail(silent, 10, none_)), fails_as("unsupported"));
}

TEST_F(LabChange, the_last_probe_is_told) {
    const ContainerId web = run("web");
    must(lab::wait_for_state(lab_engine(), "web", "healthy"));
    EXPECT_EQ(must(engine_->inspect(web, none_)).health_output, "healthy");
    EXPECT_EQ(must(engine_->inspect(web, none_)).health_check->interval, 500ms);
}

TEST_F(LabChange, a_program_that_does_not_end_is_given_up) {
    const ContainerId web = run("web");
    must(lab::wait_for_state(lab_engine(), "web", "healthy"));
    must(engine_->signal(web, "SIGSTOP", none_));  // now the probe gets no answer
    EXPECT_EQ(outcome(engine_->exec(web, {.argv = {"/w", "probe"}, .limit = 700ms}, none_)),
              "timeout: '/w' had not ended after 700ms");
    must(engine_->signal(web, "SIGCONT", none_));
    EXPECT_EQ(must(engine_->exec(web, {.argv = {"/w", "probe"}}, none_)).exit_code, 0);
}

TEST_F(LabChange, volumes_outlive_their_container) {
    const ContainerId web =
        run("web", R"("Volumes":{"/anonymous":{}},"HostConfig":{"Binds":["named:/named"]})");
    const auto volumes = [] { return must(lab_engine().docker({"volume", "ls", "--quiet"})); };
    const std::string before = volumes();
    EXPECT_THAT(before, HasSubstr("named"));
    EXPECT_EQ(outcome(engine_->remove(web, Removal::forced, none_)), "ok");
    EXPECT_EQ(volumes(), before);
    must(lab_engine().docker({"volume", "prune", "--force"}));
}

TEST_F(LabChange, a_limit_that_somebody_took_away_in_part_can_be_set_again) {
    const ContainerId web =
        run("web", R"("HostConfig":{"Memory":67108864,"MemorySwap":67108864,"NanoCpus":500000000})");
    must(lab_engine().docker({"update", "--memory-swap", "-1", web.full()}));
    EXPECT_EQ(must(engine_->inspect(web, none_)).limit_fields.memory_swap, -1);  // the kernel still has 64M
    EXPECT_THAT(outcome(engine_->update(web, {.memory = Bytes::mebi(96)}, none_)), fails_as("conflict"));
    EXPECT_EQ(
        outcome(engine_->update(web, {.memory = Bytes::mebi(96), .memory_swap = Bytes::mebi(96)}, none_)),
        "ok");
    EXPECT_EQ(must(engine_->stats(web, none_)).memory_limit, Bytes::mebi(96));
}

TEST_F(LabChange, a_file_system_that_is_read_only_is_a_refusal_of_the_engine) {
    const ContainerId web = run("web", R"("HostConfig":{"ReadonlyRootfs":true})");
    const std::string refused = outcome(engine_->put_archive(web, "/", tar_of("a", "b"), none_));
    EXPECT_THAT(refused, fails_as("permission"));
    EXPECT_THAT(refused, HasSubstr("read-only"));
    EXPECT_THAT(refused, Not(HasSubstr("proxy")));
}

TEST_F(LabChange, what_can_not_be_run_is_not_started) {
    const std::string body = fmt::format(R"({{"Image":"{}","Entrypoint":["/nope"]}})", lab::workload_image);
    const ContainerId web = must(engine_->create("web", body, none_));
    EXPECT_THAT(outcome(engine_->start(web, none_)), fails_as("invalid"));
    EXPECT_EQ(must(engine_->inspect(web, none_)).state, ContainerState::created);
}

TEST_F(LabChange, goes_on_with_an_engine_that_was_restarted) {
    const ContainerId web = run("web");
    EXPECT_EQ(outcome(engine_->update(web, {.nano_cpus = Cores::from_nanos(500'000'000)}, none_)), "ok");
    lab_engine().stop_daemon();
    EXPECT_THAT(outcome(engine_->start(web, none_)), fails_as("unavailable"));
    must(lab_engine().start_daemon());
    EXPECT_EQ(outcome(engine_->update(web, {.nano_cpus = Cores::from_nanos(250'000'000)}, none_)), "ok");
    EXPECT_EQ(outcome(engine_->start(web, none_)), "ok");
    EXPECT_EQ(print(must(engine_->inspect(web, none_)).limits), "0.25 CPU, unlimited memory");
}

}  // namespace
}  // namespace rm::docker
