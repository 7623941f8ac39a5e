// SPDX-License-Identifier: Apache-2.0
#include "serve/preflight_routes.h"

#include <cstdlib>
#include <filesystem>
#include <future>
#include <memory>
#include <string>

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "serve/site.h"
#include "tests/unit/serve/hand_made_check.h"
#include "tests/unit/serve/hand_made_deployments.h"
#include "tests/unit/serve/store_in_folder.h"

namespace rm::serve {
namespace {

using boost::json::object;
using testing::HasSubstr;

PreflightReport hand_made_report() {
    return {.at = noon(),
            .services = {{.service = ServiceName::parse("shop/db").value(),
                          .shown_as = "db",
                          .managed = true,
                          .configured = config::Strategy::automatic,
                          .strategy = config::Strategy::in_place,
                          .why = "blue_green is not possible: \xff",
                          .options = {{.strategy = config::Strategy::blue_green, .against = {"a", "b"}},
                                      {.strategy = config::Strategy::in_place, .against = {}}},
                          .replicas = {"shop-db-1"},
                          .from = Limits{.cpu = Cores::whole(1), .memory = {}},
                          .to = {}}}};
}

TEST(PreflightJson, has_every_reason_in_words) {
    const object body = parsed(preflight_json(hand_made_report()));
    EXPECT_EQ(body.at("at"), "2026-01-01T12:00:00Z");
    const object one = body.at("services").at(0).as_object();
    EXPECT_EQ(one.at("name"), "shop/db");
    EXPECT_EQ(one.at("configured"), "auto");
    EXPECT_EQ(one.at("strategy"), "in_place");
    EXPECT_EQ(one.at("why"), "blue_green is not possible: \xef\xbf\xbd");
    EXPECT_EQ(one.at("options").at(0).at("possible"), false);
    EXPECT_EQ(one.at("options").at(0).at("against").as_array().size(), 2U);
    EXPECT_EQ(one.at("options").at(1).at("possible"), true);
    EXPECT_EQ(one.at("from").at("cpu_cores"), 1);
    EXPECT_TRUE(one.at("to").is_null());
    EXPECT_TRUE(one.at("steps").as_array().empty());
}

TEST(PreflightJson, no_strategy_is_null) {
    PreflightReport report = hand_made_report();
    report.services[0].strategy.reset();
    EXPECT_TRUE(parsed(preflight_json(report)).at("services").at(0).at("strategy").is_null());
}

class PreflightRoutes : public StoreInFolder {
protected:
    PreflightRoutes() {
        looks = [this](const PreflightAsked& wanted, const std::stop_token&) {
            asked = wanted;
            return report;
        };
    }

    Response ask(const std::string& query) {
        const Site site = Site::make(preflight_routes({.latest = {},
                                                       .look = {},
                                                       .first_due = {},
                                                       .store = *store,
                                                       .clock = clock,
                                                       .look_ahead = looks}),
                                     always({}))
                              .value();
        Request request;
        request.method = "GET";
        request.target = "/api/preflight" + query;
        request.headers.push_back({"Host", "localhost"});
        auto admission = site.admit(request, true);
        return admission.refusal ? *admission.refusal : Site::run(*admission.route, request);
    }

    Result<PreflightReport> report = hand_made_report();
    LookAhead looks;
    PreflightAsked asked;
};

TEST_F(PreflightRoutes, asks_about_all_services_as_they_are) {
    EXPECT_EQ(ask("").status, 200);
    EXPECT_FALSE(asked.service);
    EXPECT_FALSE(asked.to);
    EXPECT_FALSE(asked.strategy);
}

TEST_F(PreflightRoutes, asks_about_one_service_as_if_it_was_to_be_changed) {
    EXPECT_EQ(ask("?service=shop%2Fdb&memory=768M&strategy=recreate").status, 200);
    EXPECT_EQ(asked.service, "shop/db");
    EXPECT_EQ(asked.to, (Limits{.cpu = {}, .memory = Bytes::mebi(768)}));
    EXPECT_EQ(asked.strategy, config::Strategy::recreate);
    EXPECT_EQ(ask("?cpu=1.5").status, 200);
    EXPECT_EQ(asked.to, (Limits{.cpu = Cores::from_nanos(1'500'000'000), .memory = {}}));
}

TEST_F(PreflightRoutes, a_deployment_that_has_to_end_first_is_named) {
    keep(*store, hand_made_deployment("shop/db"));
    const auto under_way = [&] { return parsed(ask("").body).at("services").at(0).at("under_way"); };
    EXPECT_TRUE(under_way().is_null());
    keep(*store, hand_made_deployment("shop/db", "under_way"));
    EXPECT_EQ(under_way(), 2);
    store->cancel();
    EXPECT_TRUE(under_way().is_null()) << "it is not known";
}

TEST_F(PreflightRoutes, what_can_not_be_meant_is_refused_in_words) {
    EXPECT_THAT(ask("?cpu=0").body, HasSubstr("cpu: '0' is no limit"));
    EXPECT_EQ(ask("?memory=much").status, 400);
    EXPECT_THAT(ask("?strategy=bluegreen").body, HasSubstr("did you mean 'blue_green'?"));
    EXPECT_EQ(ask("?service=..%2Fx").status, 400);
    EXPECT_EQ(ask("?limit=1").status, 400);
    report = fail(ErrorCode::not_found, "there is no service 'dd'");
    EXPECT_EQ(ask("?service=dd").status, 404);
}

TEST_F(PreflightRoutes, one_is_made_at_a_time) {
    Handler preflight;
    int inner_status = 0;
    const LookAhead asks_again = [&](const PreflightAsked&, const std::stop_token&) {
        inner_status = std::async(std::launch::async, [&] { return preflight(Request()).status; }).get();
        return report;
    };
    preflight = preflight_routes({.latest = {},
                                  .look = {},
                                  .first_due = {},
                                  .store = *store,
                                  .clock = clock,
                                  .look_ahead = asks_again})
                    .front()
                    .handler;
    EXPECT_EQ(preflight(Request()).status, 200);
    EXPECT_EQ(inner_status, 503);
}

TEST_F(PreflightRoutes, who_can_not_look_ahead_has_no_route_for_it) {
    looks = {};
    EXPECT_EQ(ask("").status, 404);
}

}  // namespace
}  // namespace rm::serve
