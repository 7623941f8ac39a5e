// SPDX-License-Identifier: Apache-2.0
#include "serve/check_json.h"

#include <string>

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/serve/hand_made_check.h"

namespace rm::serve {
namespace {

using namespace std::chrono_literals;
using boost::json::object;
using testing::HasSubstr;
using testing::Not;

const Pauses no_pauses = std::vector<store::Pause>();

/// The service of that name in a list.
object listed(const std::string& text, std::string_view name) {
    const object body = parsed(text);
    for (const auto& service : body.at("services").as_array())
        if (service.at("name").as_string() == name) return service.as_object();
    ADD_FAILURE() << name << " is not in " << text;
    return {};
}

object in_full(const decide::Check& check, std::size_t index) {
    return parsed(service_json(check, check.services.at(index), no_pauses, noon())).at("service").as_object();
}

TEST(CheckJson, the_head_tells_when_from_where_and_whether_it_is_a_rehearsal) {
    const object head = parsed(services_json(hand_made_check(), no_pauses, noon())).at("check").as_object();
    EXPECT_EQ(head.at("number"), 7);
    EXPECT_EQ(head.at("counted"), true);
    EXPECT_EQ(head.at("at"), "2026-01-01T12:00:00Z");
    EXPECT_EQ(head.at("next_at"), "2026-01-01T12:05:00Z");
    EXPECT_EQ(head.at("took_seconds"), 0.12);
    EXPECT_EQ(head.at("dry_run"), true);
    EXPECT_EQ(head.at("source"), "Prometheus http://prometheus:9090");
    EXPECT_TRUE(head.at("problem").is_null());
    EXPECT_EQ(head.at("faults").as_array().at(0).at("cause"), "timeout");
}

TEST(CheckJson, numbers_are_written_as_people_write_them) {
    const std::string text = services_json(hand_made_check(), no_pauses, noon());
    EXPECT_THAT(text, HasSubstr("\"limit_cores\":0.5,"));
    EXPECT_THAT(text, HasSubstr("\"limit_bytes\":268435456,"));
    EXPECT_TRUE(text.ends_with("}\n"));
}

TEST(CheckJson, a_service_is_shown_by_its_busiest_replica) {
    const object cpu =
        listed(services_json(hand_made_check(), no_pauses, noon()), "shop/web").at("cpu").as_object();
    EXPECT_EQ(cpu.at("usage_cores"), 0.42);
    EXPECT_EQ(cpu.at("usage_ratio"), 0.84);
    EXPECT_EQ(cpu.at("high_ratio"), 0.8);
    EXPECT_EQ(cpu.at("streak"), 3);
    EXPECT_EQ(cpu.at("wish"), "raise");
}

TEST(CheckJson, what_is_not_known_is_null_with_its_gap_beside) {
    const object web = listed(services_json(hand_made_check(), no_pauses, noon()), "blog/web");
    const object cpu = web.at("cpu").as_object();
    EXPECT_TRUE(cpu.at("usage_cores").is_null());
    EXPECT_TRUE(cpu.at("usage_ratio").is_null());
    EXPECT_EQ(cpu.at("gap"), "stale");
    EXPECT_EQ(web.at("held_by"), "data");
    EXPECT_TRUE(web.at("memory").at("limit_bytes").is_null());
    EXPECT_EQ(web.at("unlimited"), true);
}

TEST(CheckJson, a_service_without_replicas_has_a_gap_too) {
    decide::Check check = hand_made_check();
    check.services[0].verdict.signals.clear();
    const object web = listed(services_json(check, no_pauses, noon()), "blog/web");
    EXPECT_EQ(web.at("cpu").at("gap"), "absent");
}

TEST(CheckJson, a_resource_at_its_maximum_says_by_what) {
    const decide::Check check = hand_made_check();
    EXPECT_EQ(in_full(check, 2).at("memory").at("at_maximum"), true);
    EXPECT_EQ(in_full(check, 2).at("memory").at("at_maximum_by"), "bounds.memory.max");
    EXPECT_TRUE(in_full(check, 2).at("cpu").at("at_maximum_by").is_null());
}

TEST(CheckJson, yesterdays_adjustments_are_not_todays) {
    decide::Check check = hand_made_check();
    EXPECT_EQ(in_full(check, 1).at("adjustments_today"), 2);
    check.at += 12h;
    EXPECT_EQ(in_full(check, 1).at("adjustments_today"), 0);
    set_policy(check.services[1],
               [](config::ServicePolicy& policy) { policy.adjustment.timezone = "America/New_York"; });
    EXPECT_EQ(in_full(check, 1).at("adjustments_today"), 2);
}

TEST(CheckJson, the_cooldown_is_a_moment_and_what_was_left_of_it) {
    const object cache = in_full(hand_made_check(), 1);
    EXPECT_EQ(cache.at("last_adjustment_at"), "2026-01-01T11:50:00Z");
    EXPECT_EQ(cache.at("cooldown_until"), "2026-01-01T12:20:00Z");
    EXPECT_EQ(cache.at("cooldown_left_seconds"), 1200);
    EXPECT_EQ(cache.at("adjustments_today"), 2);
    EXPECT_EQ(cache.at("adjustments_per_day"), 6);
    const object db = in_full(hand_made_check(), 2);
    EXPECT_TRUE(db.at("cooldown_until").is_null());
    EXPECT_EQ(db.at("cooldown_left_seconds"), 0);
}

TEST(CheckJson, a_service_in_full_has_every_gate_and_every_signal) {
    const object web = in_full(hand_made_check(), 3);
    ASSERT_EQ(web.at("gates").as_array().size(), 3U);
    const object gate = web.at("gates").as_array().at(1).as_object();
    EXPECT_EQ(gate.at("gate"), "hysteresis");
    EXPECT_EQ(gate.at("resource"), "cpu");
    EXPECT_EQ(gate.at("outcome"), "passed");
    EXPECT_TRUE(gate.at("remedy").is_null());
    ASSERT_EQ(web.at("signals").as_array().size(), 4U);
    const object cpu = web.at("signals").as_array().at(0).as_object();
    EXPECT_EQ(cpu.at("replica"), "shop-web-1");
    EXPECT_EQ(cpu.at("throttled_ratio"), 0.25);
    EXPECT_TRUE(cpu.at("throttled_gap").is_null());
    const object memory = web.at("signals").as_array().at(1).as_object();
    EXPECT_TRUE(memory.at("trend_bytes").is_null());
    EXPECT_EQ(memory.at("trend_gap"), "absent");
    EXPECT_EQ(memory.at("oom_kills"), 0);
    EXPECT_EQ(web.at("replicas").as_array().size(), 2U);
    EXPECT_EQ(web.at("assumed").at("instead_of").at("cpu_cores"), 0.3);
    EXPECT_EQ(web.at("policy").at("bounds").at("cpu_max_cores"), 2);
    EXPECT_EQ(web.at("policy").at("increase_factor"), 1.25);
    EXPECT_EQ(web.at("policy").at("maintenance_window"), "02:00-04:00");
    EXPECT_EQ(web.at("host").at("memory_reserved_bytes"), 512 << 20);
    EXPECT_EQ(web.at("strategy"), "blue_green");
}

TEST(CheckJson, the_stores_pauses_count_and_those_of_the_check_only_without_a_store) {
    decide::Check check = hand_made_check();
    check.services[3].service.pause = decide::Pause{.until = std::nullopt, .reason = "of the check"};
    const Pauses fresh = std::vector<store::Pause>{{.service = ServiceName::parse("shop/db").value(),
                                                    .until = noon() + 1h,
                                                    .reason = "of the store",
                                                    .since = noon()}};
    const std::string with_store = services_json(check, fresh, noon());
    EXPECT_EQ(listed(with_store, "shop/db").at("pause").at("reason"), "of the store");
    EXPECT_EQ(listed(with_store, "shop/db").at("pause").at("until"), "2026-01-01T13:00:00Z");
    EXPECT_TRUE(listed(with_store, "shop/web").at("pause").is_null());
    EXPECT_EQ(listed(services_json(check, std::nullopt, noon()), "shop/web").at("pause").at("reason"),
              "of the check");
    EXPECT_TRUE(listed(services_json(check, fresh, noon() + 1h), "shop/db").at("pause").is_null());
}

TEST(CheckJson, a_plan_has_the_proposals_and_counts_the_rest_by_gate) {
    const object plan = parsed(plan_json(hand_made_check(), no_pauses, noon()));
    ASSERT_EQ(plan.at("proposals").as_array().size(), 1U);
    const object proposed = plan.at("proposals").as_array().at(0).at("proposal").as_object();
    EXPECT_EQ(proposed.at("from").at("cpu_cores"), 0.5);
    EXPECT_EQ(proposed.at("to").at("cpu_cores"), 0.7);
    EXPECT_EQ(plan.at("held_by_gate").at("data"), 1);
    EXPECT_EQ(plan.at("held_by_gate").at("bounds"), 1);
    EXPECT_EQ(plan.at("within"), 1);
}

TEST(CheckJson, foreign_text_stays_text) {
    decide::Check check = hand_made_check();
    const std::string hostile = "\"</script>\n\xff\\";
    check.source = hostile;
    check.services[0].verdict.summary = hostile;
    check.services[0].verdict.gates[0].reason = hostile;
    check.services[0].service.replicas[0].name = hostile;
    const std::string text = service_json(check, check.services[0], no_pauses, noon());
    const std::string expected = "\"</script>\n\xef\xbf\xbd\\";
    EXPECT_EQ(parsed(text).at("check").at("source").as_string(), expected);
    EXPECT_EQ(parsed(text).at("service").at("summary").as_string(), expected);
    EXPECT_EQ(parsed(text).at("service").at("replicas").as_array().at(0).at("name").as_string(), expected);
    EXPECT_THAT(text.substr(0, text.size() - 1), Not(HasSubstr("\n")));
}

}  // namespace
}  // namespace rm::serve
