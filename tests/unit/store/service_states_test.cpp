// SPDX-License-Identifier: Apache-2.0
#include "store/service_states.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/store/place.h"

namespace rm::store {
namespace {

using testing::ElementsAre;

class ServiceStatesContract : public SchemaContractTest {
protected:
    [[nodiscard]] ServiceState state(std::string_view service, std::string_view text) const {
        return {.service = ServiceName::parse(service).value(),
                .state = std::string(text),
                .updated_at = clock.now().wall};
    }

    void keep(const ServiceState& state) {
        const Status kept = database->transaction([&](Session& session) { return put(session, state); });
        EXPECT_TRUE(kept) << kept.error().message;
    }
};

TEST_P(ServiceStatesContract, each_service_has_the_last_one_that_was_put) {
    keep(state("grafana", R"({"old":true})"));
    const ServiceState other = state("monitoring/grafana", "{}");
    keep(other);
    clock.advance(std::chrono::minutes(1));
    const ServiceState last = state("grafana", R"({"since":"2026-01-01","words":"é 漢 ' \" :x"})");
    keep(last);
    open(schema());
    const auto found = service_states(*database);
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_THAT(*found, ElementsAre(last, other));
}

TEST_P(ServiceStatesContract, a_transaction_that_fails_keeps_none) {
    const Status failed = database->transaction([&](Session& session) -> Status {
        static_cast<void>(put(session, state("grafana", "{}")));
        return fail(ErrorCode::cancelled, "changed my mind");
    });
    ASSERT_FALSE(failed);
    EXPECT_EQ(service_states(*database), Result<std::vector<ServiceState>>(std::vector<ServiceState>{}));
}

TEST_P(ServiceStatesContract, those_not_put_since_a_moment_are_forgotten) {
    keep(state("old", "{}"));
    clock.advance(std::chrono::minutes(1));
    const ServiceState young = state("young", "{}");
    keep(young);
    ASSERT_TRUE(database->transaction(
        [&](Session& session) { return forget_states_before(session, clock.now().wall); }));
    const auto found = service_states(*database);
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_THAT(*found, ElementsAre(young));
}

TEST_P(ServiceStatesContract, a_name_that_is_none_is_damage) {
    ASSERT_TRUE(
        execute("insert into service_states (service, state, updated_at) values ('../etc', '{}', 0)"));
    const auto found = service_states(*database);
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code, ErrorCode::corrupt);
    EXPECT_THAT(found.error().message, testing::HasSubstr("../etc"));
}

INSTANTIATE_TEST_SUITE_P(Stores, ServiceStatesContract, testing::Values(Backend::sqlite, Backend::postgres),
                         testing::PrintToStringParamName());

}  // namespace
}  // namespace rm::store
