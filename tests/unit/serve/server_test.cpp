// SPDX-License-Identifier: Apache-2.0
// How the server talks to well-behaved clients, through real sockets.
#include "serve/server.h"

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <mutex>
#include <new>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/serve/raw_client.h"
#include "tests/unit/serve/test_server.h"

namespace rm::serve {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

TEST(Server, it_answers_on_a_free_port) {
    const TestServer server;
    const auto response = ask(server.port(), get("/health"));
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 200);
    EXPECT_EQ(response->header("content-type"), "application/json");
    EXPECT_THAT(response->header("date"), HasSubstr(" GMT"));
    EXPECT_THAT(response->body, HasSubstr(R"("status":"ok")"));
}

TEST(Server, head_has_the_length_of_get_and_no_body) {
    const TestServer server;
    RawClient client(server.port());
    client.send("HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n" + get("/"));
    const auto head = client.receive(true);
    const auto full = client.receive();
    ASSERT_TRUE(head && full);
    EXPECT_EQ(head->status, 200);
    EXPECT_EQ(head->header("content-length"), full->header("content-length"));
    EXPECT_EQ(head->header("etag"), full->header("etag"));
    EXPECT_EQ(full->body.size(), std::stoul(full->header("content-length")));
}

TEST(Server, a_connection_serves_many_requests_also_when_they_come_at_once) {
    const TestServer server;
    RawClient client(server.port());
    std::string pipelined;
    for (int i = 0; i < 20; ++i) pipelined += get("/-/healthy");
    client.send(pipelined);
    for (int i = 0; i < 20; ++i) {
        const auto response = client.receive();
        ASSERT_TRUE(response) << i;
        EXPECT_EQ(response->body, "healthy\n");
    }
}

TEST(Server, a_client_that_wants_to_close_is_told_so_and_obeyed) {
    const TestServer server;
    RawClient client(server.port());
    client.send(get("/-/healthy", "Connection: close\r\n"));
    EXPECT_EQ(client.receive()->header("connection"), "close");
    EXPECT_TRUE(client.ended());
}

TEST(Server, http_1_0_is_served_and_kept_only_on_request) {
    const TestServer server;
    RawClient client(server.port());
    client.send("GET /-/healthy HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_EQ(client.receive()->header("connection"), "keep-alive");
    client.send("GET /-/healthy HTTP/1.0\r\n\r\n");
    EXPECT_EQ(client.receive()->header("connection"), "close");
    EXPECT_TRUE(client.ended());
}

TEST(Server, the_number_of_requests_on_a_connection_is_limited) {
    Options options;
    options.requests_per_connection = 2;
    const TestServer server(options);
    RawClient client(server.port());
    client.send(get("/-/healthy") + get("/-/healthy") + get("/-/healthy"));
    EXPECT_EQ(client.receive()->header("connection"), "");
    EXPECT_EQ(client.receive()->header("connection"), "close");
    EXPECT_TRUE(client.ended());
}

TEST(Server, a_client_may_finish_sending_before_it_reads) {
    const TestServer server;
    RawClient client(server.port());
    client.send(get("/-/healthy"));
    client.finish_sending();
    const auto response = client.receive();
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 200);
    EXPECT_TRUE(client.ended());
}

TEST(Server, bodies_arrive_with_a_length_or_in_chunks) {
    const TestServer server;
    RawClient client(server.port());
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
    EXPECT_EQ(client.receive()->body, "hello");
    client.send(
        "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
        "chunked\r\n\r\n3\r\nfoo\r\n3\r\nbar\r\n0\r\n\r\n");
    EXPECT_EQ(client.receive()->body, "foobar");
}

TEST(Server, a_client_that_waits_for_100_continue_gets_it) {
    const TestServer server;
    RawClient client(server.port());
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(client.receive()->status, 100);
    client.send("hello");
    EXPECT_EQ(client.receive()->body, "hello");
}

TEST(Server, a_client_that_would_be_refused_is_told_before_it_sends_the_body) {
    const TestServer server;
    RawClient client(server.port());
    client.send("POST /guarded HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(client.receive()->status, 403);
    EXPECT_TRUE(client.ended());
    EXPECT_EQ(ask(server.port(), "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: tea\r\n\r\n")
                  ->status,
              417);
}

TEST(Server, a_refused_request_without_a_body_keeps_its_connection) {
    const TestServer server;
    RawClient client(server.port());
    client.send(get("/nowhere") + "POST /guarded HTTP/1.1\r\nHost: a\r\n\r\n" + get("/-/healthy"));
    EXPECT_EQ(client.receive()->status, 404);
    EXPECT_EQ(client.receive()->status, 403);
    EXPECT_EQ(client.receive()->status, 200);
}

TEST(Server, a_guarded_route_serves_who_has_the_token) {
    Options options;
    options.access = always({.token = Secret("t"), .allowed_hosts = {}, .cors_origins = {}});
    const TestServer server(options);
    EXPECT_EQ(ask(server.port(), "POST /guarded HTTP/1.1\r\nHost: a\r\n\r\n")->status, 401);
    EXPECT_EQ(
        ask(server.port(), "POST /guarded HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer t\r\n\r\n")->status,
        200);
}

TEST(Server, a_token_that_was_changed_counts_at_once_and_the_one_before_no_more) {
    std::mutex mutex;
    std::string token = "old";
    Options options;
    options.access = [&] {
        const std::scoped_lock lock(mutex);
        return std::make_shared<const Access>(
            Access{.token = Secret(token), .allowed_hosts = {}, .cors_origins = {}});
    };
    const TestServer server(options);
    const auto status = [&](const std::string& given) {
        return ask(server.port(),
                   "POST /guarded HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + given + "\r\n\r\n")
            ->status;
    };
    EXPECT_EQ(status("old"), 200);
    {
        const std::scoped_lock lock(mutex);
        token = "new";
    }
    EXPECT_EQ(status("new"), 200);
    EXPECT_EQ(status("old"), 401);
}

TEST(Server, a_connection_whose_request_makes_us_fail_is_closed_and_others_are_served) {
    std::atomic<bool> failing = true;
    Options options;
    options.access = [&]() -> std::shared_ptr<const Access> {
        if (failing) throw std::bad_alloc();
        return std::make_shared<const Access>();
    };
    const TestServer server(options);
    RawClient client(server.port());
    client.send(get("/-/healthy"));
    EXPECT_TRUE(client.ended());
    failing = false;
    RawClient next(server.port());
    next.send(get("/-/healthy"));
    EXPECT_EQ(next.receive()->status, 200);
    EXPECT_EQ(server.metric("resource_manager_http_connections"), 1);
}

TEST(Server, large_responses_arrive_whole) {
    const TestServer server;
    EXPECT_EQ(ask(server.port(), get("/big"))->body.size(), 4U << 20U);
}

TEST(Server, health_answers_while_all_workers_wait) {
    TestServer server;
    std::vector<RawClient> waiting;
    for (int i = 0; i < 4; ++i) {
        waiting.emplace_back(server.port());
        waiting.back().send(get("/slow"));
    }
    server.wait_until_inside(2);
    EXPECT_TRUE(server.metric_reaches("resource_manager_http_requests_in_flight", 4));
    EXPECT_EQ(ask(server.port(), get("/health"))->status, 200);
    server.open_gate();
    for (RawClient& client : waiting) EXPECT_EQ(client.receive()->body, "slow");
}

TEST(Server, requests_are_counted_by_pattern_and_code) {
    const TestServer server;
    const std::string healthy = R"(resource_manager_http_requests_total{code="200",route="/-/healthy"})";
    const std::string unmatched = R"(resource_manager_http_requests_total{code="404",route="unmatched"})";
    EXPECT_EQ(server.metric(healthy), 0);
    EXPECT_EQ(server.metric(unmatched), 0);
    EXPECT_EQ(server.metric(R"(resource_manager_http_connections_rejected_total{reason="evicted"})"), 0);
    ask(server.port(), get("/-/healthy"));
    ask(server.port(), get("/one"));
    ask(server.port(), get("/two"));
    EXPECT_EQ(server.metric(healthy), 1);
    EXPECT_EQ(server.metric(unmatched), 2);
    EXPECT_EQ(server.metric("resource_manager_http_request_duration_seconds_count"), 3);
}

TEST(Server, a_port_that_is_taken_is_an_error_that_says_so) {
    const TestServer server;
    Options options;
    options.port = server.port();
    telemetry::Metrics metrics;
    const auto second = Server::start(options, {}, metrics);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, ErrorCode::unavailable);
    EXPECT_THAT(second.error().message, HasSubstr("127.0.0.1:" + std::to_string(server.port())));
    EXPECT_THAT(second.error().message, HasSubstr("Address already in use"));
}

TEST(Server, an_address_or_a_table_that_makes_no_sense_is_an_error) {
    telemetry::Metrics metrics;
    Options options;
    options.address = "somewhere";
    EXPECT_EQ(Server::start(options, {}, metrics).error().code, ErrorCode::invalid);
    EXPECT_EQ(Server::start({}, {Route()}, metrics).error().code, ErrorCode::invalid);
}

TEST(ServerStop, an_idle_server_ends_at_once_with_its_idle_connections) {
    TestServer server;
    RawClient silent(server.port());
    RawClient idle(server.port());
    idle.send(get("/-/healthy"));
    ASSERT_TRUE(idle.receive());
    const auto start = std::chrono::steady_clock::now();
    server.stop(5s);
    EXPECT_LT(std::chrono::steady_clock::now() - start, 1s);
    EXPECT_TRUE(idle.ended());
    EXPECT_TRUE(silent.ended());
    EXPECT_FALSE(ask(server.port(), get("/-/healthy")));
}

TEST(ServerStop, a_request_in_its_handler_is_finished_first) {
    TestServer server;
    RawClient busy(server.port());
    busy.send(get("/slow"));
    server.wait_until_inside(1);
    auto stopping = std::async(std::launch::async, [&] { server.stop(10s); });
    while (ask(server.port(), get("/-/healthy"))) {  // until nothing new is accepted
    }
    server.open_gate();
    const auto response = busy.receive();
    ASSERT_TRUE(response);
    EXPECT_EQ(response->body, "slow");
    EXPECT_EQ(response->header("connection"), "close");
    stopping.get();
}

TEST(ServerStop, at_the_deadline_the_rest_is_dropped_and_handlers_are_told) {
    TestServer server;
    RawClient busy(server.port());
    busy.send(get("/slow"));
    server.wait_until_inside(1);
    const auto start = std::chrono::steady_clock::now();
    server.stop(50ms);
    EXPECT_LT(std::chrono::steady_clock::now() - start, 5s);
    EXPECT_FALSE(busy.receive());
}

TEST(ServerStop, it_may_be_called_again) {
    TestServer server;
    server.stop(1s);
    server.stop(1s);
}

}  // namespace
}  // namespace rm::serve
