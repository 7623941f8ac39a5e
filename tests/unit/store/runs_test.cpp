// SPDX-License-Identifier: Apache-2.0
#include "store/runs.h"

#include <gtest/gtest.h>

#include "tests/unit/store/place.h"

namespace rm::store {
namespace {

class RunsContract : public SchemaContractTest {
protected:
    std::int64_t start(std::string_view instance, std::string_view host = "here") {
        const auto id = record_start(
            *database, {.host = std::string(host), .instance = std::string(instance), .version = "1.2.3"},
            clock.now().wall);
        EXPECT_TRUE(id) << id.error().message;
        return id.value_or(-1);
    }
};

TEST_P(RunsContract, there_is_none_before_the_first_start) {
    EXPECT_EQ(last_run(*database, "here"), Result<std::optional<store::Run>>(std::nullopt));
}

TEST_P(RunsContract, a_run_that_was_stopped_ended_cleanly) {
    const WallTime started = clock.now().wall;
    const std::int64_t id = start("one");
    clock.advance(std::chrono::hours(3));
    ASSERT_TRUE(record_stop(*database, id, clock.now().wall));
    open(schema());

    const auto last = last_run(*database, "here");
    ASSERT_TRUE(last) << last.error().message;
    EXPECT_EQ(*last, (store::Run{id, "here", "one", "1.2.3", started, clock.now().wall}));
    EXPECT_TRUE(ended_cleanly(**last));
}

TEST_P(RunsContract, a_run_that_was_killed_did_not) {
    start("one");
    const std::int64_t id = start("two");
    const auto last = last_run(*database, "here");
    ASSERT_TRUE(last) << last.error().message;
    EXPECT_EQ((*last)->id, id);
    EXPECT_FALSE(ended_cleanly(**last));
}

TEST_P(RunsContract, a_run_on_another_host_is_not_ours) {
    const std::int64_t ours = start("one", "here");
    ASSERT_TRUE(record_stop(*database, ours, clock.now().wall));
    start("two", "there");
    const auto last = last_run(*database, "here");
    ASSERT_TRUE(last) << last.error().message;
    EXPECT_EQ((*last)->id, ours);
    EXPECT_TRUE(ended_cleanly(**last));
    EXPECT_EQ(last_run(*database, "elsewhere"), Result<std::optional<store::Run>>(std::nullopt));
}

TEST_P(RunsContract, stopping_a_run_that_never_started_is_an_error) {
    const Status stopped = record_stop(*database, 17, clock.now().wall);
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code, ErrorCode::not_found);
}

TEST_P(RunsContract, only_the_last_thousand_are_kept) {
    const std::int64_t first = start("first");
    ASSERT_TRUE(database->transaction([&](Session& session) -> Status {
        for (int i = 0; i < 1005; ++i)
            static_cast<void>(session.execute(
                "insert into runs (host, instance, version, started_at) values ('here', 'x', '1', 0)"));
        return {};
    }));
    start("last");
    EXPECT_EQ(number("select count(*) as number from runs"), 1000);
    EXPECT_EQ(number("select count(*) as number from runs where id = :id", {{"id", first}}), 0);
}

INSTANTIATE_TEST_SUITE_P(Stores, RunsContract, testing::Values(Backend::sqlite, Backend::postgres),
                         testing::PrintToStringParamName());

}  // namespace
}  // namespace rm::store
