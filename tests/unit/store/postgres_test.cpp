// SPDX-License-Identifier: Apache-2.0
// What is PostgreSQL's own: a server that goes away, comes back, hangs, or doesn't let us in.
#include <chrono>
#include <cstdlib>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/store/place.h"

namespace rm::store {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class PostgresStore : public ContractTest {
protected:
    void SetUp() override {
        ContractTest::SetUp();
        if (!IsSkipped() && !HasFatalFailure()) server = shared_postgres();
    }
    void TearDown() override {
        if (server == nullptr) return;
        const Status started = server->start();
        EXPECT_TRUE(started) << started.error().message;
    }

    Result<std::unique_ptr<Database>> open_with(const Options& options) {
        return Database::open(options, clock, test_schema());
    }

    lab::Postgres* server = nullptr;
};

Status add_a_thing(Session& session) {
    auto written = session.execute("insert into things (name) values ('a')");
    return written ? Status() : fail(written.error());
}

TEST_P(PostgresStore, a_wrong_password_is_said_without_saying_the_password) {
    Options options = place->options();
    options.password = Secret("hunter2'\\ x");
    const auto opened = open_with(options);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, ErrorCode::permission);
    EXPECT_THAT(opened.error().message, AllOf(HasSubstr("password authentication failed for user \"test"),
                                              HasSubstr("PostgreSQL test"), Not(HasSubstr("hunter2"))));
}

TEST_P(PostgresStore, a_database_that_does_not_exist_is_named) {
    Options options = place->options();
    options.url = server->url("rm", "nowhere");
    const auto opened = open_with(options);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, ErrorCode::not_found);
    EXPECT_THAT(opened.error().message, HasSubstr("database \"nowhere\" does not exist"));
}

TEST_P(PostgresStore, a_server_that_is_not_there_yet_is_waited_for) {
    place = std::make_unique<Place>(GetParam());
    server->stop();
    open();
    const Health health = database->health();
    EXPECT_FALSE(health.ok);
    EXPECT_THAT(health.problem, HasSubstr("Connection refused"));
    EXPECT_EQ(health.next_try, std::optional<Duration>(1s));

    ASSERT_TRUE(server->start());
    clock.advance(1s);
    EXPECT_TRUE(execute("insert into things (name) values ('a')")) << "the schema was made on the way";
    EXPECT_TRUE(database->health().ok);
    EXPECT_EQ(database->health().schema, 2);
}

TEST_P(PostgresStore, a_server_killed_in_the_middle_keeps_nothing_and_is_connected_to_again) {
    const WallTime killed = clock.now().wall;
    const Status broken = database->transaction([&](Session& session) -> Status {
        if (Status written = add_a_thing(session); !written) return written;
        server->kill();
        auto more = session.execute("insert into things (name) values ('b')");
        return more ? Status() : fail(more.error());
    });
    ASSERT_FALSE(broken);
    EXPECT_EQ(broken.error().code, ErrorCode::unavailable) << broken.error().message;
    EXPECT_THAT(broken.error().message, HasSubstr("PostgreSQL test"));

    EXPECT_FALSE(database->check()) << "tries to connect, in vain";
    clock.advance(500ms);
    const Status waiting = database->check();
    ASSERT_FALSE(waiting);
    EXPECT_EQ(waiting.error().code, ErrorCode::unavailable);
    EXPECT_THAT(waiting.error().message,
                AllOf(HasSubstr("away since 2026-01-01T00:00:00Z"), HasSubstr("Connection refused"),
                      HasSubstr("next try in 500ms")));
    EXPECT_EQ(database->health().since, killed);

    ASSERT_TRUE(server->start());
    EXPECT_FALSE(database->check()) << "it is not tried before its time";
    clock.advance(500ms);
    EXPECT_TRUE(database->transaction(add_a_thing));
    EXPECT_EQ(number("select count(*) as number from things"), 1);
    EXPECT_EQ(database->health().since, clock.now().wall);
}

TEST_P(PostgresStore, a_server_that_was_restarted_between_two_calls_is_not_even_noticed) {
    ASSERT_TRUE(database->transaction(add_a_thing));
    server->stop();
    ASSERT_TRUE(server->start());
    EXPECT_EQ(number("select count(*) as number from things"), 1);
}

TEST_P(PostgresStore, attempts_to_connect_get_rarer_up_to_a_limit) {
    server->stop();
    std::vector<Duration> pauses;
    for (int i = 0; i < 7; ++i) {
        EXPECT_FALSE(database->check());
        pauses.push_back(database->health().next_try.value_or(0ms));
        clock.advance(pauses.back());
    }
    EXPECT_THAT(pauses, testing::ElementsAre(1s, 2s, 4s, 8s, 16s, 30s, 30s));
    ASSERT_TRUE(server->start());
    EXPECT_TRUE(database->check());
    server->stop();
    EXPECT_FALSE(database->check());
    EXPECT_EQ(database->health().next_try, std::optional<Duration>(1s)) << "and begin anew";
}

TEST_P(PostgresStore, a_statement_that_takes_too_long_is_stopped_by_the_server) {
    Options options = place->options();
    options.statement_timeout = 50ms;
    const auto opened = open_with(options);
    ASSERT_TRUE(opened) << opened.error().message;
    const auto slow = (*opened)->query("select pg_sleep(60)");
    ASSERT_FALSE(slow);
    EXPECT_EQ(slow.error().code, ErrorCode::timeout);
    EXPECT_THAT(slow.error().message, HasSubstr("statement timeout"));
    EXPECT_TRUE((*opened)->check());
}

TEST_P(PostgresStore, a_server_that_falls_silent_is_given_up) {
    Options options = place->options();
    options.answer_timeout = 300ms;
    const auto opened = open_with(options);
    ASSERT_TRUE(opened) << opened.error().message;
    const Status silent = (*opened)->transaction([&](Session& session) {
        server->pause();
        return add_a_thing(session);
    });
    server->resume();
    ASSERT_FALSE(silent);
    EXPECT_EQ(silent.error().code, ErrorCode::unavailable);
    EXPECT_THAT(silent.error().message, HasSubstr("no answer within 300ms"));
    const Status again = (*opened)->check();
    EXPECT_TRUE(again) << again.error().message;
}

TEST_P(PostgresStore, closing_it_does_not_wait_for_a_server_that_is_silent) {
    const auto run = [&] {
        std::jthread canceller;
        const auto begun = std::chrono::steady_clock::now();
        const Status cancelled = database->transaction([&](Session& session) {
            server->pause();
            canceller = std::jthread([&] { database->cancel(); });
            return add_a_thing(session);
        });
        const Status last = database->last_transaction(add_a_thing, 100ms);
        database.reset();
        const auto took = std::chrono::steady_clock::now() - begun;
        server->resume();
        ASSERT_FALSE(cancelled);
        EXPECT_EQ(cancelled.error().code, ErrorCode::cancelled) << cancelled.error().message;
        EXPECT_FALSE(last);
        EXPECT_LT(took, 1s);
    };
    for (int i = 0; i < 5; ++i) {
        run();
        open();
    }
    EXPECT_EQ(number("select count(*) as number from things"), 0);
}

TEST_P(PostgresStore, a_connection_lost_while_committing_leaves_the_outcome_unknown_and_says_so) {
    ASSERT_TRUE(
        execute("create function cut() returns trigger language plpgsql as "
                "'begin perform pg_terminate_backend(pg_backend_pid()); return null; end'"));
    ASSERT_TRUE(
        execute("create constraint trigger cut after insert on things deferrable initially deferred "
                "for each row execute function cut()"));
    const Status lost = database->transaction(add_a_thing);
    ASSERT_FALSE(lost);
    EXPECT_EQ(lost.error().code, ErrorCode::unavailable);
    EXPECT_THAT(lost.error().message, HasSubstr("unknown whether the transaction was kept"));
    EXPECT_EQ(number("select count(*) as number from things"), 0) << "connected again at once";
}

TEST_P(PostgresStore, a_collision_with_a_foreign_program_is_tried_again_but_not_for_ever) {
    const auto colliding = [&](int collisions, int& runs) {
        return database->transaction([&, collisions](Session& session) -> Status {
            if (Status written = add_a_thing(session); !written) return written;
            if (++runs > collisions) return {};
            auto collided =
                session.execute("do $$ begin raise exception 'deadlock' using errcode = '40P01'; end $$");
            return collided ? Status() : fail(collided.error());
        });
    };
    int runs = 0;
    EXPECT_TRUE(colliding(2, runs));
    EXPECT_EQ(runs, 3);
    EXPECT_EQ(number("select count(*) as number from things"), 1);

    ASSERT_TRUE(execute("delete from things"));
    runs = 0;
    const Status status = colliding(100, runs);
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, ErrorCode::conflict);
    EXPECT_EQ(runs, 5);
    EXPECT_EQ(number("select count(*) as number from things"), 0);
}

TEST_P(PostgresStore, an_administrator_sees_who_is_connected) {
    EXPECT_EQ(
        number("select count(*) as number from pg_stat_activity where application_name = 'resource-manager'"
               " and usename = current_user"),
        1);
}

INSTANTIATE_TEST_SUITE_P(Stores, PostgresStore, testing::Values(Backend::postgres),
                         testing::PrintToStringParamName());

}  // namespace
}  // namespace rm::store
