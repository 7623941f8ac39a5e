// SPDX-License-Identifier: Apache-2.0
#include "store/decisions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/store/place.h"

namespace rm::store {
namespace {

using testing::ElementsAre;

ServiceName named(std::string_view name) {
    return ServiceName::parse(name).value();
}

class DecisionsContract : public SchemaContractTest {
protected:
    [[nodiscard]] Decision decision(std::string_view service, std::string_view reason) const {
        return {.at = clock.now().wall,
                .service = named(service),
                .outcome = "hold",
                .from = {},
                .to = {},
                .reason = std::string(reason),
                .details = "{}"};
    }

    void keep(const Decision& decision) {
        const Status kept =
            database->transaction([&](Session& session) { return record(session, decision); });
        EXPECT_TRUE(kept) << kept.error().message;
    }

    [[nodiscard]] std::vector<Decision> find(const DecisionQuery& query) {
        auto found = decisions(*database, query);
        EXPECT_TRUE(found) << found.error().message;
        return found.value_or(std::vector<Decision>{});
    }

    [[nodiscard]] std::vector<std::string> reasons(const DecisionQuery& query) {
        std::vector<std::string> all;
        for (const Decision& decision : find(query)) all.push_back(decision.reason);
        return all;
    }
};

TEST_P(DecisionsContract, one_is_read_as_it_was_recorded) {
    Decision made = decision("monitoring/grafana", "p95 of the CPU is at 97 %");
    made.outcome = "adjust";
    made.from = {.cpu = Cores::from_nanos(1'500'000'001), .memory = std::nullopt};
    made.to = Limits{.cpu = Cores::whole(2), .memory = Bytes((std::int64_t{1} << 40) + 1)};
    made.details = R"({"gates":[{"name":"cooldown","passed":true}]})";
    keep(made);
    open(schema());
    const auto found = find({});
    ASSERT_EQ(found.size(), 1U);
    made.id = found[0].id;
    EXPECT_EQ(found[0], made);
}

TEST_P(DecisionsContract, no_change_is_not_a_change_to_unlimited_and_zero_is_neither) {
    for (const auto& to : {std::optional<Limits>(), std::optional(Limits{}),
                           std::optional(Limits{.cpu = Cores(), .memory = Bytes()})}) {
        Decision made = decision("grafana", "x");
        made.to = to;
        keep(made);
        EXPECT_EQ(find({.service = {}, .before = {}, .limit = 1}).at(0).to, to);
    }
}

TEST_P(DecisionsContract, pages_of_one_service_begin_with_the_newest_and_miss_none_that_comes_between) {
    for (const char* reason : {"1", "2", "3"}) {
        keep(decision("grafana", reason));
        keep(decision("other", reason));
    }
    DecisionQuery query = {.service = named("grafana"), .before = {}, .limit = 2};
    const auto first = find(query);
    ASSERT_EQ(first.size(), 2U);
    EXPECT_EQ(first[0].reason, "3");
    EXPECT_EQ(first[1].reason, "2");
    keep(decision("grafana", "4"));
    query.before = first.back().id;
    EXPECT_THAT(reasons(query), ElementsAre("1"));
    EXPECT_THAT(reasons({}), ElementsAre("4", "3", "3", "2", "2", "1", "1"));
}

TEST_P(DecisionsContract, an_empty_page_cannot_be_asked_for) {
    const auto none = decisions(*database, {.service = {}, .before = {}, .limit = 0});
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().code, ErrorCode::invalid);
}

TEST_P(DecisionsContract, those_before_a_moment_are_forgotten) {
    keep(decision("grafana", "old"));
    clock.advance(std::chrono::hours(1));
    keep(decision("grafana", "young"));
    ASSERT_TRUE(database->transaction(
        [&](Session& session) { return forget_decisions_before(session, clock.now().wall); }));
    EXPECT_THAT(reasons({}), ElementsAre("young"));
}

INSTANTIATE_TEST_SUITE_P(Stores, DecisionsContract, testing::Values(Backend::sqlite, Backend::postgres),
                         testing::PrintToStringParamName());

}  // namespace
}  // namespace rm::store
