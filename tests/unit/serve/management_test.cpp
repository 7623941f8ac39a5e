// SPDX-License-Identifier: Apache-2.0
#include "serve/management.h"

#include <chrono>
#include <string>

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "serve/site.h"

namespace rm::serve {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class ManagementRoutes : public testing::Test {
protected:
    Response ask(std::string method, std::string path, Headers headers = {}) {
        Access access;
        access.token = token;
        const Site site =
            Site::make(management_routes({board, metrics, "1.2.3", reload, [this] { return on; }}),
                       always(std::move(access)))
                .value();
        Request request;
        request.method = std::move(method);
        request.target = std::move(path);
        request.headers = std::move(headers);
        request.headers.push_back({"Host", "localhost"});
        auto admission = site.admit(request, true);
        Response response = admission.refusal ? *admission.refusal : Site::run(*admission.route, request);
        site.finish(request, response);
        return response;
    }

    boost::json::object ask_json(std::string method, std::string path, Headers headers = {}) {
        return boost::json::parse(ask(std::move(method), std::move(path), std::move(headers)).body)
            .as_object();
    }

    VirtualClock clock;
    HealthBoard board{clock};
    telemetry::Metrics metrics;
    Secret token;
    std::function<Reloaded()> reload;
    bool on = true;
};

TEST_F(ManagementRoutes, health_tells_status_version_uptime_and_parts) {
    board.report("store", PartState::ok);
    clock.advance(90s);
    board.report("prometheus", PartState::degraded, "no answer from \"http://prometheus:9090\"\n");
    const auto health = ask_json("GET", "/health");
    EXPECT_EQ(health.at("status"), "degraded");
    EXPECT_EQ(health.at("version"), "1.2.3");
    EXPECT_EQ(health.at("uptime_seconds"), 90);
    const auto& parts = health.at("parts").as_object();
    EXPECT_EQ(parts.at("store").at("status"), "ok");
    EXPECT_EQ(parts.at("store").at("since"), "2026-01-01T00:00:00Z");
    EXPECT_EQ(parts.at("prometheus").at("status"), "degraded");
    EXPECT_EQ(parts.at("prometheus").at("since"), "2026-01-01T00:01:30Z");
    EXPECT_EQ(parts.at("prometheus").at("detail"), "no answer from \"http://prometheus:9090\"\n");
}

TEST_F(ManagementRoutes, health_is_an_error_only_when_something_has_failed) {
    board.report("store", PartState::degraded);
    EXPECT_EQ(ask("GET", "/health").status, 200);
    board.report("store", PartState::failed);
    EXPECT_EQ(ask("GET", "/health").status, 503);
    EXPECT_EQ(ask("HEAD", "/health").status, 503);
}

TEST_F(ManagementRoutes, healthy_answers_whatever_the_parts_do) {
    board.report("store", PartState::failed);
    EXPECT_EQ(ask("GET", "/-/healthy").status, 200);
    EXPECT_EQ(ask("HEAD", "/-/healthy").status, 200);
}

TEST_F(ManagementRoutes, ready_gives_the_reason_when_it_is_not) {
    EXPECT_EQ(ask("GET", "/-/ready").status, 503);
    board.report("store", PartState::starting, "migrating");
    const Response waiting = ask("GET", "/-/ready");
    EXPECT_EQ(waiting.status, 503);
    EXPECT_EQ(waiting.body, "not ready: store is starting: migrating\n");
    board.report("store", PartState::ok);
    EXPECT_EQ(ask("GET", "/-/ready").status, 200);
}

TEST_F(ManagementRoutes, metrics_have_the_exact_type_that_prometheus_wants) {
    const Response response =
        ask("GET", "/metrics", {{"Accept", "application/openmetrics-text;version=1.0.0"}});
    EXPECT_EQ(response.content_type, "text/plain; version=0.0.4; charset=utf-8");
    EXPECT_THAT(response.body, HasSubstr("# TYPE "));
    EXPECT_EQ(*find(ask("GET", "/metrics", {{"Accept-Encoding", "gzip"}}).headers, "Content-Encoding"),
              "gzip");
}

TEST_F(ManagementRoutes, reload_is_off_without_a_token_and_says_how_to_turn_it_on) {
    reload = []() -> Reloaded { return std::vector<std::string>(); };
    const Response response = ask("POST", "/-/reload");
    EXPECT_EQ(response.status, 403);
    EXPECT_THAT(response.body, HasSubstr("http.token_file"));
}

TEST_F(ManagementRoutes, reload_tells_what_changed_or_everything_that_is_wrong) {
    token = Secret("t");
    const Headers authorized = {{"Authorization", "Bearer t"}};
    reload = []() -> Reloaded { return std::vector<std::string>{"logging.level"}; };
    EXPECT_EQ(ask_json("POST", "/-/reload", authorized).at("changed").as_array().at(0), "logging.level");
    EXPECT_EQ(ask("PUT", "/-/reload", authorized).status, 200);
    reload = []() -> Reloaded {
        return tl::unexpected(
            std::vector<Complaint>{{"min is over max", "config.yml:3:5"}, {"unknown key", "x"}});
    };
    EXPECT_EQ(ask("POST", "/-/reload", authorized).status, 422);
    EXPECT_EQ(ask_json("POST", "/-/reload", authorized).at("errors").as_array().size(), 2U);
}

TEST_F(ManagementRoutes, reload_that_is_off_says_how_to_turn_it_on_and_takes_no_get) {
    token = Secret("t");
    on = false;
    reload = []() -> Reloaded { return std::vector<std::string>{"logging.level"}; };
    EXPECT_EQ(ask("GET", "/-/reload").status, 405);
    const Response off = ask("POST", "/-/reload", {{"Authorization", "Bearer t"}});
    EXPECT_EQ(off.status, 403);
    EXPECT_THAT(off.body, HasSubstr("set http.reload_endpoint"));
}

TEST_F(ManagementRoutes, ready_tells_that_the_program_stops) {
    board.report("daemon", PartState::stopping);
    EXPECT_EQ(ask("GET", "/-/ready").status, 503);
    EXPECT_EQ(ask("GET", "/-/ready").body, "not ready: daemon is stopping\n");
    EXPECT_EQ(ask("GET", "/health").status, 200);
}

TEST_F(ManagementRoutes, the_landing_page_links_to_the_rest_under_a_strict_policy) {
    const Response page = ask("GET", "/");
    EXPECT_EQ(page.content_type, "text/html; charset=utf-8");
    EXPECT_THAT(page.body, HasSubstr("Version 1.2.3"));
    EXPECT_THAT(page.body, HasSubstr("href=\"/health\""));
    EXPECT_THAT(page.body, HasSubstr("href=\"/metrics\""));
    EXPECT_THAT(*find(page.headers, "Content-Security-Policy"), HasSubstr("default-src 'none'"));
    EXPECT_NE(find(page.headers, "ETag"), nullptr);
}

TEST_F(ManagementRoutes, every_type_of_problem_is_explained_where_it_points_to) {
    for (const ProblemType& type : problem_types()) {
        const Response response = ask("GET", "/problems/" + std::string(type.name));
        EXPECT_EQ(response.status, 200) << type.name;
        EXPECT_THAT(response.body, HasSubstr(std::string(type.explanation)));
    }
    EXPECT_EQ(ask("GET", "/problems/other").status, 404);
}

TEST_F(ManagementRoutes, the_version_is_json) {
    EXPECT_EQ(ask_json("GET", "/version").at("version"), "1.2.3");
}

}  // namespace
}  // namespace rm::serve
