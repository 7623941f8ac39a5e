// SPDX-License-Identifier: Apache-2.0
// What holds for changing limits in place, on every engine.
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/docker/changing.h"

namespace rm::docker {
namespace {

using namespace test;

constexpr std::string_view by_cpus =
    R"("HostConfig":{"NanoCpus":500000000,"Memory":67108864,"MemorySwap":134217728})";
constexpr std::string_view by_quota =
    R"("HostConfig":{"CpuQuota":50000,"CpuPeriod":100000,"Memory":67108864,"MemorySwap":134217728})";
constexpr std::string_view unlimited_swap = R"("HostConfig":{"Memory":67108864,"MemorySwap":-1})";

Cores millicores(std::int64_t count) {
    return Cores::from_nanos(count * 1'000'000);
}

class EngineUpdateContract : public Changing {
protected:
    std::string update(const ContainerId& id, const Update& update) {
        return outcome(engine().update(id, update, none_));
    }

    /// What the kernel holds it to.
    std::optional<Bytes> memory_limit(const ContainerId& id) {
        return engine().stats(id, none_).value().memory_limit;
    }

    /// Limits by inspect, swap among them.
    std::string limits(const ContainerId& id) {
        const Container seen = inspect(id);
        const Bytes swap(seen.limit_fields.memory_swap);
        return fmt::format("{}, {} with swap", print(seen.limits),
                           swap.count() > 0 ? print(swap) : "unlimited");
    }
};

TEST_P(EngineUpdateContract, a_running_container_gets_other_limits_at_once) {
    const ContainerId web = run("web", by_cpus);
    EXPECT_EQ(
        update(web,
               {.nano_cpus = millicores(750), .memory = Bytes::mebi(96), .memory_swap = Bytes::mebi(96)}),
        "ok");
    EXPECT_EQ(limits(web), "0.75 CPU, 96M, 96M with swap");
    EXPECT_EQ(memory_limit(web), Bytes::mebi(96));
    EXPECT_EQ(update(web, {.memory = Bytes::mebi(48), .memory_swap = Bytes::mebi(64)}), "ok");
    EXPECT_EQ(limits(web), "0.75 CPU, 48M, 64M with swap");
    EXPECT_EQ(memory_limit(web), Bytes::mebi(48));
    EXPECT_EQ(inspect(web).restart_count, 0);
}

TEST_P(EngineUpdateContract, the_same_again_is_a_success_and_what_is_not_given_stays) {
    const ContainerId web = run("web", by_cpus);
    for (int i = 0; i < 2; ++i) EXPECT_EQ(update(web, {.nano_cpus = millicores(250)}), "ok");
    EXPECT_EQ(limits(web), "0.25 CPU, 64M, 128M with swap");
    EXPECT_EQ(update(web, {}), "ok");
    EXPECT_EQ(limits(web), "0.25 CPU, 64M, 128M with swap");
}

TEST_P(EngineUpdateContract, a_container_that_does_not_run_gets_its_limits_for_later) {
    const ContainerId web = create("web", by_cpus);
    EXPECT_EQ(update(web, {.memory = Bytes::mebi(96), .memory_swap = Bytes::mebi(96)}), "ok");
    EXPECT_EQ(limits(web), "0.5 CPU, 96M, 96M with swap");
    EXPECT_EQ(outcome(engine().start(web, none_)), "ok");
    EXPECT_EQ(memory_limit(web), Bytes::mebi(96));
    EXPECT_THAT(update(nobody_, {.memory = Bytes::mebi(96)}), fails_as("not_found"));
}

TEST_P(EngineUpdateContract, memory_alone_stays_below_the_swap_that_is_set) {
    const ContainerId web = run("web", by_cpus);
    EXPECT_EQ(update(web, {.memory = Bytes::mebi(128)}), "ok");
    EXPECT_THAT(update(web, {.memory = Bytes::mebi(160)}), fails_as("conflict"));
    EXPECT_EQ(limits(web), "0.5 CPU, 128M, 128M with swap");
    const ContainerId unlimited = run("unlimited");
    EXPECT_THAT(update(unlimited, {.memory = Bytes::mebi(128)}), fails_as("conflict"));
    EXPECT_EQ(inspect(unlimited).limits, Limits());
    EXPECT_EQ(update(unlimited, {.memory = Bytes::mebi(128), .memory_swap = Bytes::mebi(256)}), "ok");
    EXPECT_EQ(memory_limit(unlimited), Bytes::mebi(128));
}

TEST_P(EngineUpdateContract, with_unlimited_swap_only_a_number_goes_along) {
    const ContainerId web = run("web", unlimited_swap);
    EXPECT_THAT(update(web, {.memory = Bytes::mebi(96)}), fails_as("conflict"));
    EXPECT_THAT(update(web, {.memory = Bytes::mebi(96), .memory_swap = Bytes(-1)}), fails_as("invalid"));
    EXPECT_EQ(update(web, {.memory = Bytes::mebi(96), .memory_swap = Bytes::mebi(192)}), "ok");
    EXPECT_EQ(limits(web), "unlimited CPU, 96M, 192M with swap");
}

TEST_P(EngineUpdateContract, memory_that_can_not_be_is_refused) {
    const ContainerId web = run("web", by_cpus);
    EXPECT_THAT(update(web, {.memory = Bytes::mebi(64), .memory_swap = Bytes::mebi(32)}),
                fails_as("invalid"));
    EXPECT_THAT(update(web, {.memory = Bytes::mebi(5), .memory_swap = Bytes::mebi(64)}), fails_as("invalid"));
    EXPECT_THAT(update(web, {.memory = Bytes(-1), .memory_swap = Bytes::mebi(64)}), fails_as("invalid"));
    EXPECT_THAT(update(web, {.memory_reservation = Bytes::mebi(5)}), fails_as("invalid"));
    EXPECT_EQ(limits(web), "0.5 CPU, 64M, 128M with swap");
    EXPECT_EQ(memory_limit(web), Bytes::mebi(64));
}

TEST_P(EngineUpdateContract, what_an_engine_would_take_and_ignore_is_refused) {
    const ContainerId web = run("web", by_cpus);
    for (const Update& ignored : {Update{.nano_cpus = Cores()}, Update{.nano_cpus = Cores::from_nanos(1000)},
                                  Update{.memory = Bytes(0)}, Update{.memory_swap = Bytes(0)},
                                  Update{.memory_swap = Bytes(-1)}, Update{.memory_reservation = Bytes(0)}})
        EXPECT_THAT(update(web, ignored), fails_as("invalid"));
    EXPECT_EQ(limits(web), "0.5 CPU, 64M, 128M with swap");
    EXPECT_EQ(update(web, {.nano_cpus = millicores(10)}), "ok");
}

TEST_P(EngineUpdateContract, cpus_and_quota_do_not_mix) {
    const CpuQuota quota{.quota = std::chrono::microseconds(60'000)};
    const ContainerId cpus = run("cpus", by_cpus);
    EXPECT_THAT(update(cpus, {.cpu_quota = quota}), fails_as("conflict"));
    EXPECT_EQ(limits(cpus), "0.5 CPU, 64M, 128M with swap");
    const ContainerId quotas = run("quotas", by_quota);
    EXPECT_THAT(update(quotas, {.nano_cpus = millicores(600)}), fails_as("conflict"));
    EXPECT_EQ(update(quotas, {.cpu_quota = quota}), "ok");
    EXPECT_EQ(limits(quotas), "0.6 CPU, 64M, 128M with swap");
    EXPECT_THAT(update(quotas, {.nano_cpus = millicores(600), .cpu_quota = quota}), fails_as("invalid"));
}

TEST_P(EngineUpdateContract, a_container_without_a_cpu_limit_takes_either) {
    const ContainerId one = run("one");
    EXPECT_EQ(update(one, {.nano_cpus = millicores(600)}), "ok");
    EXPECT_EQ(inspect(one).limit_fields.cpu_quota, 0);
    const ContainerId two = run("two");
    EXPECT_EQ(update(two, {.cpu_quota = CpuQuota{.quota = std::chrono::microseconds(60'000)}}), "ok");
    EXPECT_NE(inspect(two).limit_fields.cpu_quota, 0);
    EXPECT_EQ(inspect(two).limits.cpu, millicores(600));
}

TEST_P(EngineUpdateContract, cpus_that_can_not_be_are_refused) {
    const ContainerId web = run("web", by_cpus);
    const Cores cpus = engine().info(none_)->cpus;
    EXPECT_THAT(update(web, {.nano_cpus = Cores::from_nanos(cpus.nanos() + 1)}), fails_as("invalid"));
    EXPECT_EQ(update(web, {.nano_cpus = cpus}), "ok");
    EXPECT_EQ(inspect(web).limits.cpu, cpus);
    const ContainerId quotas = run("quotas", by_quota);
    using std::chrono::microseconds;
    for (const CpuQuota& odd : {CpuQuota{.quota = microseconds(500)}, CpuQuota{.quota = microseconds(0)},
                                CpuQuota{.quota = microseconds(-1)},
                                CpuQuota{.quota = microseconds(5000), .period = microseconds(10)},
                                CpuQuota{.quota = microseconds(5000), .period = std::chrono::seconds(2)}})
        EXPECT_THAT(update(quotas, {.cpu_quota = odd}), fails_as("invalid")) << odd.quota.count();
    EXPECT_EQ(inspect(quotas).limits.cpu, millicores(500));
}

TEST_P(EngineUpdateContract, a_reservation_is_compared_with_the_memory_sent_along) {
    const ContainerId web = run("web", by_cpus);
    EXPECT_THAT(update(web, {.memory = Bytes::mebi(64), .memory_reservation = Bytes::mebi(65)}),
                fails_as("invalid"));
    EXPECT_EQ(update(web, {.memory_reservation = Bytes::mebi(32)}), "ok");
    EXPECT_EQ(inspect(web).limit_fields.memory_reservation, Bytes::mebi(32).count());
    EXPECT_EQ(update(web, {.memory = Bytes::mebi(24), .memory_swap = Bytes::mebi(24)}), "ok");
    EXPECT_EQ(inspect(web).limit_fields.memory_reservation, Bytes::mebi(32).count());
}

TEST_P(EngineUpdateContract, less_memory_than_is_used_is_refused_or_kills_as_the_version_of_cgroups_has_it) {
    const ContainerId web = run_up("web", by_cpus);
    peer_->use_memory(web, Bytes::mebi(40));
    const std::string answer = update(web, {.memory = Bytes::mebi(20), .memory_swap = Bytes::mebi(20)});
    if (engine().info(none_)->cgroup_version == 1) {
        EXPECT_THAT(answer, fails_as("conflict"));
        EXPECT_EQ(inspect(web).state, ContainerState::running);
        EXPECT_EQ(limits(web), "0.5 CPU, 64M, 128M with swap");
        EXPECT_EQ(memory_limit(web), Bytes::mebi(64));
    } else {
        EXPECT_EQ(answer, "ok");
        EXPECT_EQ(wait_for(web, ContainerState::exited), ContainerState::exited);
        EXPECT_TRUE(inspect(web).oom_killed);
    }
}

TEST_P(EngineUpdateContract, a_restart_rule_is_changed_alone) {
    const ContainerId web = run("web", by_cpus);
    for (const RestartRule& rule :
         {RestartRule{.policy = RestartPolicy::always}, RestartRule{.policy = RestartPolicy::unless_stopped},
          RestartRule{.policy = RestartPolicy::on_failure, .maximum_retries = 3},
          RestartRule{.policy = RestartPolicy::on_failure}, RestartRule{.policy = RestartPolicy::no}}) {
        EXPECT_EQ(update(web, {.restart = rule}), "ok");
        EXPECT_EQ(inspect(web).restart, rule);
    }
    EXPECT_THAT(update(web, {.restart = RestartRule{.policy = RestartPolicy::always, .maximum_retries = 3}}),
                fails_as("invalid"));
    EXPECT_THAT(
        update(web, {.restart = RestartRule{.policy = RestartPolicy::on_failure, .maximum_retries = -1}}),
        fails_as("invalid"));
    EXPECT_EQ(limits(web), "0.5 CPU, 64M, 128M with swap");
}

TEST_P(EngineUpdateContract, without_its_restart_rule_it_stays_down) {
    const ContainerId web = run_up("web", R"("HostConfig":{"RestartPolicy":{"Name":"always"}})");
    EXPECT_EQ(update(web, {.restart = RestartRule()}), "ok");
    peer_->crash(web, 1);
    EXPECT_EQ(wait_for(web, ContainerState::exited), ContainerState::exited);
    wait_a_while();
    EXPECT_EQ(inspect(web).state, ContainerState::exited);
}

INSTANTIATE_TEST_SUITE_P(Engines, EngineUpdateContract, testing::ValuesIn(writable_engine_peers()), name_of);

}  // namespace
}  // namespace rm::docker
