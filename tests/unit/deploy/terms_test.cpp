// SPDX-License-Identifier: Apache-2.0
#include "deploy/terms.h"

#include <gtest/gtest.h>

#include "tests/unit/deploy/picture.h"

namespace rm::deploy::test {
namespace {

using config::DrainBy;

class TermsTest : public testing::Test {
protected:
    docker::Container blue = container('a', "web-1", limits("1", "1G"));
    config::ServicePolicy policy;

    TermsTest() {
        blue.health_check = docker::HealthCheck{.interval = 30s, .timeout = 5s, .retries = 3};
        policy.deployment.drain = 30s;
        policy.deployment.router_delay = 2s;
        policy.deployment.longest_request = 10s;
    }

    [[nodiscard]] Terms terms() const { return terms_of(policy, &blue); }
};

TEST_F(TermsTest, docker_says_whether_it_serves_where_there_is_a_health_check) {
    EXPECT_EQ(terms().health, HealthBy::docker);
    blue.health_check.reset();
    EXPECT_EQ(terms().health, HealthBy::running);
}

TEST_F(TermsTest, what_is_configured_says_it_whether_there_is_a_health_check_or_not) {
    policy.deployment.stable_for = 7s;
    policy.deployment.health = {.by = config::HealthBy::running};
    EXPECT_EQ(terms().health, HealthBy::running);
    EXPECT_EQ(terms().stable_for, Duration(7s));
    for (const bool checked : {true, false}) {
        if (!checked) blue.health_check.reset();
        policy.deployment.health = {.by = config::HealthBy::command};
        EXPECT_EQ(terms().health, HealthBy::probe);
        policy.deployment.health = {.by = config::HealthBy::probe, .probe = config::ProbeAddress{}};
        EXPECT_EQ(terms().health, HealthBy::probe);
    }
}

TEST_F(TermsTest, times_and_hooks_are_those_of_the_configuration) {
    policy.deployment.health_timeout = 90s;
    policy.deployment.health_interval = 3s;
    policy.deployment.observe = 20s;
    policy.deployment.hooks.switch_over = {"/switch"};
    policy.deployment.hooks.on_rollback = {"/back"};
    const Terms terms = this->terms();
    EXPECT_EQ(terms.health_timeout, Duration(90s));
    EXPECT_EQ(terms.health_interval, Duration(3s));
    EXPECT_EQ(terms.observe, Duration(20s));
    EXPECT_TRUE(terms.hooks.switch_over);
    EXPECT_TRUE(terms.hooks.on_rollback);
    EXPECT_FALSE(terms.hooks.before || terms.hooks.after_healthy || terms.hooks.after);
}

TEST_F(TermsTest, green_is_tried_from_outside_where_somebody_can_be_asked) {
    EXPECT_FALSE(terms().verify);
    policy.deployment.traefik.url = config::Url("http://traefik:8080");
    EXPECT_FALSE(terms().verify);  // about which service?
    policy.deployment.traefik.service = "web@docker";
    EXPECT_TRUE(terms().verify);
    policy.deployment.traefik = {};
    policy.deployment.verify = config::ProbeAddress{.port = 80};
    EXPECT_TRUE(terms().verify);
    policy.deployment.verify.reset();
    policy.deployment.drain_by = DrainBy::haproxy;  // which must know green before blue is taken from it
    EXPECT_TRUE(terms().verify);
}

TEST_F(TermsTest, something_is_done_for_the_drain_unless_it_is_by_time_alone) {
    EXPECT_FALSE(terms().drain_acts);
    for (const DrainBy by : {DrainBy::file, DrainBy::command, DrainBy::haproxy}) {
        policy.deployment.drain_by = by;
        EXPECT_TRUE(terms().drain_acts);
    }
    policy.deployment.drain_by = DrainBy::wait;
    policy.deployment.hooks.drain = {"/drain"};
    EXPECT_TRUE(terms().drain_acts);
}

TEST_F(TermsTest, a_drain_that_routers_learn_from_the_health_check_lasts_until_they_did) {
    const Duration learned = 3 * 30s + 5s + 2s + 10s;
    policy.deployment.drain_by = DrainBy::file;
    EXPECT_EQ(terms().drain, learned);
    policy.deployment.drain_by = DrainBy::command;
    EXPECT_EQ(terms().drain, learned);
    policy.deployment.drain_by = DrainBy::wait;
    policy.deployment.hooks.drain = {"/drain"};
    EXPECT_EQ(terms().drain, learned);
}

TEST_F(TermsTest, a_drain_lasts_at_least_as_long_as_configured) {
    policy.deployment.drain_by = DrainBy::file;
    policy.deployment.drain = 10min;
    EXPECT_EQ(terms().drain, Duration(10min));
}

TEST_F(TermsTest, a_router_that_is_told_itself_need_not_wait_for_the_health_check) {
    policy.deployment.drain = 5s;
    for (const DrainBy by : {DrainBy::haproxy, DrainBy::wait}) {
        policy.deployment.drain_by = by;
        EXPECT_EQ(terms().drain, Duration(12s));
    }
    blue.health_check.reset();
    policy.deployment.drain_by = DrainBy::file;
    EXPECT_EQ(terms().drain, Duration(12s));
}

TEST_F(TermsTest, an_absurd_health_check_makes_no_absurd_drain) {
    policy.deployment.drain_by = DrainBy::file;
    blue.health_check =
        docker::HealthCheck{.interval = 24h * 365, .timeout = 1s, .retries = 1'000'000'000'000};
    EXPECT_EQ(terms().drain, 24h + 1s + 2s + 10s);
}

TEST_F(TermsTest, only_a_drain_file_must_show_in_the_health_check) {
    policy.deployment.drain_by = DrainBy::file;
    EXPECT_TRUE(terms().drain_shows);
    blue.health_check.reset();
    EXPECT_FALSE(terms().drain_shows);
    blue.health_check = docker::HealthCheck{};
    policy.deployment.drain_by = DrainBy::command;
    EXPECT_FALSE(terms().drain_shows);
}

TEST_F(TermsTest, hold_for_green_too_when_blue_is_gone) {
    policy.deployment.health = {.by = config::HealthBy::running};
    policy.deployment.drain_by = DrainBy::file;
    const Terms terms = terms_of(policy, nullptr);
    EXPECT_EQ(terms.health, HealthBy::running);
    EXPECT_TRUE(terms.drain_acts);
    EXPECT_FALSE(terms.drain_shows);
}

}  // namespace
}  // namespace rm::deploy::test
