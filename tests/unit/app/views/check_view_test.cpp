// SPDX-License-Identifier: Apache-2.0
#include "app/views/check_view.h"

#include <string>

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/views/json_fields.h"
#include "tests/unit/app/views/pictures.h"

namespace rm::app {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

boost::json::object answer() {
    return boost::json::parse(serve::services_json(serve::hand_made_check(), std::nullopt, serve::noon()))
        .as_object();
}

std::string why_not(const boost::json::object& changed) {
    const auto view = read_status(boost::json::serialize(changed));
    EXPECT_FALSE(view.has_value());
    return view ? std::string() : view.error().message;
}

TEST(CheckView, members_that_are_new_are_passed_over) {
    auto body = answer();
    body["new"] = 1;
    body["services"].as_array()[0].as_object()["new"] = "x";
    EXPECT_EQ(read_status(boost::json::serialize(body))->services.size(), 4U);
}

TEST(CheckView, a_member_of_another_type_is_named) {
    auto body = answer();
    body["services"].as_array()[0].as_object()["cpu"].as_object()["streak"] = "3";
    EXPECT_THAT(why_not(body), HasSubstr("cpu.streak in the answer is not a whole number"));
    body = answer();
    body["check"].as_object()["at"] = "yesterday";
    EXPECT_THAT(why_not(body), HasSubstr("check.at in the answer is not a time"));
    body = answer();
    body["check"].as_object().erase("dry_run");
    EXPECT_THAT(why_not(body), HasSubstr("check.dry_run in the answer is not true or false"));
    body = answer();
    body["services"] = 7;
    EXPECT_THAT(why_not(body), HasSubstr("services in the answer is not a list"));
}

TEST(CheckView, what_is_no_json_or_no_object_is_an_error) {
    EXPECT_FALSE(read_status("<html>").has_value());
    EXPECT_FALSE(read_status("[]").has_value());
    EXPECT_FALSE(read_explain("{}").has_value());
    EXPECT_FALSE(read_plan("null").has_value());
    EXPECT_FALSE(read_decisions(R"({"decisions":[1]})").has_value());
    EXPECT_FALSE(read_status(std::string(100000, '[')).has_value());
}

TEST(CheckView, times_are_read_exactly) {
    EXPECT_EQ(parse_time("2026-01-01T12:00:00Z"), serve::noon());
    for (const auto* wrong : {"2026-01-01 12:00:00Z", "2026-02-30T12:00:00Z", "2026-01-01T24:00:00Z",
                              "2026-01-01T12:00:00", "2026-01-01T12:00:0-Z", ""})
        EXPECT_EQ(parse_time(wrong), std::nullopt) << wrong;
}

}  // namespace
}  // namespace rm::app
