// SPDX-License-Identifier: Apache-2.0
// The engine, compose projects on it, and how the workload behaves.
#include "tests/lab/engine.h"

#include <chrono>
#include <csignal>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/lab/compose.h"
#include "tests/lab/containers.h"
#include "tests/lab/http.h"
#include "tests/lab/json.h"
#include "tests/lab/require.h"
#include "tests/lab/socket_proxy.h"
#include "tests/lab/workload_image.h"

namespace rm::lab {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

/// One engine with the image for all tests; containers are each test's own.
class EngineTest : public testing::Test {
protected:
    void SetUp() override {
        RM_LAB_REQUIRE(engine, compose, haproxy);
        if (shared()) return;
        shared() = std::make_unique<Engine>(must(Engine::start()));
        must(load_workload(engine()));
    }

    void TearDown() override {
        if (!shared()) return;
        for (const std::string& name : must(containers(engine())))
            must(engine().docker({"rm", "--force", name}));
    }

    static void TearDownTestSuite() { shared().reset(); }

    static Engine& engine() { return *shared(); }

    /// A running workload with these settings ("--cpu=1") and options of `docker run`.
    static Workload run(const std::string& name, const std::vector<std::string>& settings = {},
                        const std::vector<std::string>& options = {}) {
        std::vector<std::string> arguments{"run", "--detach", "--name", name};
        arguments.insert(arguments.end(), options.begin(), options.end());
        arguments.emplace_back(workload_image);
        arguments.insert(arguments.end(), settings.begin(), settings.end());
        must(engine().docker(arguments));
        return must(Workload::attach(engine(), name));
    }

    static void kill(const std::string& name, const std::string& signal) {
        must(engine().docker({"kill", "--signal", signal, name}));
    }

    static double statistic(const std::string& name, const std::string& where) {
        const auto reply = must(call({.url = "/containers/" + name + "/stats?stream=false&one-shot=true",
                                      .socket = engine().socket()}));
        return number_at(must(parse_json(reply.body)), where);
    }

    static void wait_until(const std::function<bool()>& good) {
        const auto end = std::chrono::steady_clock::now() + 20s;
        while (!good() && std::chrono::steady_clock::now() < end) std::this_thread::sleep_for(10ms);
        EXPECT_TRUE(good());
    }

private:
    static std::unique_ptr<Engine>& shared() {
        static std::unique_ptr<Engine> engine;
        return engine;
    }
};

TEST_F(EngineTest, its_containers_survive_a_killed_daemon_that_comes_back_with_live_restore) {
    Engine engine = must(Engine::start({.arguments = {"--live-restore"}}));
    must(load_workload(engine));
    must(engine.docker({"run", "--detach", "--name", "kept", std::string(workload_image)}));
    const Workload kept = must(Workload::attach(engine, "kept"));
    engine.stop_daemon(SIGKILL);
    EXPECT_FALSE(answers("/_ping", engine.socket()));
    EXPECT_TRUE(kept.id());
    must(engine.start_daemon());
    EXPECT_EQ(must(inspect(engine, "kept")).status, "running");
}

TEST_F(EngineTest, a_restarted_daemon_knows_its_containers) {
    run("web");
    engine().stop_daemon();
    must(engine().start_daemon());
    EXPECT_THAT(must(containers(engine())), ElementsAre("web"));
    EXPECT_EQ(must(inspect(engine(), "web")).status, "exited");
}

TEST_F(EngineTest, compose_names_and_labels_containers_as_version_1_does) {
    const auto file = compose_file(
        {{.name = "web", .cpus = "0.5", .memory = "32m", .environment = {{"WORKLOAD_LINGER", "1s"}}},
         {.name = "db", .more = {"stop_grace_period: 1s"}}});
    ComposeProject shop = must(ComposeProject::up(engine(), "shop", file));
    const Container web = must(inspect(engine(), shop.container("web")));
    EXPECT_EQ(web.name, "shop_web_1");
    EXPECT_EQ(web.labels.at("com.docker.compose.project"), "shop");
    EXPECT_EQ(web.labels.at("com.docker.compose.service"), "web");
    EXPECT_EQ(web.labels.at("com.docker.compose.version"), "1.29.2");
    EXPECT_THAT(must(shop.ps()), HasSubstr("shop_db_1"));
    EXPECT_EQ(statistic("shop_web_1", "/memory_stats/limit"), 32 * 1024 * 1024);
    EXPECT_THAT(must(get(must(Workload::attach(engine(), "shop_web_1")).url() + "/settings")),
                HasSubstr("linger=1000ms"));
    must(shop.down());
    EXPECT_THAT(must(containers(engine())), testing::IsEmpty());
}

TEST_F(EngineTest, a_project_out_of_scope_leaves_no_container_network_or_volume) {
    {
        const auto file =
            compose_file({{.name = "web", .more = {"volumes: [data:/data]"}}}) + "volumes: {data: {}}\n";
        const ComposeProject shop = must(ComposeProject::up(engine(), "shop", file));
        EXPECT_THAT(must(engine().docker({"volume", "ls", "--quiet"})), HasSubstr("shop_data"));
    }
    EXPECT_THAT(must(containers(engine())), testing::IsEmpty());
    EXPECT_EQ(must(engine().docker({"volume", "ls", "--quiet"})), "");
    EXPECT_EQ(must(engine().docker({"network", "ls", "--quiet", "--filter", "name=shop"})), "");
}

TEST_F(EngineTest, the_workload_says_who_it_is) {
    const Workload web = run("web");
    EXPECT_EQ(must(web.id()), must(inspect(engine(), "web")).id.substr(0, 12));
}

TEST_F(EngineTest, the_workload_is_as_healthy_as_it_is_told) {
    const Workload web = run("web", {"--start_delay=3600s"});
    must(wait_for_state(engine(), "web", "unhealthy"));
    must(web.set("start_delay=0"));
    must(wait_for_state(engine(), "web", "healthy"));
    must(web.set("health=unhealthy"));
    must(wait_for_state(engine(), "web", "unhealthy"));
}

TEST_F(EngineTest, the_workload_is_not_healthy_while_its_drain_file_is_there) {
    const Workload web = run("web", {"--drain_file=/no/such"});
    must(wait_for_state(engine(), "web", "healthy"));
    must(web.set("drain_file=/w"));
    must(wait_for_state(engine(), "web", "unhealthy"));
}

TEST_F(EngineTest, the_workload_answers_a_single_request_as_late_as_it_asks_for) {
    const Workload web = run("web");
    const auto begun = std::chrono::steady_clock::now();
    EXPECT_TRUE(get(web.url() + "/?answer_delay=500ms"));
    EXPECT_GE(std::chrono::steady_clock::now() - begun, 500ms);
    EXPECT_THAT(must(get(web.url() + "/settings")), HasSubstr("answer_delay=0ms"));
}

TEST_F(EngineTest, the_workload_refuses_what_it_does_not_know) {
    const Workload web = run("web");
    EXPECT_FALSE(web.set("colour=red"));
    EXPECT_FALSE(web.set("cpu=1&memory=lots"));
    EXPECT_THAT(must(get(web.url() + "/settings")), HasSubstr("cpu=0.000000"));
}

TEST_F(EngineTest, the_workload_holds_memory_and_lets_it_go) {
    const Workload web = run("web", {"--memory=32m"}, {"--memory", "128m"});
    const auto used = [] { return statistic("web", "/memory_stats/usage") / (1024 * 1024); };
    wait_until([&] { return used() > 32; });
    must(web.set("memory=80m"));
    wait_until([&] { return used() > 80; });
    must(web.set("memory=0"));
    wait_until([&] { return used() < 16; });
}

TEST_F(EngineTest, the_workload_burns_the_cpu_it_is_told_to) {
    const Workload web = run("web", {"--cpu=0.4"});
    const auto cores = [] {
        const double before = statistic("web", "/cpu_stats/cpu_usage/total_usage");
        const auto begun = std::chrono::steady_clock::now();
        std::this_thread::sleep_for(1s);
        const double used = statistic("web", "/cpu_stats/cpu_usage/total_usage") - before;
        return used /
               std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - begun).count();
    };
    const double busy = cores();
    EXPECT_GT(busy, 0.05) << "a loaded machine gives less, but not nothing";
    EXPECT_LT(busy, 0.8);
    must(web.set("cpu=0"));
    EXPECT_LT(cores(), 0.2) << "the health checks cost a little";
}

TEST_F(EngineTest, a_workload_out_of_memory_is_killed) {
    const Workload unlimited = run("unlimited");
    EXPECT_FALSE(unlimited.run_out_of_memory()) << "it would take the machine's memory";
    const Workload web = run("web", {}, {"--memory", "32m"});
    must(web.run_out_of_memory());
    must(wait_for_state(engine(), "web", "exited"));
    EXPECT_EQ(must(inspect(engine(), "web")).exit_code, 137);
    EXPECT_TRUE(must(inspect(engine(), "web")).oom_killed);
}

TEST_F(EngineTest, a_workload_crashes_with_the_code_it_is_told) {
    const Workload web = run("web");
    web.crash(3);
    must(wait_for_state(engine(), "web", "exited"));
    EXPECT_EQ(must(inspect(engine(), "web")).exit_code, 3);
    must(engine().docker({"run", "--name", "short", std::string(workload_image), "--exit_after=10ms"}));
    EXPECT_EQ(must(inspect(engine(), "short")).exit_code, 0);
}

TEST_F(EngineTest, on_sigterm_the_workload_answers_what_it_has_begun_and_takes_no_more) {
    const Workload web = run("web", {"--answer_delay=3s", "--exit_code=4"});
    auto answer = std::async(std::launch::async, [&] { return web.id(); });
    wait_until([&] { return must(get(web.url() + "/metrics")).find("in_flight 2") != std::string::npos; });
    kill("web", "TERM");
    EXPECT_FALSE(answers(web.url() + "/health")) << "it listens no more";
    EXPECT_TRUE(answer.get());
    must(wait_for_state(engine(), "web", "exited"));
    EXPECT_EQ(must(inspect(engine(), "web")).exit_code, 4);
}

TEST_F(EngineTest, a_lingering_workload_takes_requests_but_is_not_healthy) {
    const Workload web = run("web", {"--linger=60s"});
    kill("web", "TERM");
    wait_until([&] { return must(call({.url = web.url() + "/health"})).status == 503; });
    EXPECT_TRUE(web.id());
}

TEST_F(EngineTest, a_workload_may_drop_requests_or_ignore_sigterm) {
    const Workload rude = run("rude", {"--answer_delay=60s", "--on_term=exit"});
    auto answer = std::async(std::launch::async, [&] { return rude.id(); });
    wait_until([&] { return must(get(rude.url() + "/metrics")).find("in_flight 2") != std::string::npos; });
    kill("rude", "TERM");
    must(wait_for_state(engine(), "rude", "exited"));
    EXPECT_FALSE(answer.get());
    const Workload deaf = run("deaf", {"--on_term=ignore"});
    kill("deaf", "TERM");
    EXPECT_TRUE(deaf.id());
    EXPECT_EQ(must(inspect(engine(), "deaf")).status, "running");
}

TEST_F(EngineTest, the_workload_answers_a_load_generator_without_a_loss) {
    const Workload web = run("web");
    const std::string load =
        "import sys, http.client, threading\n"
        "host, port = sys.argv[1].split(':')\n"
        "good = []\n"
        "def ask():\n"
        "    c = http.client.HTTPConnection(host, int(port), timeout=20)\n"
        "    for i in range(250):\n"
        "        c.request('GET', '/')\n"
        "        r = c.getresponse()\n"
        "        if r.status == 200 and len(r.read()) == 13: good.append(1)\n"
        "all = [threading.Thread(target=ask) for _ in range(16)]\n"
        "[t.start() for t in all]; [t.join() for t in all]\n"
        "print(len(good))\n";
    EXPECT_EQ(
        must(run_well(
            {.name = "load", .argv = {"python3", "-c", load, web.inside()}, .inside = &engine().space()})),
        "4000\n");
}

}  // namespace
}  // namespace rm::lab
