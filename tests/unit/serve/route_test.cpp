// SPDX-License-Identifier: Apache-2.0
#include "serve/route.h"

#include <gtest/gtest.h>

#include "serve/http.h"

namespace rm::serve {
namespace {

Route route(std::vector<std::string> methods, std::string pattern) {
    Route made;
    made.methods = std::move(methods);
    made.pattern = std::move(pattern);
    made.handler = [](const Request&) { return Response(); };
    return made;
}

RouteTable table(Routes routes) {
    return RouteTable::make(std::move(routes)).value();
}

TEST(RouteTable, a_parameter_takes_one_segment_that_is_not_empty) {
    const auto routes = table({route({"GET"}, "/api/services/{name}/usage")});
    const auto match = routes.match("GET", {"api", "services", "a/b", "usage"});
    ASSERT_NE(match.route, nullptr);
    EXPECT_EQ(*find(match.parameters, "name"), "a/b");
    EXPECT_EQ(routes.match("GET", {"api", "services", "", "usage"}).route, nullptr);
    EXPECT_EQ(routes.match("GET", {"api", "services", "x"}).route, nullptr);
    EXPECT_EQ(routes.match("GET", {"api", "services", "x", "usage", ""}).route, nullptr);
}

TEST(RouteTable, the_pattern_with_more_fixed_segments_is_meant) {
    const auto routes = table({route({"GET"}, "/api/{kind}"), route({"GET"}, "/api/state")});
    EXPECT_EQ(routes.match("GET", {"api", "state"}).pattern, "/api/state");
    EXPECT_EQ(routes.match("GET", {"api", "other"}).pattern, "/api/{kind}");
}

TEST(RouteTable, get_answers_head_too) {
    const auto routes = table({route({"GET"}, "/")});
    EXPECT_NE(routes.match("HEAD", {}).route, nullptr);
    EXPECT_EQ(routes.match("get", {}).route, nullptr);
}

TEST(RouteTable, a_path_with_other_methods_says_which) {
    const auto routes = table({route({"GET"}, "/x"), route({"PUT", "POST"}, "/x")});
    const auto match = routes.match("DELETE", {"x"});
    EXPECT_EQ(match.route, nullptr);
    EXPECT_EQ(match.allow, "GET, HEAD, OPTIONS, POST, PUT");
    EXPECT_EQ(match.pattern, "/x");
}

TEST(RouteTable, an_unknown_path_has_nothing) {
    const auto match = table({route({"GET"}, "/x")}).match("GET", {"y"});
    EXPECT_EQ(match.route, nullptr);
    EXPECT_EQ(match.allow, "");
    EXPECT_EQ(match.pattern, "");
}

TEST(RouteTable, malformed_routes_are_refused) {
    for (const char* pattern : {"", "x", "//", "/a//b", "/a{b}", "/{}", "/a/"})
        EXPECT_FALSE(RouteTable::make({route({"GET"}, pattern)})) << pattern;
    EXPECT_FALSE(RouteTable::make({route({}, "/x")}));
    Route without_handler = route({"GET"}, "/x");
    without_handler.handler = nullptr;
    EXPECT_FALSE(RouteTable::make({without_handler}));
}

TEST(RouteTable, routes_that_mean_the_same_are_refused) {
    EXPECT_FALSE(RouteTable::make({route({"GET"}, "/a/{x}"), route({"POST", "GET"}, "/a/{y}")}));
    EXPECT_TRUE(RouteTable::make({route({"GET"}, "/a/{x}"), route({"POST"}, "/a/{x}")}));
}

}  // namespace
}  // namespace rm::serve
