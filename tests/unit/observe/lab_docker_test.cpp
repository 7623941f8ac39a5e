// SPDX-License-Identifier: Apache-2.0
// The engine's own statistics, from a real engine: what source_contract_test.cpp demands of every source, in
// seconds instead of hours.
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "docker/http_engine.h"
#include "observe/docker_source.h"
#include "tests/lab/containers.h"
#include "tests/lab/engine.h"
#include "tests/lab/require.h"
#include "tests/lab/workload_image.h"

namespace rm::observe {
namespace {

using namespace std::chrono_literals;
using lab::must;

/// So little that a container gets it, and is held back, on a machine that is busy with other things.
const std::string cpus = "0.05";

constexpr Windows sampled_windows{.window = 2s, .trend = 3s, .check_interval = 2s};

/// One engine for all tests; containers are each test's own.
class LabDockerTest : public testing::Test {
protected:
    void SetUp() override {
        RM_LAB_REQUIRE(engine);
        if (!shared()) {
            shared() = std::make_unique<lab::Engine>(must(lab::Engine::start()));
            must(load_workload(*shared()));
        }
        config::Docker address;
        address.host = config::Url(shared()->host());
        address.timeout = 10s;
        engine_ = must(docker::HttpEngine::make(address));
        must(engine_->version({}));
        samples_ = std::make_unique<Samples>(
            *engine_, clock_,
            SamplesOptions{.reach = {.window = sampled_windows.window, .trend = sampled_windows.trend},
                           .interval = 1s,
                           .at_once = 4});
    }

    void TearDown() override {
        for (const std::string& name : started_) must(shared()->docker({"rm", "--force", name}));
    }

    static void TearDownTestSuite() { shared().reset(); }

    void run(const std::string& name, const std::vector<std::string>& options,
             const std::vector<std::string>& settings) {
        std::vector<std::string> arguments{"run", "--detach", "--no-healthcheck", "--name", name};
        arguments.insert(arguments.end(), options.begin(), options.end());
        arguments.emplace_back(lab::workload_image);
        arguments.insert(arguments.end(), settings.begin(), settings.end());
        started_.push_back(name);
        must(shared()->docker(arguments));
    }

    void sample_for(Duration time) {
        for (const auto end = clock_.now().steady + time; clock_.now().steady < end;) {
            samples_->take({});
            std::this_thread::sleep_for(200ms);
        }
        samples_->take({});
    }

    Target target(const std::string& name) {
        const auto id = must(ContainerId::parse(must(lab::inspect(*shared(), name)).id));
        const docker::Container container = must(engine_->inspect(id, {}));
        return {.id = id,
                .name = name,
                .started_at = container.started_at.value(),
                .cpu_limited = container.limits.cpu.has_value()};
    }

    Usage usage(const Target& wanted) {
        DockerSource source(*samples_);
        return source.observe({&wanted, 1}, sampled_windows, clock_.now().wall, {}).usage.at(wanted.id);
    }
    Usage usage(const std::string& name) { return usage(target(name)); }

    static lab::Engine& engine() { return *shared(); }
    void sample() { samples_->take({}); }

private:
    static std::unique_ptr<lab::Engine>& shared() {
        static std::unique_ptr<lab::Engine> engine;
        return engine;
    }

    SystemClock clock_;
    std::unique_ptr<docker::HttpEngine> engine_;
    std::unique_ptr<Samples> samples_;
    std::vector<std::string> started_;
};

TEST_F(LabDockerTest, reads_a_load_and_idleness_beside_it) {
    run("busy", {"--cpus", cpus, "--memory", "128m"}, {"--cpu=1", "--memory=40m"});
    run("idle", {}, {});
    sample_for(4s);
    const Usage busy = usage("busy");
    ASSERT_TRUE(busy.cpu && busy.cpu_trend && busy.memory && busy.memory_trend && busy.throttled);
    EXPECT_NEAR(busy.cpu->value(), 0.05, 0.015);
    EXPECT_GT(busy.throttled->value(), 0.5);
    EXPECT_GE(*busy.memory, Bytes::mebi(40));
    EXPECT_LT(*busy.memory, Bytes::mebi(60));
    EXPECT_LE(*busy.memory_trend, *busy.memory);
    EXPECT_EQ(busy.oom_kills, 0);
    const Usage idle = usage("idle");
    EXPECT_LT(idle.cpu.value().value(), 0.02);
    EXPECT_LT(idle.memory.value(), Bytes::mebi(20));
    EXPECT_EQ(to_string(idle.throttled.error()), to_string(Gap::not_applicable));
}

TEST_F(LabDockerTest, waits_for_a_new_container_and_after_its_restart) {
    run("web", {"--cpus", cpus}, {"--cpu=1"});
    sample();
    EXPECT_EQ(to_string(usage("web").cpu.error()), to_string(Gap::warming_up));
    sample_for(3s);
    EXPECT_TRUE(usage("web").cpu);
    must(engine().docker({"restart", "--time", "0", "web"}));
    sample();
    EXPECT_EQ(to_string(usage("web").cpu.error()), to_string(Gap::warming_up));
    sample_for(3s);
    EXPECT_NEAR(usage("web").cpu.value().value(), 0.05, 0.015);
}

TEST_F(LabDockerTest, counts_lack_of_memory_at_once) {
    run("leaky", {"--memory", "32m", "--restart", "always"}, {});
    sample();
    const auto before = usage("leaky").oom_kills;
    must(must(lab::Workload::attach(engine(), "leaky")).run_out_of_memory());
    for (int round = 0; round < 50 && usage("leaky").oom_kills == before; ++round) sample_for(100ms);
    const auto after = usage("leaky").oom_kills;
    ASSERT_TRUE(after) << to_string(after.error());
    EXPECT_EQ(*after - *before, 1);
}

TEST_F(LabDockerTest, has_gaps_for_a_container_that_is_gone) {
    run("web", {}, {});
    const Target web = target("web");
    sample_for(3s);
    EXPECT_TRUE(usage(web).cpu);
    must(engine().docker({"rm", "--force", "web"}));
    sample();
    EXPECT_EQ(to_string(usage(web).cpu.error()), to_string(Gap::absent));
    EXPECT_EQ(to_string(usage(web).oom_kills.error()), to_string(Gap::absent));
}

}  // namespace
}  // namespace rm::observe
