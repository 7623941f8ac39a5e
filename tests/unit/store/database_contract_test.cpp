// SPDX-License-Identifier: Apache-2.0
// What every backend must do alike: transactions, errors, and many at once.
#include <chrono>
#include <stdexcept>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/store/place.h"

namespace rm::store {
namespace {

using testing::HasSubstr;

class DatabaseContract : public ContractTest {
protected:
    [[nodiscard]] std::int64_t count() const { return number("select count(*) as number from things"); }
};

Status add(Session& session, std::string_view name) {
    auto added = session.execute("insert into things (name) values (:name)", {{"name", name}});
    if (!added) return fail(added.error());
    return {};
}

TEST_P(DatabaseContract, what_was_written_is_there_after_opening_it_again) {
    ASSERT_TRUE(database->transaction([](Session& session) { return add(session, "a"); }));
    open();
    EXPECT_EQ(number("select count(*) as number from things where name = :name", {{"name", "a"}}), 1);
}

TEST_P(DatabaseContract, an_error_undoes_the_whole_transaction) {
    const Status status = database->transaction([](Session& session) -> Status {
        static_cast<void>(add(session, "a"));
        return fail(ErrorCode::cancelled, "changed my mind");
    });
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error(), (Error{ErrorCode::cancelled, "changed my mind"}));
    EXPECT_EQ(count(), 0);
}

TEST_P(DatabaseContract, an_exception_undoes_the_whole_transaction_and_passes_on) {
    EXPECT_THROW(static_cast<void>(database->transaction([](Session& session) -> Status {
                     static_cast<void>(add(session, "a"));
                     throw std::logic_error("broken");
                 })),
                 std::logic_error);
    EXPECT_EQ(count(), 0);
    EXPECT_TRUE(database->transaction([](Session& session) { return add(session, "b"); }));
}

TEST_P(DatabaseContract, a_failed_statement_dooms_its_transaction_even_if_nobody_looked) {
    const Status status = database->transaction([](Session& session) -> Status {
        static_cast<void>(add(session, "a"));
        static_cast<void>(add(session, "a"));
        static_cast<void>(add(session, "b"));
        return {};
    });
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, ErrorCode::conflict);
    EXPECT_EQ(count(), 0);
}

TEST_P(DatabaseContract, breaking_a_constraint_is_a_conflict_that_names_it) {
    ASSERT_TRUE(execute("insert into things (name) values ('a')"));
    const Status twice = execute("insert into things (name) values ('a')");
    const Status empty = execute("insert into things (name) values (:name)", {{"name", std::nullopt}});
    const Status orphan = execute("insert into parts (thing) values (77)");
    for (const Status& status : {twice, empty, orphan}) {
        ASSERT_FALSE(status);
        EXPECT_EQ(status.error().code, ErrorCode::conflict) << status.error().message;
    }
    EXPECT_THAT(twice.error().message, HasSubstr("things"));
    EXPECT_THAT(twice.error().message, HasSubstr("name"));
    EXPECT_TRUE(database->health().ok) << "a refused row says nothing about the database";
}

TEST_P(DatabaseContract, bad_sql_is_our_own_fault) {
    const Status status = execute("insert into nothing values (1)");
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, ErrorCode::internal);
    EXPECT_THAT(status.error().message, HasSubstr("nothing"));
    EXPECT_TRUE(database->check());
}

TEST_P(DatabaseContract, a_parameter_that_is_missing_or_unknown_is_refused) {
    const Status missing_one = execute("insert into things (name) values (:name)");
    const Status unknown = execute("insert into things (name) values (:name)", {{"name", "a"}, {"size", 1}});
    ASSERT_FALSE(missing_one);
    ASSERT_FALSE(unknown);
    EXPECT_THAT(missing_one.error().message, HasSubstr(":name"));
    EXPECT_THAT(unknown.error().message, HasSubstr(":size"));
    EXPECT_EQ(count(), 0);
}

TEST_P(DatabaseContract, a_parameter_is_never_read_as_sql) {
    const std::string evil = "x'); drop table things; --\" :name $1 \\";
    ASSERT_TRUE(execute("insert into things (name) values (:name)", {{"name", evil}}));
    EXPECT_EQ(
        number("select count(*) as number from things where name = :name and name = :name", {{"name", evil}}),
        1);
}

TEST_P(DatabaseContract, insert_or_update_in_one_statement) {
    const auto set = [&](int amount) {
        return execute(
            "insert into things (name, amount) values (:name, :amount)"
            " on conflict (name) do update set amount = excluded.amount",
            {{"name", "a"}, {"amount", amount}});
    };
    ASSERT_TRUE(set(1));
    ASSERT_TRUE(set(2));
    EXPECT_EQ(number("select amount as number from things"), 2);
}

TEST_P(DatabaseContract, new_ids_grow_and_are_never_used_again) {
    std::vector<std::int64_t> ids;
    for (const char* name : {"a", "b", "c"}) {
        ASSERT_TRUE(execute("delete from things"));
        ASSERT_TRUE(database->transaction([&](Session& session) -> Status {
            auto id =
                session.insert("insert into things (name) values (:name) returning id", {{"name", name}});
            if (!id) return fail(id.error());
            ids.push_back(*id);
            return {};
        }));
    }
    EXPECT_LT(ids[0], ids[1]);
    EXPECT_LT(ids[1], ids[2]);
}

TEST_P(DatabaseContract, a_change_says_how_many_rows_it_touched) {
    ASSERT_TRUE(database->transaction([](Session& session) -> Status {
        EXPECT_EQ(session.execute("insert into things (name) values ('a'), ('b'), ('c')"), 3);
        EXPECT_EQ(session.execute("update things set amount = 5 where name <> :name", {{"name", "c"}}), 2);
        EXPECT_EQ(session.execute("select * from things"), 0);
        EXPECT_EQ(session.execute("delete from things where amount = 7"), 0);
        return {};
    }));
}

TEST_P(DatabaseContract, a_long_list_is_read_page_by_page) {
    ASSERT_TRUE(database->transaction([](Session& session) -> Status {
        for (int i = 0; i < 25; ++i)
            if (Status added = add(session, "thing " + std::to_string(i)); !added) return added;
        return {};
    }));
    std::int64_t last = 0;
    std::vector<std::size_t> pages;
    for (;;) {
        const auto page = database->query("select id from things where id > :last order by id limit :size",
                                          {{"last", last}, {"size", 10}});
        ASSERT_TRUE(page) << page.error().message;
        if (page->empty()) break;
        pages.push_back(page->size());
        last = page->back().get<std::int64_t>("id").value_or(-1);
    }
    EXPECT_EQ(pages, (std::vector<std::size_t>{10, 10, 5}));
}

TEST_P(DatabaseContract, a_read_cannot_write) {
    const auto rows = database->query("insert into things (name) values ('a') returning id");
    ASSERT_FALSE(rows);
    EXPECT_EQ(rows.error().code, ErrorCode::internal) << rows.error().message;
    EXPECT_EQ(count(), 0);
    EXPECT_TRUE(execute("insert into things (name) values ('a')"));
}

TEST_P(DatabaseContract, a_read_sees_the_same_from_beginning_to_end) {
    auto other = Database::open(place->options(), clock, test_schema());
    ASSERT_TRUE(other) << other.error().message;
    ASSERT_TRUE(database->read([&](Session& session) -> Status {
        EXPECT_EQ(session.query("select * from things")->size(), 0U);
        EXPECT_TRUE((*other)->transaction([](Session& theirs) { return add(theirs, "a"); }));
        EXPECT_EQ(session.query("select * from things")->size(), 0U);
        return {};
    }));
    EXPECT_EQ(count(), 1);
}

TEST_P(DatabaseContract, a_transaction_inside_a_transaction_is_refused_instead_of_hanging) {
    Status inner;
    ASSERT_TRUE(database->transaction([&](Session&) -> Status {
        inner = database->check();
        return {};
    }));
    ASSERT_FALSE(inner);
    EXPECT_EQ(inner.error().code, ErrorCode::internal);
}

/// Adds one to the amount, by reading and then writing it.
Status count_up(Session& session) {
    auto rows = session.query("select amount from things where name = 'counter'");
    if (!rows) return fail(rows.error());
    const std::int64_t amount = rows->at(0).get<std::int64_t>("amount").value_or(-1000);
    auto written = session.execute("update things set amount = :amount where name = 'counter'",
                                   {{"amount", amount + 1}});
    if (!written) return fail(written.error());
    return {};
}

TEST_P(DatabaseContract, threads_that_share_a_database_lose_no_write) {
    ASSERT_TRUE(execute("insert into things (name) values ('counter')"));
    at_once(4, [&] {
        for (int i = 0; i < 25; ++i) EXPECT_TRUE(database->transaction(count_up));
    });
    EXPECT_EQ(number("select amount as number from things"), 100);
}

TEST_P(DatabaseContract, programs_that_share_a_database_lose_no_write) {
    ASSERT_TRUE(execute("insert into things (name) values ('counter')"));
    at_once(3, [&] {
        auto mine = Database::open(place->options(), clock, test_schema());
        ASSERT_TRUE(mine) << mine.error().message;
        for (int i = 0; i < 20; ++i) {
            const Status counted = (*mine)->transaction(count_up);
            EXPECT_TRUE(counted) << counted.error().message;
        }
    });
    EXPECT_EQ(number("select amount as number from things"), 60);
}

TEST_P(DatabaseContract, a_writer_that_waits_too_long_for_its_turn_gives_up) {
    Options impatient = place->options();
    impatient.busy_timeout = impatient.lock_timeout = std::chrono::milliseconds(50);
    auto other = Database::open(impatient, clock, test_schema());
    ASSERT_TRUE(other) << other.error().message;
    ASSERT_TRUE(database->transaction([&](Session& session) -> Status {
        const Status theirs = (*other)->transaction([](Session& second) { return add(second, "b"); });
        EXPECT_EQ(theirs.map_error([](const Error& error) { return error.code; }),
                  tl::make_unexpected(ErrorCode::timeout));
        return add(session, "a");
    }));
    EXPECT_TRUE((*other)->transaction([](Session& session) { return add(session, "b"); }));
    EXPECT_EQ(count(), 2);
}

TEST_P(DatabaseContract, while_nothing_can_be_written_reading_does_not_make_it_healthy) {
    const bool sqlite = GetParam() == Backend::sqlite;
    ASSERT_TRUE(database->transaction([&](Session& session) -> Status {
        auto forbidden = session.query(sqlite ? "pragma query_only = on"
                                              : "set session characteristics as transaction read only");
        return forbidden ? Status() : fail(forbidden.error());
    }));
    const Status refused = execute("insert into things (name) values ('a')");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::permission);

    EXPECT_TRUE(database->query("select * from things"));
    EXPECT_FALSE(database->health().ok);
    EXPECT_THAT(print(database->health()), HasSubstr(refused.error().message.substr(0, 20)));
    if (!sqlite) {
        EXPECT_FALSE(database->check());
        EXPECT_TRUE(database->query("set session characteristics as transaction read write"));
        EXPECT_FALSE(database->health().ok);
    }
    const Status writes_again = database->check();
    EXPECT_TRUE(writes_again) << writes_again.error().message;
    EXPECT_TRUE(database->health().ok);
}

TEST_P(DatabaseContract, once_cancelled_it_takes_only_a_last_transaction) {
    database->cancel();
    const Status refused = execute("insert into things (name) values ('a')");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::cancelled);
    EXPECT_FALSE(database->check());
    EXPECT_TRUE(database->health().ok) << "it is we who end";

    const Status last = database->last_transaction([](Session& session) { return add(session, "b"); },
                                                   std::chrono::seconds(20));
    EXPECT_TRUE(last) << last.error().message;
    open();
    EXPECT_EQ(number("select count(*) as number from things where name = 'b'"), 1);
    EXPECT_EQ(count(), 1);
}

TEST_P(DatabaseContract, a_writer_that_waits_for_its_turn_is_cancelled_at_once) {
    Options patient = place->options();
    patient.busy_timeout = patient.lock_timeout = patient.statement_timeout = std::chrono::minutes(5);
    auto other = Database::open(patient, clock, test_schema());
    ASSERT_TRUE(other) << other.error().message;
    const auto begun = std::chrono::steady_clock::now();
    ASSERT_TRUE(database->transaction([&](Session& session) -> Status {
        Status theirs;
        std::jthread waiting(
            [&] { theirs = (*other)->transaction([](Session& second) { return add(second, "b"); }); });
        (*other)->cancel();
        waiting.join();
        EXPECT_EQ(theirs.map_error([](const Error& error) { return error.code; }),
                  tl::make_unexpected(ErrorCode::cancelled));
        const Status last = (*other)->last_transaction([](Session& second) { return add(second, "c"); },
                                                       std::chrono::milliseconds(50));
        EXPECT_FALSE(last) << "the file is still held";
        return add(session, "a");
    }));
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(10));
    EXPECT_EQ(count(), 1);
}

TEST_P(DatabaseContract, a_statement_that_takes_long_is_cancelled_and_its_transaction_undone) {
    Options options = place->options();
    options.statement_timeout = std::chrono::seconds(2);  // PostgreSQL itself goes on until then
    database = Database::open(options, clock, test_schema()).value();
    const auto begun = std::chrono::steady_clock::now();
    std::jthread canceller;
    const Status endless = database->transaction([&](Session& session) -> Status {
        if (Status added = add(session, "a"); !added) return added;
        canceller = std::jthread([&] { database->cancel(); });
        auto never = session.query(
            "with recursive numbers (n) as (select 1 union all select 0 * n + 1 from numbers)"
            " select count(*) as number from numbers");
        return never ? Status() : fail(never.error());
    });
    ASSERT_FALSE(endless);
    EXPECT_EQ(endless.error().code, ErrorCode::cancelled) << endless.error().message;
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(5));
    open();
    EXPECT_EQ(count(), 0);
}

TEST_P(DatabaseContract, health_says_where_it_is_and_which_schema_it_has) {
    const Health health = database->health();
    EXPECT_TRUE(health.ok);
    EXPECT_EQ(health.schema, 2);
    EXPECT_EQ(health.since, clock.now().wall);
    EXPECT_EQ(health.problem, "");
    EXPECT_THAT(health.where,
                testing::StartsWith(GetParam() == Backend::sqlite ? "SQLite /" : "PostgreSQL test"));
    EXPECT_THAT(print(health), HasSubstr("schema 2"));
    EXPECT_EQ(health.size.has_value(), GetParam() == Backend::sqlite);
}

INSTANTIATE_TEST_SUITE_P(Stores, DatabaseContract, testing::Values(Backend::sqlite, Backend::postgres),
                         testing::PrintToStringParamName());

}  // namespace
}  // namespace rm::store
