// SPDX-License-Identifier: Apache-2.0
#include "serve/site.h"

#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

#include "serve/static_content.h"

namespace rm::serve {
namespace {

Route route(std::vector<std::string> methods, std::string pattern, Guard guard, Handler handler) {
    Route made;
    made.methods = std::move(methods);
    made.pattern = std::move(pattern);
    made.guard = guard;
    made.handler = std::move(handler);
    return made;
}

const std::string page_text(2000, 'x');

Site test_site(Access access = {}) {
    Routes routes;
    routes.push_back(route({"GET"}, "/page", Guard::open, static_content("text/plain", page_text)));
    routes.push_back(
        route({"POST"}, "/write", Guard::token, [](const Request&) { return json_response("{}"); }));
    routes.push_back(route({"GET"}, "/echo/{what}", Guard::open, [](const Request& request) {
        return json_response(*find(request.path_parameters, "what") + *find(request.query, "q"));
    }));
    routes.push_back(route({"GET"}, "/throws", Guard::open,
                           [](const Request&) -> Response { throw std::runtime_error("secret"); }));
    routes.push_back(route({"GET"}, "/throws/odd", Guard::open, [](const Request&) -> Response { throw 1; }));
    return Site::make(std::move(routes), always(std::move(access))).value();
}

struct Answer {
    Response response;
    std::string label;

    [[nodiscard]] std::string header(std::string_view name) const {
        const std::string* const value = find(response.headers, name);
        return value == nullptr ? "" : *value;
    }
};

Answer ask(const Site& site, std::string method, std::string target,
           Headers headers = {{"Host", "localhost"}}) {
    Request request;
    request.method = std::move(method);
    request.target = std::move(target);
    request.headers = std::move(headers);
    auto admission = site.admit(request, true);
    Answer answer{.response = admission.refusal ? *admission.refusal : Site::run(*admission.route, request),
                  .label = std::string(admission.label)};
    site.finish(request, answer.response);
    return answer;
}

TEST(Site, path_and_query_reach_the_handler_decoded) {
    EXPECT_EQ(ask(test_site(), "GET", "/echo/a%2Fb?q=%20c").response.body, "a/b c");
}

TEST(Site, labels_are_patterns_or_unmatched) {
    const Site site = test_site();
    EXPECT_EQ(ask(site, "GET", "/echo/x?q=").label, "/echo/{what}");
    EXPECT_EQ(ask(site, "DELETE", "/echo/x").label, "/echo/{what}");
    EXPECT_EQ(ask(site, "GET", "/nowhere").label, "unmatched");
    EXPECT_EQ(ask(site, "GET", "/%").label, "unmatched");
}

TEST(Site, wrong_paths_methods_and_targets_are_told_apart) {
    const Site site = test_site();
    EXPECT_EQ(ask(site, "GET", "/nowhere").response.status, 404);
    EXPECT_EQ(ask(site, "GET", "/page/").response.status, 404);
    EXPECT_EQ(ask(site, "GET", "//page").response.status, 404);
    EXPECT_EQ(ask(site, "GET", "/echo/..").response.status, 400);
    const Answer wrong_method = ask(site, "DELETE", "/page");
    EXPECT_EQ(wrong_method.response.status, 405);
    EXPECT_EQ(wrong_method.header("Allow"), "GET, HEAD, OPTIONS");
    EXPECT_EQ(ask(site, "BREW", "/page").response.status, 405);
}

TEST(Site, options_tells_what_a_path_can_do) {
    const Site site = test_site();
    const Answer answer = ask(site, "OPTIONS", "/write");
    EXPECT_EQ(answer.response.status, 204);
    EXPECT_EQ(answer.header("Allow"), "OPTIONS, POST");
    EXPECT_EQ(ask(site, "OPTIONS", "*").response.status, 204);
    EXPECT_EQ(ask(site, "OPTIONS", "/nowhere").response.status, 404);
}

TEST(Site, http_1_1_needs_a_host) {
    const Site site = test_site();
    EXPECT_EQ(ask(site, "GET", "/page", {}).response.status, 400);
    EXPECT_EQ(ask(site, "GET", "http://localhost/page", {}).response.status, 400);
    Request old;
    old.method = "GET";
    old.target = "/page";
    EXPECT_FALSE(site.admit(old, false).refusal);
}

TEST(Site, a_handler_that_throws_gives_a_problem_that_tells_nothing) {
    const Site site = test_site();
    const Answer answer = ask(site, "GET", "/throws");
    EXPECT_EQ(answer.response.status, 500);
    EXPECT_EQ(answer.response.body.find("secret"), std::string::npos);
    EXPECT_EQ(ask(site, "GET", "/throws/odd").response.status, 500);
}

TEST(Site, content_that_a_client_already_has_is_not_sent_again) {
    const Site site = test_site();
    const std::string etag = ask(site, "GET", "/page").header("ETag");
    ASSERT_EQ(etag, '"' + content_hash(page_text) + '"');
    const Answer again = ask(site, "GET", "/page", {{"Host", "a"}, {"If-None-Match", etag}});
    EXPECT_EQ(again.response.status, 304);
    EXPECT_EQ(again.response.body, "");
    EXPECT_EQ(again.header("ETag"), etag);
    EXPECT_EQ(again.header("Vary"), "Accept-Encoding");
    EXPECT_EQ(ask(site, "HEAD", "/page", {{"Host", "a"}, {"If-None-Match", etag}}).response.status, 304);
    EXPECT_EQ(ask(site, "GET", "/page", {{"Host", "a"}, {"If-None-Match", "\"other\""}}).response.status,
              200);
}

TEST(Site, gzip_is_sent_to_who_accepts_it_under_an_etag_of_its_own) {
    const Site site = test_site();
    const Answer packed = ask(site, "GET", "/page", {{"Host", "a"}, {"Accept-Encoding", "gzip"}});
    EXPECT_EQ(packed.header("Content-Encoding"), "gzip");
    EXPECT_EQ(packed.header("Vary"), "Accept-Encoding");
    EXPECT_EQ(packed.response.body, gzip(page_text));
    const Answer plain = ask(site, "GET", "/page", {{"Host", "a"}, {"Accept-Encoding", "gzip;q=0"}});
    EXPECT_EQ(plain.header("Content-Encoding"), "");
    EXPECT_EQ(plain.header("Vary"), "Accept-Encoding");
    EXPECT_NE(plain.header("ETag"), packed.header("ETag"));
    const Answer again =
        ask(site, "GET", "/page",
            {{"Host", "a"}, {"Accept-Encoding", "gzip"}, {"If-None-Match", packed.header("ETag")}});
    EXPECT_EQ(again.response.status, 304);
    EXPECT_EQ(again.header("Content-Encoding"), "");
}

TEST(Site, every_response_forbids_browsers_to_do_clever_things) {
    const Site site = test_site();
    for (const char* target : {"/page", "/nowhere", "/%"}) {
        const Answer answer = ask(site, "GET", target);
        EXPECT_EQ(answer.header("X-Content-Type-Options"), "nosniff") << target;
        EXPECT_EQ(answer.header("X-Frame-Options"), "DENY") << target;
        EXPECT_EQ(answer.header("Referrer-Policy"), "no-referrer") << target;
        EXPECT_EQ(answer.header("Content-Security-Policy"), "default-src 'none'; frame-ancestors 'none'")
            << target;
    }
}

TEST(Site, a_guarded_route_checks_origin_and_token) {
    EXPECT_EQ(ask(test_site(), "POST", "/write").response.status, 403);
    Access access;
    access.token = Secret("t");
    const Site site = test_site(access);
    EXPECT_EQ(ask(site, "POST", "/write").response.status, 401);
    EXPECT_EQ(ask(site, "POST", "/write", {{"Host", "a"}, {"Authorization", "Bearer t"}}).response.status,
              200);
    EXPECT_EQ(ask(site, "POST", "/write",
                  {{"Host", "a"}, {"Authorization", "Bearer t"}, {"Origin", "https://evil.example"}})
                  .response.status,
              403);
}

TEST(Site, configured_origins_may_read_and_ask_beforehand) {
    Access access;
    access.cors_origins = {"https://rm.example.org"};
    const Site site = test_site(access);
    const Answer read = ask(site, "GET", "/page", {{"Host", "a"}, {"Origin", "https://rm.example.org"}});
    EXPECT_EQ(read.header("Access-Control-Allow-Origin"), "https://rm.example.org");
    const Answer asked =
        ask(site, "OPTIONS", "/write",
            {{"Host", "a"}, {"Origin", "https://rm.example.org"}, {"Access-Control-Request-Method", "POST"}});
    EXPECT_EQ(asked.response.status, 204);
    EXPECT_EQ(asked.header("Access-Control-Allow-Origin"), "https://rm.example.org");
    EXPECT_EQ(asked.header("Access-Control-Allow-Methods"), "OPTIONS, POST");
    EXPECT_EQ(asked.header("Access-Control-Allow-Headers"), "Authorization, Content-Type");
}

TEST(Site, other_origins_are_told_nothing_and_caches_are_told_so) {
    Access access;
    access.cors_origins = {"https://rm.example.org"};
    const Site site = test_site(access);
    const Answer answer =
        ask(site, "OPTIONS", "/write",
            {{"Host", "a"}, {"Origin", "https://evil.example"}, {"Access-Control-Request-Method", "POST"}});
    EXPECT_EQ(answer.header("Access-Control-Allow-Origin"), "");
    EXPECT_EQ(answer.header("Access-Control-Allow-Methods"), "");
    EXPECT_EQ(answer.header("Vary"), "Origin");
    EXPECT_EQ(ask(test_site(), "GET", "/throws", {{"Host", "a"}, {"Origin", "https://x"}}).header("Vary"),
              "");
}

}  // namespace
}  // namespace rm::serve
