// SPDX-License-Identifier: Apache-2.0
#include "serve/wire.h"

#include <chrono>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "serve/problem.h"

namespace rm::serve {
namespace {

using testing::HasSubstr;
using testing::Not;

const WallTime new_year = std::chrono::sys_days(std::chrono::year(2026) / 1 / 1);

TEST(Wire, a_head_has_status_date_type_length_and_headers) {
    Response response = json_response("{}");
    response.headers = {{"ETag", "\"x\""}};
    EXPECT_EQ(response_head(response, After::keep, new_year),
              "HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\nContent-Type: application/json\r\n"
              "Content-Length: 2\r\nETag: \"x\"\r\n\r\n");
}

TEST(Wire, the_reason_is_the_standards_whatever_the_problem_is_called) {
    const auto line = [](const std::string& name) {
        const std::string head = response_head(problem(name, "x"), After::keep, WallTime());
        return head.substr(0, head.find('\r'));
    };
    EXPECT_EQ(line("foreign-origin"), "HTTP/1.1 403 Forbidden");
    EXPECT_EQ(line("target-too-long"), "HTTP/1.1 414 URI Too Long");
    for (const ProblemType& type : problem_types())
        EXPECT_FALSE(line(std::string(type.name)).ends_with(' ')) << type.name << " has no reason";
}

TEST(Wire, a_value_can_not_end_its_line) {
    Response response;
    response.headers = {{"X", "a\r\nSet-Cookie: b=c"}};
    const std::string head = response_head(response, After::close, new_year);
    EXPECT_THAT(head, HasSubstr("X: a  Set-Cookie: b=c\r\n"));
    EXPECT_THAT(head, HasSubstr("Connection: close\r\n"));
}

TEST(Wire, responses_without_content_have_no_length) {
    Response response;
    response.status = 304;
    EXPECT_THAT(response_head(response, After::keep, new_year), Not(HasSubstr("Content-Length")));
    response.status = 204;
    EXPECT_THAT(response_head(response, After::say_keep, new_year), HasSubstr("Connection: keep-alive\r\n"));
}

}  // namespace
}  // namespace rm::serve
