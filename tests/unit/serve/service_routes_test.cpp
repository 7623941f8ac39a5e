// SPDX-License-Identifier: Apache-2.0
#include "serve/service_routes.h"

#include <cstdlib>
#include <filesystem>
#include <future>
#include <memory>
#include <string>

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "serve/site.h"
#include "store/decisions.h"
#include "store/pauses.h"
#include "tests/unit/serve/hand_made_check.h"
#include "tests/unit/serve/store_in_folder.h"

namespace rm::serve {
namespace {

using namespace std::chrono_literals;
using boost::json::object;
using testing::HasSubstr;

class ServiceRoutes : public StoreInFolder {
protected:
    Response ask(std::string method, std::string target, std::string body = {}, Headers headers = {}) {
        Access access;
        access.token = Secret("t");
        const Site site = Site::make(service_routes({.latest = [this] { return latest; },
                                                     .look = [this](const std::stop_token&) { return look; },
                                                     .first_due = [] { return noon() + 1min; },
                                                     .store = *store,
                                                     .clock = clock}),
                                     always(std::move(access)))
                              .value();
        Request request;
        request.method = std::move(method);
        request.target = std::move(target);
        request.body = std::move(body);
        request.headers = std::move(headers);
        request.headers.push_back({"Host", "localhost"});
        auto admission = site.admit(request, true);
        Response response = admission.refusal ? *admission.refusal : Site::run(*admission.route, request);
        site.finish(request, response);
        return response;
    }

    object get(const std::string& target) { return boost::json::parse(ask("GET", target).body).as_object(); }

    Response post(const std::string& target, const std::string& body = {}) {
        return ask("POST", target, body, {{"Authorization", "Bearer t"}});
    }

    void decide(std::string_view service, const std::string& reason) {
        const store::Decision made{.at = noon(),
                                   .service = ServiceName::parse(service).value(),
                                   .outcome = "would_adjust",
                                   .from = {.cpu = Cores::whole(1), .memory = {}},
                                   .to = Limits{.cpu = Cores::whole(2), .memory = {}},
                                   .reason = reason,
                                   .details = R"({"gates":[]})"};
        ASSERT_TRUE(store->transaction([&](store::Session& session) { return record(session, made); }));
    }

    CheckPtr latest = std::make_shared<const decide::Check>(hand_made_check());
    CheckPtr look = latest;
};

TEST_F(ServiceRoutes, before_the_first_check_they_say_when_it_is_due) {
    latest = nullptr;
    for (const auto* path : {"/api/services", "/api/services/web"}) {
        const Response response = ask("GET", path);
        EXPECT_EQ(response.status, 503);
        EXPECT_THAT(response.body, HasSubstr("the first one is due at 2026-01-01T12:01:00Z"));
    }
    EXPECT_EQ(post("/api/services/web/pause").status, 503);
}

TEST_F(ServiceRoutes, the_list_has_all_services_and_is_only_sent_when_it_is_news) {
    const Response response = ask("GET", "/api/services");
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(boost::json::parse(response.body).at("services").as_array().size(), 4U);
    const std::string etag = *find(response.headers, "ETag");
    EXPECT_EQ(ask("GET", "/api/services", {}, {{"If-None-Match", etag}}).status, 304);
    EXPECT_EQ(post("/api/services/cache/pause").status, 200);
    EXPECT_EQ(ask("GET", "/api/services", {}, {{"If-None-Match", etag}}).status, 200);
}

TEST_F(ServiceRoutes, a_service_is_found_by_its_full_name_and_by_a_clear_short_one) {
    EXPECT_EQ(get("/api/services/shop%2Fweb").at("service").at("name"), "shop/web");
    EXPECT_EQ(get("/api/services/db").at("service").at("name"), "shop/db");
    EXPECT_TRUE(get("/api/services/db").at("service").as_object().contains("gates"));
}

TEST_F(ServiceRoutes, an_unknown_service_gets_the_closest_one_suggested) {
    const Response response = ask("GET", "/api/services/cahce");
    EXPECT_EQ(response.status, 404);
    EXPECT_EQ(response.content_type, "application/problem+json");
    EXPECT_THAT(response.body, HasSubstr("did you mean 'cache'?"));
    latest = std::make_shared<const decide::Check>();
    EXPECT_THAT(ask("GET", "/api/services/cahce").body, HasSubstr("no service was found on this host"));
}

TEST_F(ServiceRoutes, an_ambiguous_name_is_a_conflict_that_names_the_candidates) {
    const Response response = ask("GET", "/api/services/web");
    EXPECT_EQ(response.status, 409);
    EXPECT_THAT(response.body, HasSubstr("blog/web or shop/web"));
    EXPECT_EQ(post("/api/services/web/pause").status, 409);
}

TEST_F(ServiceRoutes, a_hostile_name_comes_back_escaped) {
    const Response response = ask("GET", "/api/services/%22%3Cscript%3E");
    EXPECT_EQ(response.status, 404);
    EXPECT_THAT(response.body, HasSubstr("'\\\"<script>'"));
    EXPECT_EQ(ask("GET", "/api/services/a%0Ab").status, 400);
}

TEST_F(ServiceRoutes, unknown_and_repeated_parameters_are_refused) {
    EXPECT_THAT(ask("GET", "/api/services?limt=1").body, HasSubstr("'limt' is not a parameter"));
    EXPECT_EQ(ask("GET", "/api/decisions?limt=1").status, 400);
    EXPECT_EQ(ask("GET", "/api/decisions?limit=1&limit=2").status, 400);
}

TEST_F(ServiceRoutes, the_plan_is_a_fresh_look) {
    decide::Check fresh = hand_made_check();
    fresh.counted = false;
    fresh.services.erase(fresh.services.begin() + 3);
    look = std::make_shared<const decide::Check>(std::move(fresh));
    const object plan = get("/api/plan");
    EXPECT_EQ(plan.at("check").at("counted"), false);
    EXPECT_TRUE(plan.at("proposals").as_array().empty());
    look = nullptr;
    EXPECT_EQ(ask("GET", "/api/plan").status, 503);
}

TEST_F(ServiceRoutes, one_plan_is_made_at_a_time) {
    Handler plan;
    int inner_status = 0;
    const auto look_and_ask_again = [&](const std::stop_token&) {
        inner_status = std::async(std::launch::async, [&] { return plan(Request()).status; }).get();
        return latest;
    };
    for (const Route& route : service_routes({.latest = nullptr,
                                              .look = look_and_ask_again,
                                              .first_due = nullptr,
                                              .store = *store,
                                              .clock = clock}))
        if (route.pattern == "/api/plan") plan = route.handler;
    EXPECT_EQ(plan(Request()).status, 200);
    EXPECT_EQ(inner_status, 503);
    EXPECT_EQ(plan(Request()).status, 200);
}

TEST_F(ServiceRoutes, without_the_store_the_pauses_of_the_check_are_shown) {
    decide::Check paused = hand_made_check();
    paused.services[2].service.pause = decide::Pause{.until = std::nullopt, .reason = "of the check"};
    latest = std::make_shared<const decide::Check>(std::move(paused));
    store->cancel();
    EXPECT_EQ(get("/api/services/db").at("service").at("pause").at("reason"), "of the check");
    EXPECT_EQ(ask("GET", "/api/decisions").status, 503);
    const Response refused = post("/api/services/db/pause");
    EXPECT_EQ(refused.status, 503);
    EXPECT_THAT(refused.body, HasSubstr("the pause could not be stored"));
}

TEST_F(ServiceRoutes, pausing_needs_the_token) {
    EXPECT_EQ(ask("POST", "/api/services/db/pause").status, 401);
    EXPECT_EQ(ask("POST", "/api/services/db/resume").status, 401);
    EXPECT_EQ(ask("GET", "/api/services/db/pause").status, 405);
}

TEST_F(ServiceRoutes, a_pause_shows_at_once_and_ends_by_itself) {
    const Response response = post("/api/services/db/pause", R"({"for":"2h","reason":"load \"test\""})");
    EXPECT_EQ(response.status, 200) << response.body;
    EXPECT_EQ(boost::json::parse(response.body).at("service"), "shop/db");
    const object pause = get("/api/services/db").at("service").at("pause").as_object();
    EXPECT_EQ(pause.at("until"), "2026-01-01T14:00:00Z");
    EXPECT_EQ(pause.at("since"), "2026-01-01T12:00:00Z");
    EXPECT_EQ(pause.at("reason"), "load \"test\"");
    clock.advance(2h);
    EXPECT_TRUE(get("/api/services/db").at("service").at("pause").is_null());
}

TEST_F(ServiceRoutes, a_pause_without_a_body_lasts_until_it_is_resumed) {
    EXPECT_EQ(post("/api/services/db/pause").status, 200);
    clock.advance(24h * 1000);
    EXPECT_TRUE(get("/api/services/db").at("service").at("pause").at("until").is_null());
    EXPECT_EQ(boost::json::parse(post("/api/services/db/resume").body).at("was_paused"), true);
    EXPECT_TRUE(get("/api/services/db").at("service").at("pause").is_null());
    EXPECT_EQ(boost::json::parse(post("/api/services/db/resume").body).at("was_paused"), false);
}

TEST_F(ServiceRoutes, a_service_that_has_gone_can_still_be_resumed) {
    EXPECT_EQ(post("/api/services/db/pause").status, 200);
    latest = nullptr;
    EXPECT_EQ(boost::json::parse(post("/api/services/db/resume").body).at("was_paused"), true);
    EXPECT_EQ(post("/api/services/db/resume").status, 404);
}

TEST_F(ServiceRoutes, a_pause_is_read_strictly) {
    const auto refused = [&](const std::string& body) {
        const Response response = post("/api/services/db/pause", body);
        EXPECT_EQ(response.status, 400) << body;
        return response.body;
    };
    EXPECT_THAT(refused(R"({"until":"2h"})"), HasSubstr("'until' is not known here"));
    EXPECT_THAT(refused(R"({"for":7200})"), HasSubstr("has to be a text"));
    EXPECT_THAT(refused(R"({"for":"tomorrow"})"), HasSubstr("'tomorrow' is not a duration"));
    EXPECT_THAT(refused(R"({"for":"0s"})"), HasSubstr("above zero"));
    EXPECT_THAT(refused(R"({"for":"367d"})"), HasSubstr("at most 366d"));
    EXPECT_THAT(refused(R"({"reason":"two\nlines"})"), HasSubstr("control character"));
    EXPECT_THAT(refused(R"({"reason":")" + std::string(501, 'x') + R"("})"), HasSubstr("at most 500"));
    EXPECT_THAT(refused("[]"), HasSubstr("JSON object"));
    EXPECT_THAT(refused("{"), HasSubstr("JSON object"));
}

TEST_F(ServiceRoutes, decisions_come_newest_first_in_pages) {
    for (const auto* reason : {"one", "two", "three"}) decide("shop/web", reason);
    const object first = get("/api/decisions?limit=2");
    ASSERT_EQ(first.at("decisions").as_array().size(), 2U);
    const object newest = first.at("decisions").as_array().at(0).as_object();
    EXPECT_EQ(newest.at("reason"), "three");
    EXPECT_EQ(newest.at("to").at("cpu_cores"), 2);
    EXPECT_TRUE(newest.at("to").at("memory_bytes").is_null());
    EXPECT_FALSE(newest.contains("details"));
    const object second = get(std::string(first.at("next").as_string()));
    ASSERT_EQ(second.at("decisions").as_array().size(), 1U);
    EXPECT_EQ(second.at("decisions").as_array().at(0).at("reason"), "one");
    EXPECT_TRUE(second.at("next").is_null());
}

TEST_F(ServiceRoutes, decisions_of_one_service_keep_to_it_from_page_to_page) {
    decide("shop/db", "a");
    decide("shop/web", "b");
    decide("shop/db", "c");
    const object first = get("/api/decisions?service=db&limit=1&details=true");
    EXPECT_EQ(first.at("decisions").as_array().at(0).at("reason"), "c");
    EXPECT_TRUE(first.at("decisions").as_array().at(0).at("details").as_object().contains("gates"));
    EXPECT_EQ(get(std::string(first.at("next").as_string())).at("decisions").as_array().at(0).at("reason"),
              "a");
}

TEST_F(ServiceRoutes, decisions_outlive_their_service) {
    decide("old/thing", "a");
    EXPECT_EQ(get("/api/decisions?service=old/thing").at("decisions").as_array().size(), 1U);
    EXPECT_EQ(ask("GET", "/api/decisions?service=old/other").status, 404);
    EXPECT_EQ(ask("GET", "/api/decisions?service=web").status, 409);
    EXPECT_EQ(ask("GET", "/api/decisions?service=a%20b").status, 400);
    EXPECT_EQ(ask("GET", "/api/decisions?limit=0").status, 400);
    EXPECT_EQ(ask("GET", "/api/decisions?limit=1001").status, 400);
    EXPECT_EQ(ask("GET", "/api/decisions?before=x").status, 400);
    EXPECT_EQ(ask("GET", "/api/decisions?details=yes").status, 400);
}

}  // namespace
}  // namespace rm::serve
