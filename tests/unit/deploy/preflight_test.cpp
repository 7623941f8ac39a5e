// SPDX-License-Identifier: Apache-2.0
// Which strategy a service gets, and why.
#include "tests/unit/deploy/preflights.h"

namespace rm::deploy::test {
namespace {

using namespace std::chrono_literals;
using config::Strategy;
using docker::test::json_of;
using docker::test::set;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST_F(Preflights, a_plain_service_is_blue_greened) {
    EXPECT_EQ(chosen(), "blue_green");
    EXPECT_EQ(why(), "it is the first choice of auto");
    for (const auto strategy : {Strategy::blue_green, Strategy::in_place, Strategy::recreate})
        EXPECT_THAT(against(strategy), IsEmpty()) << to_string(strategy);
    EXPECT_THAT(against(Strategy::script), ElementsAre("deployment.script names no program"));
}

TEST_F(Preflights, every_replica_counts) {
    boost::json::value second = document;
    set(second, "/Id", boost::json::string(std::string(64, 'e')));
    set(second, "/Name", "/shop_web_2");
    Subject both = subject();
    both.replicas.push_back(candidate(second));
    EXPECT_EQ(preflight(both).strategy, Strategy::blue_green);
    set(second, "/HostConfig/PortBindings", json_of(R"({"8080/tcp":[{"HostPort":"80"}]})"));
    both.replicas[1] = candidate(second);
    EXPECT_EQ(preflight(both).strategy, Strategy::in_place);
    EXPECT_THAT(preflight(both).option(Strategy::blue_green).against,
                ElementsAre(HasSubstr("shop_web_2 publishes")));
}

TEST_F(Preflights, a_service_without_containers_gets_nothing) {
    Subject none = subject();
    none.replicas.clear();
    EXPECT_FALSE(preflight(none).strategy);
    for (const Option& option : preflight(none).options)
        EXPECT_THAT(option.against, Contains("shop/web has no container")) << to_string(option.strategy);
}

TEST_F(Preflights, a_configured_strategy_is_never_replaced_by_another) {
    set(document, "/HostConfig/PortBindings", json_of(R"({"8080/tcp":[{"HostPort":"80"}]})"));
    policy.deployment.strategy = Strategy::blue_green;
    EXPECT_EQ(chosen(), "none");
    EXPECT_THAT(why(), HasSubstr("blue_green is configured, and blue_green is not possible: shop_web_1"));
    policy.deployment.strategy = Strategy::in_place;
    EXPECT_EQ(chosen(), "in_place");
    EXPECT_EQ(why(), "it is configured");
}

TEST_F(Preflights, what_is_asked_for_takes_the_place_of_what_is_configured) {
    asked_for = Strategy::in_place;
    EXPECT_EQ(chosen(), "in_place");
    EXPECT_EQ(why(), "it is asked for");
    asked_for = Strategy::script;
    EXPECT_EQ(chosen(), "none");
    EXPECT_THAT(why(), HasSubstr("script is asked for, and script is not possible: deployment.script names"));
    policy.deployment.script = {"/scripts/deploy.sh"};
    EXPECT_EQ(chosen(), "script");
}

TEST_F(Preflights, auto_stops_a_service_in_its_window_only) {
    set(document, "/State", json_of(R"({"Status":"exited","ExitCode":1,"StartedAt":"2026-01-01T00:00:00Z",
"FinishedAt":"2026-01-01T01:00:00Z"})"));
    EXPECT_EQ(chosen(), "none");
    EXPECT_THAT(why(), HasSubstr("recreate stops the service, which auto does in a maintenance window only"));
    policy.adjustment.maintenance_window = config::DailyWindow{.from = {11h}, .to = {13h}};
    EXPECT_EQ(chosen(), "recreate");
    now += 2h;
    EXPECT_EQ(chosen(), "none");
    EXPECT_THAT(why(), HasSubstr("now is not within the maintenance window 11:00-13:00"));
}

TEST_F(Preflights, recreate_that_was_configured_needs_no_window_but_heeds_one) {
    policy.deployment.strategy = Strategy::recreate;
    EXPECT_EQ(chosen(), "recreate");
    policy.adjustment.maintenance_window = config::DailyWindow{.from = {1h}, .to = {2h}};
    EXPECT_EQ(chosen(), "none");
}

TEST_F(Preflights, what_a_proxy_forbids_stands_against_the_strategies_that_need_it) {
    Subject web = subject();
    web.permissions = {
        .lacks = {{.feature = docker::Feature::replacing, .reason = "the proxy forbids creating"}}};
    const Preflight found = preflight(web);
    EXPECT_EQ(found.strategy, Strategy::in_place);
    for (const Strategy strategy : {Strategy::blue_green, Strategy::recreate})
        EXPECT_THAT(found.option(strategy).against, Contains(HasSubstr("the proxy forbids creating")));
    EXPECT_THAT(found.option(Strategy::in_place).against, IsEmpty());

    web.permissions.lacks.push_back({.feature = docker::Feature::in_place, .reason = "nor updating"});
    EXPECT_FALSE(preflight(web).strategy);
    EXPECT_THAT(preflight(web).why,
                AllOf(HasSubstr("the proxy forbids creating"), HasSubstr("nor updating")));
}

TEST_F(Preflights, what_no_strategy_of_the_service_needs_does_not_matter_to_it) {
    Subject web = subject();
    web.permissions = {.lacks = {{.feature = docker::Feature::drain_file, .reason = "no archives"},
                                 {.feature = docker::Feature::programs_inside, .reason = "no exec"},
                                 {.feature = docker::Feature::last_words, .reason = "no logs"}}};
    EXPECT_EQ(preflight(web).strategy, Strategy::blue_green);
    web.policy.deployment.drain_by = config::DrainBy::file;
    EXPECT_THAT(preflight(web).option(Strategy::blue_green).against, ElementsAre(HasSubstr("no archives")));
    web.policy.deployment.drain_by = config::DrainBy::command;
    EXPECT_THAT(preflight(web).option(Strategy::blue_green).against, ElementsAre(HasSubstr("no exec")));
}

}  // namespace
}  // namespace rm::deploy::test
