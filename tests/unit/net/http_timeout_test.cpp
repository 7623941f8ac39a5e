// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/http_client.h"
#include "tests/unit/net/http_fixture.h"

namespace rm::net {
namespace {

using testing::EndsWith;

class HttpTimeoutTest : public testing::Test {
protected:
    /// The message of the timeout that has to come.
    std::string timeout(const Url& where, const Timeouts& timeouts) {
        const Error error = error_of(client_.send({.url = where, .timeouts = timeouts}, {}));
        EXPECT_EQ(error.code, ErrorCode::timeout) << error.message;
        return error.message;
    }

    std::unique_ptr<HttpDouble> peer_ = HttpDouble::start().value();
    HttpClient client_;
};

TEST_F(HttpTimeoutTest, says_who_did_not_answer_within_what_time) {
    peer_->on("GET", "/", Answer::never());
    EXPECT_EQ(timeout(url(peer_->url()), {.total = milliseconds(40)}),
              "GET " + peer_->url() + "/: no answer within 40ms");
    EXPECT_TRUE(peer_->wait_until_left());
}

TEST_F(HttpTimeoutTest, says_that_an_answer_came_only_in_part) {
    peer_->on("GET", "/", Answer::chunked().chunk("a").hold());
    EXPECT_THAT(timeout(url(peer_->url()), {.total = milliseconds(300)}),
                EndsWith("the answer was not complete within 300ms"));
}

TEST_F(HttpTimeoutTest, ends_even_an_answer_that_never_stops_coming) {
    HttpClient client({.body_cap = Bytes::mebi(1 << 20)});
    peer_->on("GET", "/", Answer::chunked().forever("1\r\nx\r\n"));
    const Error error = error_of(
        client.send({.url = url(peer_->url()), .timeouts = Timeouts{.total = milliseconds(300)}}, {}));
    EXPECT_EQ(error.code, ErrorCode::timeout) << error.message;
}

TEST_F(HttpTimeoutTest, ends_a_silence) {
    peer_->on("GET", "/", Answer::chunked().chunk("a").hold());
    EXPECT_THAT(timeout(url(peer_->url()), {.idle = milliseconds(40)}), EndsWith("nothing came for 40ms"));
    peer_->on("GET", "/", Answer::never());
    EXPECT_THAT(timeout(url(peer_->url()), {.idle = milliseconds(40)}), EndsWith("nothing came for 40ms"));
}

TEST_F(HttpTimeoutTest, ends_a_stream_that_may_not_last_for_ever) {
    peer_->on("GET", "/", Answer::chunked().chunk("a").hold());
    std::string seen;
    const HttpClient::OnChunk on_chunk = [&seen](std::string_view piece) {
        seen += piece;
        return true;
    };
    const Timeouts timeouts{.total = milliseconds(200), .stream = milliseconds(400)};
    const Error error =
        error_of(client_.stream({.url = url(peer_->url()), .timeouts = timeouts}, on_chunk, {}));
    EXPECT_EQ(error.code, ErrorCode::timeout);
    EXPECT_THAT(error.message, EndsWith("the answer was not complete within 400ms"));
    EXPECT_EQ(seen, "a");
}

TEST_F(HttpTimeoutTest, takes_each_byte_for_the_end_of_a_silence) {
    Answer slow = Answer::chunked();
    for (int i = 0; i < 8; ++i) slow.chunk("a").wait(milliseconds(300));
    peer_->on("GET", "/", slow.last_chunk());
    const auto response =
        client_.send({.url = url(peer_->url()), .timeouts = Timeouts{.idle = seconds(2)}}, {});
    ASSERT_TRUE(response) << response.error().message;
    EXPECT_EQ(response->body, "aaaaaaaa");
}

TEST_F(HttpTimeoutTest, ends_a_connection_that_is_never_made) {
    DeafPeer deaf;
    deaf.fill_backlog();
    EXPECT_EQ(timeout(url("http://" + deaf.address()), {.connect = milliseconds(50)}),
              "GET http://" + deaf.address() + "/: no connection within 50ms");
    EXPECT_THAT(timeout(url("http://" + deaf.address()), {.total = milliseconds(50)}),
                EndsWith("no connection within 50ms"));
}

TEST_F(HttpTimeoutTest, counts_the_tls_handshake_as_connecting) {
    const DeafPeer deaf;
    EXPECT_THAT(timeout(url("https://" + deaf.address()), {.connect = milliseconds(50)}),
                EndsWith("no connection within 50ms"));
}

TEST_F(HttpTimeoutTest, counts_the_name_as_connecting) {
    const SlowNames slow;
    EXPECT_THAT(timeout(url("http://peer.slow.test"), {.connect = milliseconds(50)}),
                EndsWith("no connection within 50ms"));
}

TEST_F(HttpTimeoutTest, needs_a_time_to_connect) {
    const Error error = error_of(
        client_.send({.url = url(peer_->url()), .timeouts = Timeouts{.connect = milliseconds(0)}}, {}));
    EXPECT_EQ(error.code, ErrorCode::invalid);
}

TEST_F(HttpTimeoutTest, may_have_none_but_that) {
    peer_->on("GET", "/", Answer::text(200).after(milliseconds(20)));
    EXPECT_TRUE(client_.send(
        {.url = url(peer_->url()), .timeouts = Timeouts{.total = Duration(0), .idle = Duration(0)}}, {}));
}

}  // namespace
}  // namespace rm::net
