// SPDX-License-Identifier: Apache-2.0
#include "store/pauses.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/store/place.h"

namespace rm::store {
namespace {

using testing::ElementsAre;

class PausesContract : public SchemaContractTest {
protected:
    [[nodiscard]] Pause pause(std::string_view service, std::optional<WallTime> until) const {
        return {.service = ServiceName::parse(service).value(),
                .until = until,
                .reason = "we move house",
                .since = clock.now().wall};
    }
};

TEST_P(PausesContract, a_new_one_takes_the_place_of_the_old_one) {
    const Pause forever = pause("b", std::nullopt);
    ASSERT_TRUE(set_pause(*database, forever));
    ASSERT_TRUE(set_pause(*database, pause("a", std::nullopt)));
    clock.advance(std::chrono::seconds(1));
    const Pause last = pause("a", clock.now().wall + std::chrono::hours(2));
    ASSERT_TRUE(set_pause(*database, last));
    open(schema());
    const auto found = pauses(*database);
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_THAT(*found, ElementsAre(last, forever));
}

TEST_P(PausesContract, one_that_was_cleared_is_gone_and_clearing_tells_whether_it_was_there) {
    ASSERT_TRUE(set_pause(*database, pause("a", std::nullopt)));
    const ServiceName a = ServiceName::parse("a").value();
    EXPECT_EQ(clear_pause(*database, a), Result<bool>(true));
    EXPECT_EQ(clear_pause(*database, a), Result<bool>(false));
    EXPECT_EQ(pauses(*database), Result<std::vector<Pause>>(std::vector<Pause>{}));
}

INSTANTIATE_TEST_SUITE_P(Stores, PausesContract, testing::Values(Backend::sqlite, Backend::postgres),
                         testing::PrintToStringParamName());

}  // namespace
}  // namespace rm::store
