// SPDX-License-Identifier: Apache-2.0
#include "serve/deployment_routes.h"

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "serve/site.h"
#include "store/deployments.h"
#include "tests/unit/serve/hand_made_deployments.h"
#include "tests/unit/serve/store_in_folder.h"

namespace rm::serve {
namespace {

using namespace std::chrono_literals;
using boost::json::object;
using testing::ElementsAre;
using testing::HasSubstr;

class DeploymentRoutes : public StoreInFolder {
protected:
    [[nodiscard]] ServiceViews views() {
        return {.latest = [this] { return latest; },
                .look = [this](const std::stop_token&) { return latest; },
                .first_due = {},
                .store = *store,
                .clock = clock,
                .look_ahead = {},
                .deploy =
                    [this](const Wanted& wanted, const std::stop_token&) {
                        asked = wanted;
                        return begun;
                    }};
    }

    Response ask(std::string method, std::string target, std::string body = {}, Headers headers = {}) {
        Access access;
        access.token = Secret("t");
        const Site site = Site::make(service_routes(views()), always(std::move(access))).value();
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

    Response post(const std::string& target, const std::string& body = {}) {
        return ask("POST", target, body, {{"Authorization", "Bearer t"}});
    }

    object get(const std::string& target) {
        const Response response = ask("GET", target);
        EXPECT_EQ(response.status, 200) << response.body;
        return boost::json::parse(response.body).as_object();
    }

    std::vector<std::int64_t> ids(const std::string& target) {
        std::vector<std::int64_t> all;
        const object body = get(target);
        for (const auto& one : body.at("deployments").as_array()) all.push_back(one.at("id").as_int64());
        return all;
    }

    CheckPtr latest = std::make_shared<const decide::Check>(hand_made_check());
    Result<std::int64_t> begun = 7;
    std::optional<Wanted> asked;
};

TEST_F(DeploymentRoutes, before_the_first_deployment_the_list_is_empty) {
    const object body = get("/api/deployments");
    EXPECT_TRUE(body.at("deployments").as_array().empty());
    EXPECT_TRUE(body.at("next").is_null());
}

TEST_F(DeploymentRoutes, the_list_comes_in_pages_the_newest_first) {
    for (int i = 0; i < 3; ++i) keep(*store, hand_made_deployment());
    EXPECT_THAT(ids("/api/deployments"), ElementsAre(3, 2, 1));
    const object first = get("/api/deployments?limit=2&service=shop%2Fweb");
    EXPECT_EQ(first.at("next"), "/api/deployments?limit=2&service=shop%2Fweb&before=2");
    keep(*store, hand_made_deployment());
    EXPECT_THAT(ids(std::string(first.at("next").as_string())), ElementsAre(1));
}

TEST_F(DeploymentRoutes, the_list_of_a_service_is_found_by_a_clear_name) {
    keep(*store, hand_made_deployment("shop/db"));
    keep(*store, hand_made_deployment("shop/web"));
    EXPECT_THAT(ids("/api/deployments?service=db"), ElementsAre(1));
    EXPECT_THAT(ids("/api/deployments?service=cache"), ElementsAre());
    EXPECT_EQ(ask("GET", "/api/deployments?service=web").status, 409);
    const Response unknown = ask("GET", "/api/deployments?service=cahce");
    EXPECT_EQ(unknown.status, 404);
    EXPECT_THAT(unknown.body, HasSubstr("did you mean 'cache'?"));
}

TEST_F(DeploymentRoutes, a_service_that_has_gone_keeps_its_history) {
    keep(*store, hand_made_deployment("old/gone"));
    EXPECT_THAT(ids("/api/deployments?service=gone"), ElementsAre(1));
    latest = nullptr;
    EXPECT_THAT(ids("/api/deployments?service=old%2Fgone"), ElementsAre(1));
}

TEST_F(DeploymentRoutes, one_has_its_phases_and_its_log) {
    const auto id = keep(*store, hand_made_deployment());
    const object one = get("/api/deployments/" + std::to_string(id)).at("deployment").as_object();
    EXPECT_EQ(one.at("phases").as_array().size(), 3U);
    EXPECT_EQ(one.at("log").as_array().size(), 4U);
}

TEST_F(DeploymentRoutes, a_number_that_is_none_or_not_known_is_said_in_words) {
    const Response unknown = ask("GET", "/api/deployments/12");
    EXPECT_EQ(unknown.status, 404);
    EXPECT_THAT(unknown.body, HasSubstr("there is no deployment 12"));
    EXPECT_EQ(ask("GET", "/api/deployments/99999999999999999999").status, 400);
    EXPECT_THAT(ask("GET", "/api/deployments/web").body, HasSubstr("'web' is not the number"));
    EXPECT_EQ(ask("GET", "/api/deployments/1?details=true").status, 400);
    EXPECT_EQ(ask("GET", "/api/deployments?limit=0").status, 400);
}

TEST_F(DeploymentRoutes, an_answer_that_is_no_news_is_not_sent_again) {
    const auto id = keep(*store, hand_made_deployment());
    const std::string address = "/api/deployments/" + std::to_string(id);
    const std::string etag = *find(ask("GET", address).headers, "ETag");
    clock.advance(1h);
    EXPECT_EQ(ask("GET", address, {}, {{"If-None-Match", etag}}).status, 304);
}

TEST_F(DeploymentRoutes, without_the_store_there_is_no_history) {
    store->cancel();
    EXPECT_EQ(ask("GET", "/api/deployments").status, 503);
    EXPECT_EQ(ask("GET", "/api/deployments/1").status, 503);
}

TEST_F(DeploymentRoutes, a_deployment_by_hand_begins_and_says_where_to_look) {
    const Response response = post("/api/services/db/deploy", R"({"memory":"768M","strategy":"in_place"})");
    EXPECT_EQ(response.status, 202) << response.body;
    EXPECT_EQ(*find(response.headers, "Location"), "/api/deployments/7");
    EXPECT_EQ(parsed(response.body).at("id"), 7);
    EXPECT_EQ(parsed(response.body).at("service"), "shop/db");
    ASSERT_TRUE(asked);
    EXPECT_EQ(print(asked->service), "shop/db");
    EXPECT_EQ(asked->to, (Limits{.cpu = {}, .memory = Bytes::mebi(768)}));
    EXPECT_EQ(asked->strategy, config::Strategy::in_place);
}

TEST_F(DeploymentRoutes, deploying_needs_the_token) {
    EXPECT_EQ(ask("POST", "/api/services/db/deploy", R"({"cpu":"1"})").status, 401);
    EXPECT_EQ(ask("POST", "/api/services/db/rollback").status, 401);
    EXPECT_EQ(ask("GET", "/api/services/db/deploy").status, 405);
    EXPECT_FALSE(asked);
}

TEST_F(DeploymentRoutes, what_can_not_be_deployed_is_refused_before_anything_is_asked) {
    EXPECT_THAT(post("/api/services/bd/deploy", R"({"cpu":"1"})").body, HasSubstr("did you mean 'db'?"));
    EXPECT_EQ(post("/api/services/web/deploy", R"({"cpu":"1"})").status, 409);
    EXPECT_EQ(post("/api/services/db/deploy", "{}").status, 400);
    EXPECT_EQ(post("/api/services/db/deploy?wait=true", R"({"cpu":"1"})").status, 400);
    latest = nullptr;
    EXPECT_EQ(post("/api/services/db/deploy", R"({"cpu":"1"})").status, 503);
    EXPECT_FALSE(asked);
}

TEST_F(DeploymentRoutes, what_the_deployer_refuses_is_told_as_it_says_it) {
    begun = fail(ErrorCode::conflict, "deployment 3 of shop/db is under way");
    const Response response = post("/api/services/db/deploy", R"({"cpu":"1"})");
    EXPECT_EQ(response.status, 409);
    EXPECT_THAT(response.body, HasSubstr("deployment 3 of shop/db is under way"));
    begun = fail(ErrorCode::unsupported, "blue_green is not possible: it has no health check");
    EXPECT_EQ(post("/api/services/db/deploy", R"({"cpu":"1"})").status, 409) << "as things are";
    begun = fail(ErrorCode::permission, "monitoring.dry_run is on, and nothing may be changed");
    EXPECT_EQ(post("/api/services/db/deploy", R"({"cpu":"1"})").status, 403);
}

TEST_F(DeploymentRoutes, a_rollback_goes_back_to_before_the_last_success) {
    keep(*store, hand_made_deployment("shop/db"));
    store::Deployment last = hand_made_deployment("shop/db");
    last.from = last.to;
    last.to.memory = Bytes::mebi(999);
    keep(*store, last);
    keep(*store, hand_made_deployment("shop/db", "rolled_back"));
    store::Deployment swept = hand_made_deployment("shop/db");
    swept.requested_by = store::requested_by_sweep;
    keep(*store, swept);
    keep(*store, hand_made_deployment("shop/web"));
    EXPECT_EQ(post("/api/services/db/rollback").status, 202);
    ASSERT_TRUE(asked);
    EXPECT_EQ(asked->to, (Limits{.cpu = Cores::whole(2), .memory = Bytes::mebi(256)}));
    EXPECT_EQ(asked->reason, "deployment 2 is taken back");
    EXPECT_EQ(asked->requested_by, "rollback");
    EXPECT_FALSE(asked->strategy);
}

TEST_F(DeploymentRoutes, what_can_not_be_taken_back_is_said_in_words) {
    EXPECT_THAT(post("/api/services/db/rollback").body, HasSubstr("no adjustment of shop/db is known"));
    store::Deployment first = hand_made_deployment("shop/db");
    first.from.memory.reset();
    keep(*store, first);
    const Response response = post("/api/services/db/rollback");
    EXPECT_EQ(response.status, 409);
    EXPECT_THAT(response.body, HasSubstr("had 1 CPU, unlimited memory before deployment 1"));
    EXPECT_FALSE(asked);
}

TEST_F(DeploymentRoutes, the_limits_are_exported_for_compose) {
    const Response response = ask("GET", "/api/export?format=compose&project=shop");
    EXPECT_EQ(response.status, 200) << response.body;
    EXPECT_EQ(response.content_type, "application/yaml");
    EXPECT_THAT(response.body, HasSubstr("  \"cache\":\n"));
    EXPECT_EQ(ask("GET", "/api/export").status, 409);
    EXPECT_THAT(ask("GET", "/api/export?format=nomad").body, HasSubstr("'nomad' is not a format"));
    EXPECT_EQ(ask("GET", "/api/export?project=none").status, 404);
    latest = nullptr;
    EXPECT_EQ(ask("GET", "/api/export").status, 503);
}

}  // namespace
}  // namespace rm::serve
