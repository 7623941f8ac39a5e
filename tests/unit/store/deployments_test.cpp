// SPDX-License-Identifier: Apache-2.0
#include "store/deployments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/store/place.h"

namespace rm::store {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

class DeploymentsContract : public SchemaContractTest {
protected:
    [[nodiscard]] Deployment deployment(std::string_view service) const {
        return {.token = "5eed",
                .engine = "one",
                .service = ServiceName::parse(service).value(),
                .strategy = "blue_green",
                .requested_by = "the loop",
                .reason = "CPU was above 80% in 3 of 3 checks",
                .from = {.cpu = Cores::whole(1), .memory = std::nullopt},
                .to = {.cpu = Cores::from_nanos(1'500'000'001), .memory = Bytes::mebi(512)},
                .status = "under_way",
                .phase = "prepare",
                .created_at = clock.now().wall,
                .phase_since = clock.now().wall,
                .progress = R"({"version":1})"};
    }

    Result<std::int64_t> try_to_begin(const Deployment& wanted) {
        Result<std::int64_t> id = 0;
        const auto done = database->transaction([&](Session& session) -> Status {
            id = begin(session, wanted);
            return id ? Status() : fail(id.error());
        });
        if (!done) return fail(done.error());
        return id;
    }

    Deployment begun(std::string_view service) {
        Deployment made = deployment(service);
        const auto id = try_to_begin(made);
        EXPECT_TRUE(id) << id.error().message;
        made.id = id.value_or(0);
        return made;
    }

    void keep(const Deployment& changed) {
        const auto kept = database->transaction([&](Session& session) { return put(session, changed); });
        EXPECT_TRUE(kept) << kept.error().message;
    }

    void finish(Deployment& one) {
        one.status = "succeeded";
        one.finished_at = clock.now().wall;
        keep(one);
    }

    [[nodiscard]] std::vector<std::int64_t> under_way(std::string_view engine) {
        std::vector<std::int64_t> ids;
        const auto found = unfinished(*database, engine).value();
        ids.reserve(found.size());
        for (const Deployment& one : found) ids.push_back(one.id);
        return ids;
    }
};

TEST_P(DeploymentsContract, one_is_read_as_it_was_written) {
    Deployment made = begun("shop/web");
    made.strategy = "recreate";
    made.status = "rolled_back";
    made.phase = "rollback";
    made.failure = "shop-web-2 is unhealthy; its log ends with:\n\"no space\"";
    made.progress = R"({"version":1,"current":0})";
    made.phase_since = made.created_at + 5s;
    made.finished_at = made.created_at + 9s;
    keep(made);
    open(schema());
    EXPECT_EQ(store::deployment(*database, made.id).value(), made);
    EXPECT_EQ(store::deployment(*database, made.id + 1).value(), std::nullopt);
}

TEST_P(DeploymentsContract, a_service_has_one_at_a_time_on_an_engine) {
    Deployment first = begun("shop/web");
    const auto second = try_to_begin(deployment("shop/web"));
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, ErrorCode::conflict);
    EXPECT_THAT(second.error().message,
                HasSubstr("deployment " + std::to_string(first.id) + " of shop/web is under way"));
    Deployment elsewhere = deployment("shop/web");
    elsewhere.engine = "two";
    EXPECT_TRUE(try_to_begin(elsewhere));
    finish(first);
    EXPECT_TRUE(try_to_begin(deployment("shop/web")));
}

TEST_P(DeploymentsContract, those_under_way_are_found_again_by_engine_the_oldest_first) {
    Deployment web = begun("shop/web");
    const Deployment api = begun("shop/api");
    EXPECT_THAT(under_way("one"), ElementsAre(web.id, api.id));
    EXPECT_THAT(under_way("two"), ElementsAre());
    finish(web);
    EXPECT_THAT(under_way("one"), ElementsAre(api.id));
}

TEST_P(DeploymentsContract, its_steps_are_told_in_order) {
    const Deployment web = begun("shop/web");
    const Deployment api = begun("shop/api");
    const auto step = [&](const Deployment& of, std::string message) {
        return DeploymentStep{
            .deployment = of.id, .at = clock.now().wall, .phase = "create", .message = std::move(message)};
    };
    ASSERT_TRUE(database->transaction([&](Session& session) -> Status {
        for (const auto& one : {step(web, "first"), step(api, "other"), step(web, "second")})
            if (auto added = add(session, one); !added) return added;
        return {};
    }));
    EXPECT_THAT(steps_of(*database, web.id).value(), ElementsAre(step(web, "first"), step(web, "second")));
}

TEST_P(DeploymentsContract, the_last_success_of_a_service_is_found_and_who_does_not_count_is_passed_over) {
    const auto web = ServiceName::parse("shop/web").value();
    EXPECT_EQ(last_success(*database, web, "sweep").value(), std::nullopt);
    Deployment first = begun("shop/web");
    finish(first);
    Deployment swept = deployment("shop/web");
    swept.requested_by = "sweep";
    swept.id = try_to_begin(swept).value();
    finish(swept);
    Deployment other = begun("shop/api");
    finish(other);
    const Deployment under_way = begun("shop/web");
    EXPECT_EQ(last_success(*database, web, "sweep").value(), first);
    EXPECT_EQ(last_success(*database, web, "nobody").value(), swept);
}

TEST_P(DeploymentsContract, every_service_that_was_deployed_is_known_once) {
    EXPECT_TRUE(deployed_services(*database).value().empty());
    Deployment web = begun("shop/web");
    finish(web);
    begun("shop/web");
    begun("shop/api");
    EXPECT_THAT(deployed_services(*database).value(),
                ElementsAre(ServiceName::parse("shop/api").value(), ServiceName::parse("shop/web").value()));
}

TEST_P(DeploymentsContract, pages_begin_with_the_newest) {
    std::vector<std::int64_t> ids;
    for (int i = 0; i < 3; ++i) {
        Deployment one = begun("shop/web");
        finish(one);
        ids.push_back(one.id);
    }
    begun("shop/api");
    const auto web = ServiceName::parse("shop/web").value();
    const auto first = deployments(*database, {.service = web, .before = {}, .limit = 2}).value();
    ASSERT_EQ(first.size(), 2U);
    EXPECT_EQ(first[0].id, ids[2]);
    EXPECT_EQ(first[1].id, ids[1]);
    const auto rest = deployments(*database, {.service = web, .before = ids[1], .limit = 2}).value();
    ASSERT_EQ(rest.size(), 1U);
    EXPECT_EQ(rest[0].id, ids[0]);
    EXPECT_EQ(deployments(*database, {.service = {}, .before = {}}).value().size(), 4U);
    EXPECT_FALSE(deployments(*database, {.service = {}, .before = {}, .limit = 0}));
}

TEST_P(DeploymentsContract, only_finished_ones_are_forgotten_with_their_steps) {
    Deployment old = begun("shop/web");
    const Deployment open_still = begun("shop/api");
    ASSERT_TRUE(database->transaction([&](Session& session) {
        return add(session,
                   {.deployment = old.id, .at = clock.now().wall, .phase = "create", .message = "x"});
    }));
    finish(old);
    clock.advance(1h);
    ASSERT_TRUE(database->transaction(
        [&](Session& session) { return forget_deployments_before(session, clock.now().wall); }));
    EXPECT_EQ(store::deployment(*database, old.id).value(), std::nullopt);
    EXPECT_TRUE(steps_of(*database, old.id).value().empty());
    EXPECT_EQ(store::deployment(*database, open_still.id).value(), open_still);
}

TEST_P(DeploymentsContract, what_is_not_there_cannot_be_written) {
    Deployment made = deployment("shop/web");
    made.id = 77;
    const auto kept = database->transaction([&](Session& session) { return put(session, made); });
    ASSERT_FALSE(kept);
    EXPECT_EQ(kept.error().code, ErrorCode::not_found);
}

TEST_P(DeploymentsContract, setbacks_are_counted_since_the_last_success_and_by_service) {
    const auto end = [this](std::string_view service, const std::string& status, std::string by = "loop") {
        Deployment made = deployment(service);
        made.requested_by = std::move(by);
        made.id = try_to_begin(made).value();
        made.status = status;
        made.finished_at = clock.now().wall;
        keep(made);
        clock.advance(1min);
    };
    end("shop/web", "failed");
    end("shop/web", "succeeded");
    end("shop/web", "rolled_back");
    end("shop/api", "succeeded");
    end("shop/web", "failed");
    end("shop/web", "rolled_back", "the broom");
    (void)begun("shop/web");

    const auto found = setbacks(*database, "one", "the broom").value();
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(print(found[0].service), "shop/web");
    EXPECT_EQ(found[0].count, 2);
    EXPECT_EQ(found[0].last, clock.now().wall - 2min);
    EXPECT_TRUE(setbacks(*database, "another", "").value().empty());
}

TEST_P(DeploymentsContract, what_holds_since_is_the_last_success_unless_one_failed_after_it) {
    const auto end = [this](std::string_view service, const std::string& status, std::string by = "loop") {
        Deployment made = deployment(service);
        made.requested_by = std::move(by);
        made.id = try_to_begin(made).value();
        made.status = status;
        made.finished_at = clock.now().wall;
        keep(made);
        return made.id;
    };
    (void)end("shop/web", "succeeded");
    const auto web = end("shop/web", "succeeded");
    (void)end("shop/web", "rolled_back");
    (void)end("shop/web", "failed", "the broom");
    (void)end("shop/api", "succeeded");
    (void)end("shop/api", "failed");
    (void)end("shop/db", "rolled_back");
    (void)begun("shop/web");

    const auto found = in_force(*database, "one", "the broom").value();
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].id, web);
    EXPECT_TRUE(in_force(*database, "another", "").value().empty());
}

TEST_P(DeploymentsContract, those_under_way_on_other_engines_can_be_told) {
    const Deployment here = begun("shop/web");
    const auto elsewhere = unfinished_elsewhere(*database, "two").value();
    ASSERT_EQ(elsewhere.size(), 1U);
    EXPECT_EQ(elsewhere[0].id, here.id);
    EXPECT_TRUE(unfinished_elsewhere(*database, "one").value().empty());
}

INSTANTIATE_TEST_SUITE_P(Stores, DeploymentsContract, testing::Values(Backend::sqlite, Backend::postgres),
                         testing::PrintToStringParamName());

}  // namespace
}  // namespace rm::store
