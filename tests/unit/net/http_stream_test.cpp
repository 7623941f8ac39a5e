// SPDX-License-Identifier: Apache-2.0
#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "net/http_client.h"
#include "tests/unit/net/http_fixture.h"

namespace rm::net {
namespace {

using testing::HasSubstr;

class HttpStreamTest : public testing::Test {
protected:
    /// Collects what comes into `seen_`; ends the stream once that has `enough` bytes.
    Result<Response> stream(const Request& request, std::size_t enough = SIZE_MAX) {
        const auto on_chunk = [&](std::string_view chunk) {
            seen_ += chunk;
            return seen_.size() < enough;
        };
        return client_.stream(request, on_chunk, {});
    }

    std::unique_ptr<HttpDouble> peer_ = HttpDouble::start().value();
    HttpClient client_{{.body_cap = Bytes(10)}};
    std::string seen_;
};

TEST_F(HttpStreamTest, hands_on_the_body_as_it_comes_and_past_the_cap) {
    peer_->on("GET", "/events", Answer::chunked().chunk("one-two-three").chunk("four-five-six").last_chunk());
    const auto response = stream(get(*peer_, "/events"));
    ASSERT_TRUE(response) << response.error().message;
    EXPECT_EQ(response->status, 200);
    EXPECT_EQ(response->body, "");
    EXPECT_EQ(seen_, "one-two-threefour-five-six");
}

TEST_F(HttpStreamTest, ends_when_the_receiver_has_enough_though_the_peer_goes_on) {
    peer_->on("GET", "/events", Answer::chunked().chunk("first").hold());
    const auto response = stream(get(*peer_, "/events"), 5);
    ASSERT_TRUE(response) << response.error().message;
    EXPECT_EQ(seen_, "first");
    EXPECT_TRUE(peer_->wait_until_left());

    peer_->on("GET", "/endless", Answer::chunked().forever("5\r\nagain\r\n"));
    EXPECT_TRUE(stream(get(*peer_, "/endless"), 1'000'000));
    EXPECT_GE(seen_.size(), 1'000'000U);
}

TEST_F(HttpStreamTest, ends_with_an_error_when_it_cannot_wait_for_the_peer) {
    peer_->on("GET", "/events", Answer::chunked().chunk("first").hold());
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
    // The system refuses to wait for more descriptors than may be open.
    const auto on_chunk = [&](std::string_view) {
        const rlimit one{.rlim_cur = 1, .rlim_max = before.rlim_max};
        return ::setrlimit(RLIMIT_NOFILE, &one) == 0;
    };
    auto request = get(*peer_, "/events");
    request.timeouts = Timeouts{.idle = seconds(5)};
    const auto response = client_.stream(request, on_chunk, {});
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
    EXPECT_EQ(error_of(response).code, ErrorCode::internal);
    EXPECT_THAT(error_of(response).message, HasSubstr("waiting for the peer failed"));
}

TEST_F(HttpStreamTest, collects_the_answer_that_is_a_refusal) {
    peer_->on("GET", "/events", Answer::text(403, "no"));
    const auto response = stream(get(*peer_, "/events")).value();
    EXPECT_EQ(response.status, 403);
    EXPECT_EQ(response.body, "no");
    EXPECT_EQ(seen_, "");

    peer_->on("GET", "/events", Answer::text(403, "far too long a refusal"));
    EXPECT_EQ(error_of(stream(get(*peer_, "/events"))).code, ErrorCode::too_large);
}

TEST_F(HttpStreamTest, is_not_ended_by_the_total_time_once_it_began) {
    peer_->on("GET", "/events", Answer::chunked().chunk("a").wait(milliseconds(150)).chunk("b").last_chunk());
    Request request = get(*peer_, "/events");
    request.timeouts = Timeouts{.total = milliseconds(100)};
    // On a machine so busy that the headers are late the total time may strike before them; then it has to
    // say so.
    const auto response = stream(request);
    if (response)
        EXPECT_EQ(seen_, "ab");
    else
        EXPECT_THAT(response.error().message, HasSubstr("no answer within 100ms"));
}

TEST_F(HttpStreamTest, waits_for_its_headers_no_longer_than_the_total_time) {
    peer_->on("GET", "/events", Answer::never());
    Request request = get(*peer_, "/events");
    request.timeouts = Timeouts{.total = milliseconds(30)};
    const Error error = error_of(stream(request));
    EXPECT_EQ(error.code, ErrorCode::timeout);
    EXPECT_THAT(error.message, HasSubstr("no answer within 30ms"));
}

TEST_F(HttpStreamTest, ends_after_a_silence_if_it_has_an_idle_time) {
    peer_->on("GET", "/events", Answer::chunked().chunk("a").hold());
    Request request = get(*peer_, "/events");
    request.timeouts = Timeouts{.idle = milliseconds(50)};
    const Error error = error_of(stream(request));
    EXPECT_EQ(error.code, ErrorCode::timeout);
    EXPECT_THAT(error.message, HasSubstr("nothing came for 50ms"));
    EXPECT_EQ(seen_, "a");
}

TEST_F(HttpStreamTest, tells_when_the_peer_is_cut_off) {
    peer_->on("GET", "/events", Answer::chunked().chunk("a").cut());
    EXPECT_EQ(error_of(stream(get(*peer_, "/events"))).code, ErrorCode::unavailable);
    EXPECT_EQ(seen_, "a");
}

TEST_F(HttpStreamTest, lets_out_what_the_receiver_throws_and_stays_usable) {
    peer_->on("GET", "/events", Answer::chunked().chunk("a").hold());
    const auto on_chunk = [](std::string_view) -> bool { throw std::logic_error("broken"); };
    EXPECT_THROW((void)client_.stream(get(*peer_, "/events"), on_chunk, {}), std::logic_error);
    peer_->on("GET", "/events", Answer::text(200, "fine"));
    EXPECT_EQ(client_.send(get(*peer_, "/events"), {}).value().body, "fine");
}

}  // namespace
}  // namespace rm::net
