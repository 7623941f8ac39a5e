// SPDX-License-Identifier: Apache-2.0
#include "decide/check.h"

#include <memory>

#include <gtest/gtest.h>

#include "tests/unit/decide/situation.h"

namespace rm::decide::test {
namespace {

Assessment assessed(const Situation& web, Words words) {
    return {.shown_as = "web",
            .service = web.view,
            .policy = std::make_shared<const config::ServicePolicy>(web.policy),
            .rules = web.rules,
            .state = web.state,
            .at = web.now,
            .verdict = decide(web.view, web.policy, web.rules, web.state, web.now, words)};
}

TEST(Check, every_gate_is_told_also_where_the_verdict_has_only_those_that_hold) {
    Situation web;
    web.use(0.9, 0.5);
    (void)web.checks(2);
    web.state.last_adjustment = web.now - 18min;
    const Assessment brief = assessed(web, Words::held);
    ASSERT_EQ(brief.verdict.gates.size(), 1U);
    EXPECT_EQ(brief.verdict.gates[0].gate, Gate::cooldown);

    const auto gates = every_gate(brief);
    const auto full = assessed(web, Words::all).verdict.gates;
    ASSERT_EQ(gates.size(), full.size());
    for (std::size_t i = 0; i < gates.size(); ++i) {
        EXPECT_EQ(gates[i].gate, full[i].gate);
        EXPECT_EQ(gates[i].outcome, full[i].outcome);
        EXPECT_EQ(gates[i].reason, full[i].reason);
    }
}

TEST(Check, a_verdict_that_tells_all_is_taken_at_its_word) {
    Assessment made = assessed(Situation(), Words::all);
    made.verdict.gates = {
        {.gate = Gate::data, .resource = {}, .outcome = Outcome::held, .reason = "not seen", .remedy = {}}};
    ASSERT_EQ(every_gate(made).size(), 1U);
    EXPECT_EQ(every_gate(made)[0].reason, "not seen");
}

}  // namespace
}  // namespace rm::decide::test
