// SPDX-License-Identifier: Apache-2.0
#include "store/migrations.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/store/place.h"

namespace rm::store {
namespace {

using testing::HasSubstr;

class MigrationsContract : public ContractTest {
protected:
    [[nodiscard]] std::int64_t applied() const {
        return number("select count(*) as number from schema_migrations");
    }

    Result<std::unique_ptr<Database>> try_open(std::span<const Migration> migrations) {
        database.reset();
        return Database::open(place->options(), clock, migrations);
    }
};

TEST_P(MigrationsContract, each_runs_once_however_often_the_database_is_opened) {
    open();
    open();
    EXPECT_EQ(applied(), 2);
    const auto rows = database->query("select * from schema_migrations where version = 2");
    ASSERT_TRUE(rows);
    EXPECT_EQ(rows->at(0).get<std::string>("name"), "values");
    EXPECT_EQ(rows->at(0).get<WallTime>("applied_at"), clock.now().wall);
}

TEST_P(MigrationsContract, a_new_one_is_added_to_what_is_there) {
    ASSERT_TRUE(execute("insert into things (name) values ('old')"));
    const auto known = test_schema();
    std::vector<Migration> more(known.begin(), known.end());
    more.push_back({3, "colours", {"alter table things add column colour text not null default 'grey'"}});
    open(more);
    EXPECT_EQ(number("select count(*) as number from things where colour = 'grey'"), 1);
    EXPECT_EQ(database->health().schema, 3);
}

TEST_P(MigrationsContract, one_that_fails_half_way_leaves_nothing) {
    const auto known = test_schema();
    std::vector<Migration> more(known.begin(), known.end());
    more.push_back({3, "good", {"create table good (id {id})"}});
    more.push_back({4, "bad", {"create table half (id {id})", "insert into half (nothing) values (1)"}});
    const auto opened = try_open(more);
    ASSERT_FALSE(opened);
    EXPECT_THAT(opened.error().message, HasSubstr("schema migration 4 (bad) failed and was undone"));
    EXPECT_THAT(opened.error().message, HasSubstr("nothing"));

    more.pop_back();
    open(more);
    EXPECT_EQ(applied(), 3);
    EXPECT_FALSE(database->query("select * from half"));
    EXPECT_TRUE(database->query("select * from good"));
}

TEST_P(MigrationsContract, a_database_of_a_newer_program_is_refused_with_both_versions) {
    const auto older = test_schema().first(1);
    const auto opened = try_open(older);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, ErrorCode::unsupported);
    EXPECT_THAT(opened.error().message, HasSubstr("schema version 2"));
    EXPECT_THAT(opened.error().message, HasSubstr("up to 1"));
    open();
    EXPECT_EQ(applied(), 2) << "and it is left as it was";
}

TEST_P(MigrationsContract, programs_that_start_at_once_do_not_get_in_each_others_way) {
    for (int round = 0; round < 3; ++round) {
        place = std::make_unique<Place>(GetParam());
        at_once(4, [&] {
            const auto opened = Database::open(place->options(), clock, test_schema());
            EXPECT_TRUE(opened) << opened.error().message;
        });
        open();
        EXPECT_EQ(applied(), 2);
    }
}

TEST_P(MigrationsContract, a_database_of_another_program_is_refused) {
    place = std::make_unique<Place>(GetParam());
    open({});
    ASSERT_TRUE(execute("create table users (name text)"));
    const auto opened = try_open(test_schema());
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, ErrorCode::conflict);
    EXPECT_THAT(opened.error().message, HasSubstr("was not made by this program"));
}

TEST_P(MigrationsContract, a_gap_in_the_numbers_is_our_own_fault) {
    const std::vector<Migration> gap = {{2, "two", {}}};
    const auto opened = try_open(gap);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, ErrorCode::internal);
}

TEST_P(MigrationsContract, the_schema_of_this_program_can_be_made) {
    place = std::make_unique<Place>(GetParam());
    open(schema());
    EXPECT_EQ(database->health().schema, static_cast<int>(schema().size()));
    open(schema());
}

INSTANTIATE_TEST_SUITE_P(Stores, MigrationsContract, testing::Values(Backend::sqlite, Backend::postgres),
                         testing::PrintToStringParamName());

}  // namespace
}  // namespace rm::store
