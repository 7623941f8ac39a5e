// SPDX-License-Identifier: Apache-2.0
#include "serve/decision_json.h"

#include <string>

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/serve/hand_made_check.h"

namespace rm::serve {
namespace {

using boost::json::object;
using testing::HasSubstr;
using testing::Not;

/// The decision that shop/web gets more CPU.
store::Decision decision() {
    const decide::Check check = hand_made_check();
    const decide::Assessment& web = check.services.at(3);
    return {.id = 12,
            .at = check.at,
            .service = web.service.name,
            .outcome = "would_adjust",
            .from = web.verdict.proposal->from,
            .to = web.verdict.proposal->to,
            .reason = web.verdict.proposal->reason,
            .details = details(check, web)};
}

TEST(DecisionJson, what_is_kept_is_one_line_that_reads_back) {
    const std::string text = decision().details;
    EXPECT_THAT(text, Not(HasSubstr("\n")));
    EXPECT_EQ(parsed(text).at("gates").as_array().size(), 3U);
    EXPECT_EQ(parsed(text).at("signals").as_array().size(), 4U);
    EXPECT_EQ(parsed(text).at("streaks").at("cpu"), 3);
    EXPECT_EQ(parsed(text).at("limits").at("cpu_cores"), 0.5);
}

TEST(DecisionJson, every_number_that_led_to_it_is_kept) {
    const object kept = parsed(decision().details);
    EXPECT_EQ(kept.at("cpu").at("high_ratio"), 0.8);
    EXPECT_EQ(kept.at("memory").at("low_ratio"), 0.4);
    EXPECT_EQ(kept.at("consecutive_checks"), 3);
    EXPECT_EQ(kept.at("policy").at("increase_factor"), 1.25);
    EXPECT_EQ(kept.at("policy").at("decrease_factor"), 0.75);
    EXPECT_EQ(kept.at("policy").at("min_change_ratio"), 0.05);
    EXPECT_EQ(kept.at("policy").at("bounds").at("cpu_max_cores"), 2);
    EXPECT_EQ(kept.at("policy").at("cooldown_period_seconds"), 1800);
    EXPECT_EQ(kept.at("adjustments_today"), 1);
    EXPECT_EQ(kept.at("adjustments_per_day"), 6);
    EXPECT_EQ(kept.at("host").at("memory_used_bytes"), std::int64_t{2048} << 20);
    EXPECT_EQ(kept.at("window_seconds"), 300);
    EXPECT_EQ(kept.at("trend_window_seconds"), 3600);
    EXPECT_EQ(kept.at("dry_run"), true);
    EXPECT_EQ(kept.at("source"), "Prometheus http://prometheus:9090");
}

TEST(DecisionJson, a_line_is_what_the_api_lists_without_the_id) {
    const store::Decision made = decision();
    const std::string line = decision_line(made);
    EXPECT_EQ(line.find('\n'), line.size() - 1);

    object listed = parsed(decisions_json({made}, "", true)).at("decisions").as_array().at(0).as_object();
    EXPECT_EQ(listed.at("id"), 12);
    listed.erase("id");
    EXPECT_EQ(parsed(line), listed);
    EXPECT_EQ(parsed(line).at("from").at("cpu_cores"), 0.5);
    EXPECT_EQ(parsed(line).at("to").at("cpu_cores"), 0.7);
}

TEST(DecisionJson, the_list_has_details_only_when_asked) {
    const object body = parsed(decisions_json({decision()}, "/next", false));
    EXPECT_FALSE(body.at("decisions").as_array().at(0).as_object().contains("details"));
    EXPECT_EQ(body.at("next"), "/next");
}

TEST(DecisionJson, foreign_text_can_not_end_a_line) {
    store::Decision made = decision();
    made.reason = "\"}\n{\"at\": \xff";
    const std::string line = decision_line(made);
    EXPECT_EQ(line.find('\n'), line.size() - 1);
    EXPECT_EQ(parsed(line).at("reason").as_string(), "\"}\n{\"at\": \xef\xbf\xbd");
}

}  // namespace
}  // namespace rm::serve
