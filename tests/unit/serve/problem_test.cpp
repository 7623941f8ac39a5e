// SPDX-License-Identifier: Apache-2.0
#include "serve/problem.h"

#include <set>
#include <string>

#include <boost/json.hpp>
#include <gtest/gtest.h>

namespace rm::serve {
namespace {

TEST(Problem, it_says_type_title_status_and_detail) {
    const Response response = problem("not-found", "there is nothing at '/x'");
    EXPECT_EQ(response.status, 404);
    EXPECT_EQ(response.content_type, "application/problem+json");
    const auto body = boost::json::parse(response.body).as_object();
    EXPECT_EQ(body.at("type"), "/problems/not-found");
    EXPECT_EQ(body.at("title"), "Not found");
    EXPECT_EQ(body.at("status"), 404);
    EXPECT_EQ(body.at("detail"), "there is nothing at '/x'");
    EXPECT_FALSE(body.contains("errors"));
}

TEST(Problem, several_complaints_are_listed_with_their_places) {
    const std::vector<Complaint> complaints = {{"min is over max", "config.yml:3:5"}, {"\"quoted\"\xff", ""}};
    const auto body = boost::json::parse(problem("invalid-configuration", "no", complaints).body).as_object();
    const auto& errors = body.at("errors").as_array();
    ASSERT_EQ(errors.size(), 2U);
    EXPECT_EQ(errors[0].at("detail"), "min is over max");
    EXPECT_EQ(errors[0].at("where"), "config.yml:3:5");
    EXPECT_EQ(errors[1].at("detail"), "\"quoted\"\uFFFD");
    EXPECT_FALSE(errors[1].as_object().contains("where"));
}

TEST(Problem, every_error_code_has_a_type_with_the_status_clients_expect) {
    EXPECT_EQ(problem(Error{ErrorCode::invalid, "x"}).status, 400);
    EXPECT_EQ(problem(Error{ErrorCode::not_found, "x"}).status, 404);
    EXPECT_EQ(problem(Error{ErrorCode::conflict, "x"}).status, 409);
    EXPECT_EQ(problem(Error{ErrorCode::permission, "x"}).status, 403);
    EXPECT_EQ(problem(Error{ErrorCode::too_large, "x"}).status, 413);
    EXPECT_EQ(problem(Error{ErrorCode::timeout, "x"}).status, 504);
    EXPECT_EQ(problem(Error{ErrorCode::cancelled, "x"}).status, 503);
    EXPECT_EQ(problem(Error{ErrorCode::unavailable, "x"}).status, 503);
    EXPECT_EQ(problem(Error{ErrorCode::protocol, "x"}).status, 502);
    EXPECT_EQ(problem(Error{ErrorCode::io, "x"}).status, 500);
    EXPECT_EQ(problem(Error{ErrorCode::corrupt, "x"}).status, 500);
    EXPECT_EQ(problem(Error{ErrorCode::unsupported, "x"}).status, 501);
    EXPECT_EQ(problem(Error{ErrorCode::internal, "x"}).status, 500);
}

TEST(Problem, names_are_unique_and_explained) {
    std::set<std::string_view> names;
    for (const ProblemType& type : problem_types()) {
        EXPECT_TRUE(names.insert(type.name).second) << type.name;
        EXPECT_FALSE(type.explanation.empty()) << type.name;
        EXPECT_GE(type.status, 400) << type.name;
    }
}

}  // namespace
}  // namespace rm::serve
