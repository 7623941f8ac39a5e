// SPDX-License-Identifier: Apache-2.0
// Whatever a call is doing, a stop ends it at once. The bound here is generous for busy machines and
// sanitizers; bench/http_client_bench.cpp measures.
#include <latch>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/http_client.h"
#include "tests/unit/net/http_fixture.h"

namespace rm::net {
namespace {

using std::chrono::steady_clock;
using testing::HasSubstr;

constexpr milliseconds at_once(250);

class HttpCancelTest : public testing::Test {
protected:
    /// Stops the call once `when` returns; checks that it was cancelled and how soon.
    void expect_cancelled(const Request& request, const std::function<void()>& when) {
        std::stop_source stop;
        steady_clock::time_point stopped;
        std::jthread stopper([&] {
            when();
            stopped = steady_clock::now();
            stop.request_stop();
        });
        const auto on_chunk = [&](std::string_view) {
            if (!streaming_) began_.count_down();
            streaming_ = true;
            return true;
        };
        const Error error = error_of(client_.stream(request, on_chunk, stop.get_token()));
        const auto returned = steady_clock::now();
        stopper.join();
        EXPECT_EQ(error.code, ErrorCode::cancelled) << error.message;
        EXPECT_THAT(error.message, HasSubstr(": cancelled, after "));
        EXPECT_LT(returned - stopped, at_once);
    }

    std::unique_ptr<HttpDouble> peer_ = HttpDouble::start().value();
    HttpClient client_;
    std::latch began_{1};
    bool streaming_ = false;
};

TEST_F(HttpCancelTest, before_the_call_nothing_is_sent) {
    const std::stop_source stop;
    stop.request_stop();
    EXPECT_EQ(error_of(client_.send(get(*peer_), stop.get_token())).code, ErrorCode::cancelled);
    EXPECT_EQ(peer_->connections(), 0);
}

TEST_F(HttpCancelTest, while_the_name_is_looked_up) {
    const SlowNames slow;
    expect_cancelled({.url = url("http://peer.slow.test")}, [] { SlowNames::wait_for_question(); });
}

TEST_F(HttpCancelTest, while_connecting) {
    DeafPeer deaf;
    deaf.fill_backlog();
    expect_cancelled({.url = url("http://" + deaf.address())}, [] { std::this_thread::yield(); });
}

TEST_F(HttpCancelTest, during_the_tls_handshake) {
    const DeafPeer deaf;
    expect_cancelled({.url = url("https://" + deaf.address())}, [] { std::this_thread::yield(); });
}

TEST_F(HttpCancelTest, while_sending) {
    const DeafPeer deaf;
    const Request request{.method = Method::post,
                          .url = url("http://" + deaf.address()),
                          .body = std::string(std::size_t{64} << 20U, 'x')};
    expect_cancelled(request, [] { std::this_thread::yield(); });
}

TEST_F(HttpCancelTest, while_waiting_for_the_answer) {
    peer_->on("GET", "/", Answer::never());
    expect_cancelled(get(*peer_), [&] { EXPECT_TRUE(peer_->wait_for_requests(1)); });
    EXPECT_TRUE(peer_->wait_until_left());
}

TEST_F(HttpCancelTest, while_a_stream_is_silent) {
    peer_->on("GET", "/", Answer::chunked().chunk("a").hold());
    expect_cancelled(get(*peer_), [&] { began_.wait(); });
    EXPECT_TRUE(peer_->wait_until_left());
}

TEST_F(HttpCancelTest, while_a_stream_pours) {
    peer_->on("GET", "/", Answer::chunked().forever("5\r\nagain\r\n"));
    expect_cancelled(get(*peer_), [&] { began_.wait(); });
}

TEST_F(HttpCancelTest, by_the_receiver_itself) {
    peer_->on("GET", "/", Answer::chunked().chunk("a").hold());
    std::stop_source stop;
    const auto on_chunk = [&](std::string_view) { return stop.request_stop(); };
    EXPECT_EQ(error_of(client_.stream(get(*peer_), on_chunk, stop.get_token())).code, ErrorCode::cancelled);
}

TEST_F(HttpCancelTest, leaves_the_client_usable) {
    peer_->on("GET", "/", Answer::never());
    expect_cancelled(get(*peer_), [&] { EXPECT_TRUE(peer_->wait_for_requests(1)); });
    peer_->on("GET", "/", Answer::text(200, "fine"));
    EXPECT_EQ(client_.send(get(*peer_), {}).value().body, "fine");
}

TEST_F(HttpCancelTest, at_any_instant_either_wins_or_loses) {
    peer_->on("GET", "/", Answer::text(200, "fine"));
    for (int i = 0; i < 200; ++i) {
        std::stop_source stop;
        std::latch both(2);
        const std::jthread stopper([&] {
            both.arrive_and_wait();
            for (int spin = 0; spin < i * 50; ++spin) std::atomic_signal_fence(std::memory_order_seq_cst);
            stop.request_stop();
        });
        both.arrive_and_wait();
        const auto response = client_.send(get(*peer_), stop.get_token());
        if (response)
            EXPECT_EQ(response->body, "fine");
        else
            EXPECT_EQ(response.error().code, ErrorCode::cancelled) << response.error().message;
    }
}

}  // namespace
}  // namespace rm::net
