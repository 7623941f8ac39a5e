// SPDX-License-Identifier: Apache-2.0
#include "deploy/fitness.h"

#include <gtest/gtest.h>

#include "tests/unit/deploy/picture.h"

namespace rm::deploy::test {
namespace {

using docker::ContainerState;
using docker::HealthState;
using Kind = Fitness::Kind;

docker::Container web(ContainerState state, HealthState health = HealthState::healthy) {
    docker::Container web = container('a', "web-1", limits("1", "1G"));
    web.state = state;
    web.health = health;
    return web;
}

Fitness judged(const docker::Container& container, HealthBy by, std::optional<Duration> runs = std::nullopt,
               bool probed = false) {
    Terms terms;
    terms.health = by;
    return fitness_of(container, terms, runs, probed);
}

TEST(Fitness, of_a_container_that_does_not_run_is_never_good) {
    for (const HealthBy by : {HealthBy::docker, HealthBy::running, HealthBy::probe}) {
        const auto fitness = [by](ContainerState state) { return judged(web(state), by, 1h, true); };
        EXPECT_EQ(fitness(ContainerState::exited).kind, Kind::bad);
        EXPECT_EQ(fitness(ContainerState::dead).kind, Kind::bad);
        EXPECT_EQ(fitness(ContainerState::removing).kind, Kind::bad);
        EXPECT_EQ(fitness(ContainerState::created).kind, Kind::not_yet);
        EXPECT_EQ(fitness(ContainerState::restarting).kind, Kind::not_yet);
        EXPECT_EQ(fitness(ContainerState::paused).kind, Kind::not_yet);
        EXPECT_EQ(fitness(ContainerState::running).kind, Kind::good);
    }
}

TEST(Fitness, tells_how_a_container_ended) {
    docker::Container ended = web(ContainerState::exited);
    ended.exit_code = 3;
    EXPECT_EQ(judged(ended, HealthBy::docker).reason, "web-1 ended with exit code 3");
    ended.oom_killed = true;
    EXPECT_EQ(judged(ended, HealthBy::docker).reason, "web-1 was killed because it ran out of memory");
}

TEST(Fitness, by_docker_is_what_its_health_check_says) {
    const auto fitness = [](HealthState health) {
        return judged(web(ContainerState::running, health), HealthBy::docker, 1h, true);
    };
    EXPECT_EQ(fitness(HealthState::healthy).kind, Kind::good);
    EXPECT_EQ(fitness(HealthState::starting).kind, Kind::not_yet);
    EXPECT_EQ(fitness(HealthState::unhealthy).kind, Kind::bad);
    EXPECT_EQ(fitness(HealthState::none).kind, Kind::bad);  // never taken for healthy
    EXPECT_EQ(fitness(HealthState::none).reason, "web-1 has no health check");
}

TEST(Fitness, by_running_takes_a_while_without_a_restart) {
    const docker::Container running = web(ContainerState::running, HealthState::unhealthy);
    EXPECT_EQ(judged(running, HealthBy::running).kind, Kind::not_yet);
    EXPECT_EQ(judged(running, HealthBy::running, 9999ms).kind, Kind::not_yet);
    EXPECT_EQ(judged(running, HealthBy::running, 10s).kind, Kind::good);
}

TEST(Fitness, by_probe_is_what_our_own_probe_last_found) {
    const docker::Container running = web(ContainerState::running, HealthState::unhealthy);
    EXPECT_EQ(judged(running, HealthBy::probe, 1h, false).kind, Kind::not_yet);
    EXPECT_EQ(judged(running, HealthBy::probe, std::nullopt, true).kind, Kind::good);
}

TEST(TermsFor, a_container_without_a_health_check_ask_that_it_runs) {
    docker::Container bare = web(ContainerState::running, HealthState::none);
    bare.health_check.reset();
    Terms terms;
    EXPECT_EQ(terms_for(terms, bare).health, HealthBy::running);
    EXPECT_EQ(terms_for(terms, web(ContainerState::running)).health, HealthBy::docker);
    terms.health = HealthBy::probe;
    EXPECT_EQ(terms_for(terms, bare).health, HealthBy::probe);
}

TEST(IsGone, counts_what_is_about_to_go) {
    EXPECT_TRUE(is_gone(std::nullopt));
    EXPECT_TRUE(is_gone(web(ContainerState::dead)));
    EXPECT_TRUE(is_gone(web(ContainerState::removing)));
    EXPECT_FALSE(is_gone(web(ContainerState::exited)));
}

}  // namespace
}  // namespace rm::deploy::test
