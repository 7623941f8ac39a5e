// SPDX-License-Identifier: Apache-2.0
// A PostgreSQL that takes the connection and then says nothing, at each point of the way in.
#include "tests/unit/store/silent_server.h"

#include <chrono>
#include <optional>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/database.h"

namespace rm::store {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

/// How many answers SilentServer gives.
class SilentPostgres : public testing::TestWithParam<int> {
protected:
    VirtualClock clock;
};

TEST_P(SilentPostgres, is_given_up) {
    const SilentServer server(GetParam());
    Options options;
    options.url = server.url();
    options.connect_timeout = options.answer_timeout = 50ms;
    const auto opened = Database::open(options, clock);
    ASSERT_TRUE(opened) << opened.error().message;
    EXPECT_FALSE((*opened)->health().ok);
    EXPECT_THAT((*opened)->health().problem, HasSubstr("gave no answer within 50ms"));
}

TEST_P(SilentPostgres, does_not_hold_up_the_end) {
    std::optional<SilentServer> server(std::in_place, GetParam());
    Options options;
    options.url = server->url();
    const std::uint16_t port = server->port();
    server.reset();  // not there yet, so that opening does not wait for it
    const auto opened = Database::open(options, clock);
    ASSERT_TRUE(opened) << opened.error().message;
    server.emplace(GetParam(), port);
    clock.advance(options.first_retry);

    Status checked;
    std::jthread checking([&] { checked = (*opened)->check(); });
    const bool asked = server->wait_until_asked();
    const auto begun = std::chrono::steady_clock::now();
    (*opened)->cancel();
    checking.join();
    const Status last = (*opened)->last_transaction([](Session&) { return Status(); }, 500ms);
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 900ms);
    EXPECT_TRUE(asked);
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().code, ErrorCode::cancelled) << checked.error().message;
    EXPECT_FALSE(last);
}

// It answers nothing; lets us in; the first setting of the session (the SQL layer's), the second (ours).
INSTANTIATE_TEST_SUITE_P(Stores, SilentPostgres, testing::Values(0, 1, 2, 3),
                         testing::PrintToStringParamName());

}  // namespace
}  // namespace rm::store
