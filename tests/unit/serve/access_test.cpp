// SPDX-License-Identifier: Apache-2.0
#include "serve/access.h"

#include <string>

#include <gtest/gtest.h>

namespace rm::serve {
namespace {

Request request(std::string method, Headers headers) {
    Request made;
    made.method = std::move(method);
    made.headers = std::move(headers);
    return made;
}

int status(const std::optional<Response>& refusal) {
    return refusal ? refusal->status : 200;
}

int host_status(std::string host, const Access& access, std::string_view authority = {}) {
    return status(check_host(request("GET", {{"Host", std::move(host)}}), authority, access));
}

TEST(Host, without_a_list_any_proper_name_will_do) {
    EXPECT_EQ(host_status("rm.example.org:8000", {}), 200);
    EXPECT_EQ(host_status("<script>", {}), 400);
    EXPECT_EQ(host_status("", {}), 400);
}

TEST(Host, with_a_list_only_its_names_addresses_and_localhost_will_do) {
    Access access;
    access.allowed_hosts = {"RM.example.org"};
    EXPECT_EQ(host_status("rm.example.org:8000", access), 200);
    EXPECT_EQ(host_status("localhost:8000", access), 200);
    EXPECT_EQ(host_status("192.168.1.2:8000", access), 200);
    EXPECT_EQ(host_status("[fe80::1]:8000", access), 200);
    EXPECT_EQ(host_status("evil.example", access), 421);
    EXPECT_EQ(host_status("rm.example.org.evil.example", access), 421);
    EXPECT_EQ(host_status("localhost", access, "evil.example"), 421);
}

TEST(Host, two_of_them_are_refused) {
    EXPECT_EQ(status(check_host(request("GET", {{"Host", "a"}, {"host", "b"}}), "", {})), 400);
}

int origin_status(std::string method, std::string origin) {
    Access access;
    access.cors_origins = {"https://rm.example.org"};
    const Headers headers = {{"Host", "localhost:8000"}, {"Origin", std::move(origin)}};
    return status(check_origin(request(std::move(method), headers), access));
}

TEST(Origin, a_foreign_page_may_read_but_not_write) {
    EXPECT_EQ(origin_status("GET", "https://evil.example"), 200);
    EXPECT_EQ(origin_status("POST", "https://evil.example"), 403);
    EXPECT_EQ(origin_status("DELETE", "null"), 403);
    EXPECT_EQ(origin_status("POST", ""), 403);
}

TEST(Origin, our_own_page_a_configured_one_and_programs_may_write) {
    EXPECT_EQ(origin_status("POST", "http://localhost:8000"), 200);
    EXPECT_EQ(origin_status("POST", "https://rm.example.org"), 200);
    EXPECT_EQ(status(check_origin(request("POST", {{"Host", "localhost:8000"}}), {})), 200);
}

TEST(Origin, a_second_header_does_not_hide_the_first) {
    const Headers headers = {
        {"Host", "localhost:8000"}, {"Origin", "http://localhost:8000"}, {"Origin", "https://evil.example"}};
    EXPECT_EQ(status(check_origin(request("POST", headers), {})), 403);
}

std::optional<Response> token_refusal(const std::string& token, Headers headers) {
    Access access;
    access.token = Secret(token);
    return check_guard(request("POST", std::move(headers)), Guard::token, access);
}

TEST(Token, without_one_configured_writing_is_off_whatever_is_sent) {
    EXPECT_EQ(status(token_refusal("", {})), 403);
    EXPECT_EQ(status(token_refusal("", {{"Authorization", "Bearer "}})), 403);
    EXPECT_EQ(status(token_refusal("", {{"Authorization", "Bearer x"}})), 403);
}

TEST(Token, a_missing_or_wrong_one_is_challenged) {
    for (const char* value : {"", "Bearer", "Bearer ", "Bearer wrong", "Bearer secre", "Bearer secret2",
                              "Basic secret", "secret", "Bearer secretsecret"}) {
        const auto refusal = token_refusal("secret", {{"Authorization", value}});
        ASSERT_EQ(status(refusal), 401) << value;
        const std::string* const challenge = find(refusal->headers, "WWW-Authenticate");
        ASSERT_NE(challenge, nullptr) << value;
        EXPECT_TRUE(challenge->starts_with(R"(Bearer realm="resource-manager")")) << value;
    }
    EXPECT_EQ(status(token_refusal("secret", {})), 401);
}

TEST(Token, the_right_one_passes_and_the_scheme_may_be_written_in_any_case) {
    EXPECT_EQ(status(token_refusal("secret", {{"authorization", "Bearer secret"}})), 200);
    EXPECT_EQ(status(token_refusal("secret", {{"Authorization", "bearer  secret"}})), 200);
}

TEST(Token, an_open_route_needs_none) {
    EXPECT_EQ(status(check_guard(request("POST", {}), Guard::open, {})), 200);
}

TEST(Token, secrets_are_compared_in_full) {
    EXPECT_TRUE(same_secret("abc", "abc"));
    EXPECT_FALSE(same_secret("abc", "abd"));
    EXPECT_FALSE(same_secret("abc", "ab"));
    EXPECT_FALSE(same_secret("abc", "abcabc"));
    EXPECT_FALSE(same_secret("abc", ""));
    EXPECT_FALSE(same_secret("", ""));
    EXPECT_FALSE(same_secret("a", std::string(257, 'a')));
}

}  // namespace
}  // namespace rm::serve
