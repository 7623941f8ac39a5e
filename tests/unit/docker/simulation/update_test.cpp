// SPDX-License-Identifier: Apache-2.0
// Limits of the simulated engine changed in place, under both versions of cgroups: what the call answers,
// what inspecting says and what the kernel has.
#include <gmock/gmock.h>

#include "tests/unit/docker/simulation/fixture.h"

namespace rm::docker {
namespace {

using namespace std::chrono_literals;
using test::done;
using testing::ElementsAre;

class SimulatedUpdateTest : public test::SimulationTest, public testing::WithParamInterface<int> {
protected:
    SimulatedUpdateTest() : SimulationTest({.cgroup_version = GetParam()}) {
        done(engine.add_image("web:1", {.load = [this](WallTime, Duration) {
                                  return Demand{
                                      .cpu = Cores::whole(4), .memory = used, .file_cache = Bytes(0)};
                              }}));
    }

    ContainerId with(const std::string& host_config) {
        return run("web", R"({"Image":"web:1","HostConfig":{)" + host_config + "}}");
    }

    Status update(const ContainerId& id, const Update& wanted) { return engine.update(id, wanted, none); }
    /// What the kernel has.
    Bytes limit(const ContainerId& id) { return engine.stats(id, none)->memory_limit.value(); }
    Cores cpu_of_a_second(const ContainerId& id) {
        const auto before = engine.stats(id, none)->cpu_total;
        clock.advance(1s);
        return Cores::from_nanos((engine.stats(id, none)->cpu_total - before).count());
    }

    Bytes used = Bytes::mebi(100);
};

TEST_P(SimulatedUpdateTest, raised_limits_hold_at_once_and_are_told) {
    const auto id = with(R"("NanoCpus":500000000,"Memory":268435456,"MemorySwap":268435456)");
    EXPECT_EQ(cpu_of_a_second(id), Cores::from_nanos(500'000'000));
    done(update(id, {.nano_cpus = Cores::from_nanos(1'500'000'000),
                     .memory = Bytes::mebi(512),
                     .memory_swap = Bytes::mebi(512)}));
    EXPECT_EQ(print(inspect(id).limits), "1.5 CPU, 512M");
    EXPECT_EQ(inspect(id).limit_fields.memory_swap, Bytes::mebi(512).count());
    EXPECT_EQ(limit(id), Bytes::mebi(512));
    EXPECT_EQ(cpu_of_a_second(id), Cores::from_nanos(1'500'000'000));
    EXPECT_EQ(at(id, "/HostConfig/NanoCpus"), 1'500'000'000);
    EXPECT_THAT(events(), ElementsAre("create", "start", "update"));
}

TEST_P(SimulatedUpdateTest, memory_alone_on_an_unlimited_container_is_a_conflict) {
    const auto id = with("");
    EXPECT_EQ(code(update(id, {.memory = Bytes::mebi(256)})), ErrorCode::conflict);
    EXPECT_EQ(inspect(id).limits.memory, std::nullopt);
    done(update(id, {.memory = Bytes::mebi(256), .memory_swap = Bytes::mebi(256)}));
    EXPECT_EQ(limit(id), Bytes::mebi(256));
}

TEST_P(SimulatedUpdateTest, memory_above_the_swap_is_a_conflict) {
    const auto id = with(R"("Memory":268435456)");  // so the swap is 512 MiB
    EXPECT_EQ(code(update(id, {.memory = Bytes::mebi(513)})), ErrorCode::conflict);
    done(update(id, {.memory = Bytes::mebi(512)}));
}

TEST_P(SimulatedUpdateTest, what_makes_no_sense_is_invalid) {
    const auto id = with(R"("Memory":268435456)");
    EXPECT_EQ(code(update(id, {.memory = Bytes::mebi(256), .memory_swap = Bytes::mebi(255)})),
              ErrorCode::invalid);
    EXPECT_EQ(code(update(id, {.memory = Bytes(-1)})), ErrorCode::invalid);
    EXPECT_EQ(code(update(id, {.memory = Bytes::mebi(5)})), ErrorCode::invalid);
    EXPECT_EQ(code(update(id, {.nano_cpus = Cores::whole(9)})), ErrorCode::invalid);
    EXPECT_EQ(code(update(id, {.memory = Bytes::mebi(128), .memory_reservation = Bytes::mebi(129)})),
              ErrorCode::invalid);
    EXPECT_EQ(
        code(update(id, {.restart = RestartRule{.policy = RestartPolicy::always, .maximum_retries = 2}})),
        ErrorCode::invalid);
    EXPECT_THAT(events(), ElementsAre("create", "start"));
}

TEST_P(SimulatedUpdateTest, a_reservation_is_only_told) {
    const auto id = with(R"("Memory":268435456)");
    done(update(id, {.memory_reservation = Bytes::mebi(128)}));
    EXPECT_EQ(inspect(id).limit_fields.memory_reservation, Bytes::mebi(128).count());
}

TEST_P(SimulatedUpdateTest, nano_cpus_and_a_quota_do_not_mix) {
    const auto nanos = with(R"("NanoCpus":500000000)");
    EXPECT_EQ(code(update(nanos, {.cpu_quota = CpuQuota{.quota = 50ms}})), ErrorCode::conflict);
    EXPECT_EQ(inspect(nanos).limit_fields.cpu_quota, 0);
    done(engine.rename(nanos, "nanos", none));
    const auto quota = with(R"("CpuQuota":50000,"CpuPeriod":100000)");
    EXPECT_EQ(code(update(quota, {.nano_cpus = Cores::whole(1)})), ErrorCode::conflict);
    EXPECT_NE(inspect(quota).limit_fields.cpu_quota, 0);
    done(update(quota, {.cpu_quota = CpuQuota{.quota = 150ms}}));
    EXPECT_EQ(inspect(quota).limits.cpu, Cores::from_nanos(1'500'000'000));
    EXPECT_EQ(cpu_of_a_second(quota), Cores::from_nanos(1'500'000'000));
}

TEST_P(SimulatedUpdateTest, too_little_cpu_is_told_but_not_had) {
    const auto id = with(R"("NanoCpus":500000000)");
    done(engine.update(id, {.nano_cpus = Cores::from_nanos(1000)}, none));
    EXPECT_EQ(inspect(id).limits.cpu, Cores::from_nanos(1000));
    EXPECT_EQ(cpu_of_a_second(id), Cores::from_nanos(500'000'000));
}

TEST_P(SimulatedUpdateTest, a_swap_of_minus_one_is_told_but_not_had) {
    const auto id = with(R"("Memory":209715200,"MemorySwap":419430400)");
    done(update(id, {.memory = Bytes::mebi(300), .memory_swap = Bytes(-1)}));
    EXPECT_EQ(at(id, "/HostConfig/MemorySwap"), -1);
    EXPECT_EQ(limit(id), Bytes::mebi(300));
    const auto raised = update(id, {.memory = Bytes::mebi(500), .memory_swap = Bytes(-1)});
    if (GetParam() == 1) {
        EXPECT_EQ(code(raised), ErrorCode::conflict);
        EXPECT_EQ(limit(id), Bytes::mebi(300));
        EXPECT_EQ(inspect(id).limits.memory, Bytes::mebi(300));
    } else {
        EXPECT_TRUE(raised);
        EXPECT_EQ(limit(id), Bytes::mebi(500));
    }
}

TEST_P(SimulatedUpdateTest, below_what_is_in_use_version_1_refuses_and_version_2_kills) {
    const auto id = with(R"("Memory":268435456,"RestartPolicy":{"Name":"always"})");
    const auto lowered = update(id, {.memory = Bytes::mebi(64), .memory_swap = Bytes::mebi(64)});
    if (GetParam() == 1) {
        EXPECT_EQ(code(lowered), ErrorCode::conflict);
        EXPECT_EQ(state(id), ContainerState::running);
        EXPECT_EQ(inspect(id).limits.memory, Bytes::mebi(256));
    } else {
        EXPECT_TRUE(lowered);
        EXPECT_TRUE(inspect(id).oom_killed);
        EXPECT_EQ(inspect(id).exit_code, 137);
        EXPECT_THAT(events(), ElementsAre("create", "start", "update", "oom", "die 137"));
    }
}

TEST_P(SimulatedUpdateTest, one_that_does_not_run_has_its_new_limits_when_it_starts) {
    const auto id = with(R"("Memory":268435456)");
    done(engine.kill(id));
    done(update(id,
                {.nano_cpus = Cores::whole(1), .memory = Bytes::mebi(128), .memory_swap = Bytes::mebi(128)}));
    done(engine.start(id, none));
    EXPECT_EQ(limit(id), Bytes::mebi(128));
    EXPECT_EQ(cpu_of_a_second(id), Cores::whole(1));
}

TEST_P(SimulatedUpdateTest, a_restart_keeps_what_was_set_in_place) {
    const auto id = with(R"("Memory":268435456,"RestartPolicy":{"Name":"always"})");
    done(update(id, {.memory = Bytes::mebi(384)}));
    done(engine.crash(id, 1));
    clock.advance(1s);
    EXPECT_EQ(limit(id), Bytes::mebi(384));
}

TEST_P(SimulatedUpdateTest, one_that_is_about_to_be_restarted_comes_back_with_its_new_limits) {
    const auto id = with(R"("Memory":268435456,"RestartPolicy":{"Name":"always"})");
    done(engine.crash(id, 1));
    ASSERT_EQ(state(id), ContainerState::restarting);
    done(update(id, {.memory = Bytes::mebi(384), .memory_swap = Bytes::mebi(768)}));
    clock.advance(1s);
    EXPECT_EQ(state(id), ContainerState::running);
    EXPECT_EQ(limit(id), Bytes::mebi(384));
}

INSTANTIATE_TEST_SUITE_P(Cgroups, SimulatedUpdateTest, testing::Values(1, 2),
                         [](const auto& version) { return "v" + std::to_string(version.param); });

}  // namespace
}  // namespace rm::docker
