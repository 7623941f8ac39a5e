// SPDX-License-Identifier: Apache-2.0
// `explain`, `plan` and `decisions`, to the letter.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/views/tables.h"
#include "tests/unit/app/views/pictures.h"

namespace rm::app {
namespace {

using namespace std::chrono_literals;
using serve::hand_made_check;
using serve::noon;
using testing::EndsWith;
using testing::HasSubstr;

const std::vector<DecisionView> two_decisions = {
    {.at = noon(),
     .service = "shop/web",
     .outcome = "would_adjust",
     .from = {.cpu = 0.5, .memory = 268435456},
     .to = LimitsView{.cpu = 0.7, .memory = 268435456},
     .reason = "CPU was above 80% of its limit in 3 checks, and this is a long sentence about it"},
    {.at = noon() - 5min,
     .service = "shop/web",
     .outcome = "hold:cooldown",
     .from = {.cpu = 0.5, .memory = {}},
     .to = {},
     .reason = "the last adjustment was 10m ago"}};

TEST(ExplainText, limits_that_somebody_else_set_are_told_here_and_in_the_table) {
    decide::Check check = hand_made_check();
    check.services.at(2).verdict.next.drift =
        decide::Drift{.deployment = 7,
                      .since = noon() - 5min,
                      .ours = {.cpu = Cores::whole(1), .memory = Bytes::mebi(512)},
                      .found = {.cpu = Cores::whole(2), .memory = Bytes::mebi(256)}};
    EXPECT_THAT(print_explain(explain_of(check, 2), {}, noon(), wide),
                HasSubstr("somebody else set 2 CPU, 256M memory in the place of 1 CPU, 512M memory from "
                          "deployment 7, seen at 2026-01-01 11:55:00Z"));
    EXPECT_THAT(print_status(status_of(check), noon(), wide), HasSubstr("limits set by somebody else"));
    check.services.at(2).verdict.next.drift->accepted = true;
    EXPECT_THAT(print_explain(explain_of(check, 2), {}, noon(), wide),
                HasSubstr("that holds, and its history started"));
}

TEST(ExplainText, it_tells_what_was_seen_and_every_gate_in_order) {
    EXPECT_EQ(print_explain(explain_of(hand_made_check(), 3), two_decisions, noon() + 42s, usual),
              R"(Prometheus http://prometheus:9090; checked 42s ago, next in 4m18s; dry-run:
nothing is changed
missing: cpu_trend: no answer within 10s

shop/web: class normal, strategy blue_green, 2 replicas, adjusted 1 of 6 times
today
CPU is to be raised from 0.5 to 0.7
would raise CPU to 0.7
the limits are those that earlier checks would have set

What was seen
  REPLICA     RESOURCE  USAGE              TREND  ALSO
  shop-web-1  CPU       0.42 of 0.5, 84%   0.42   25% throttled
  shop-web-1  memory    150M of 256M, 59%  -      0 OOM kills
  shop-web-2  CPU       0.2 of 0.5, 40%    0.2    25% throttled
  shop-web-2  memory    140M of 256M, 55%  -      0 OOM kills

Gates
  ✓ managed           the service is managed
  ✓ hysteresis (CPU)  CPU was above 80% in 3 of 3 checks
  · trend (memory)    nothing is to be lowered

Last decisions
TIME                  SERVICE   OUTCOME        LIMITS
2026-01-01 12:00:00Z  shop/web  would_adjust   0.5 -> 0.7 CPU
  CPU was above 80% of its limit in 3 checks, and this is a long sentence about
  it
2026-01-01 11:55:00Z  shop/web  hold:cooldown  0.5 CPU, unlimited memory
  the last adjustment was 10m ago
)");
}

TEST(ExplainText, a_gate_that_holds_says_what_would_change_it) {
    const std::string text = print_explain(explain_of(hand_made_check(), 2), {}, noon(), usual);
    EXPECT_THAT(text, EndsWith(R"(Gates
  ✓ managed          the service is managed
  ✗ bounds (memory)  256M is the most that bounds.memory.max allows
                     -> raise bounds.memory.max
)"));
}

TEST(ExplainText, what_is_not_known_is_said_and_never_a_zero) {
    const std::string text = print_explain(explain_of(hand_made_check(), 0), {}, noon(), usual);
    EXPECT_THAT(text, HasSubstr("  blog-web-1  CPU       no data (stale)  -      -\n"));
}

TEST(ExplainText, long_reasons_are_folded_below_themselves) {
    decide::Check check = hand_made_check();
    check.services[2].verdict.gates[1].reason =
        "256M is the most that bounds.memory.max allows, and the host has 8G of which 2G are in use";
    EXPECT_THAT(print_explain(explain_of(check, 2), {}, noon(), usual),
                HasSubstr("  ✗ bounds (memory)  256M is the most that bounds.memory.max allows, and the\n"
                          "                     host has 8G of which 2G are in use\n"));
}

TEST(ExplainText, marks_are_ascii_and_coloured_where_that_is_wanted) {
    const ExplainView view = explain_of(hand_made_check(), 2);
    EXPECT_THAT(print_explain(view, {}, noon(), ascii), HasSubstr("\n  x bounds (memory)  256M"));
    EXPECT_THAT(print_explain(view, {}, noon(), coloured),
                HasSubstr("\n  \x1b[31m✗\x1b[0m bounds (memory)  256M"));
}

TEST(PlanText, a_proposal_has_numbers_reason_and_strategy) {
    EXPECT_EQ(print_plan(plan_of(hand_made_check()), usual),
              "shop/web  0.5 -> 0.7 CPU  by blue_green\n"
              "  CPU was above 80% of its limit in 3 checks: 0.42 of 0.5\n"
              "1 within their thresholds, 1 held by data, 1 held by bounds\n");
}

TEST(PlanText, a_bound_that_set_the_number_is_named) {
    decide::Check check = hand_made_check();
    check.services[3].verdict.proposal->clamped_cpu = "bounds.cpu.max";
    EXPECT_THAT(print_plan(plan_of(check), usual),
                HasSubstr("\n  bounds.cpu.max set the number, not the usage\n"));
}

TEST(PlanText, nothing_to_do_is_said_with_the_count_by_gate) {
    decide::Check check = hand_made_check();
    check.services[3].verdict.proposal.reset();
    EXPECT_EQ(print_plan(plan_of(check), usual),
              "nothing to do\n2 within their thresholds, 1 held by data, 1 held by bounds\n");
}

TEST(DecisionsText, none_is_said_in_words) {
    EXPECT_EQ(print_decisions({}, usual), "no decisions yet\n");
}

TEST(DecisionsText, they_are_a_table_with_the_reason_last) {
    EXPECT_THAT(print_decisions(two_decisions, wide),
                HasSubstr("2026-01-01 12:00:00Z  shop/web  would_adjust   0.5 -> 0.7 CPU             CPU was "
                          "above 80% of its limit in 3 checks, and this is a long sentence about it\n"));
}

}  // namespace
}  // namespace rm::app
