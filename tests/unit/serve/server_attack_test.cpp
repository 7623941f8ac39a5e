// SPDX-License-Identifier: Apache-2.0
// What clients can not do to the server, through real sockets: each limit has a test that fails without it.
#include <chrono>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tests/unit/serve/raw_client.h"
#include "tests/unit/serve/test_server.h"

namespace rm::serve {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view post = "POST /echo HTTP/1.1\r\nHost: a\r\n";

std::string rejected(const std::string& reason) {
    return "resource_manager_http_connections_rejected_total{reason=\"" + reason + "\"}";
}

bool refused_with(const TestServer& server, const std::string& request, int status) {
    RawClient client(server.port());
    client.send(request);
    const auto response = client.receive();
    return response && response->status == status && response->header("connection") == "close" &&
           response->header("content-type") == "application/problem+json" && client.ended();
}

TEST(ServerAttack, two_hundred_thousand_headers_are_refused) {
    const TestServer server;
    std::string request = "GET / HTTP/1.1\r\nHost: a\r\n";
    for (int i = 0; i < 200'000; ++i) request += "X: y\r\n";
    EXPECT_TRUE(refused_with(server, request, 431));
    EXPECT_TRUE(refused_with(server, request.substr(0, 1000) + "\r\n", 431));
}

TEST(ServerAttack, an_endless_address_is_refused) {
    const TestServer server;
    EXPECT_TRUE(refused_with(server, "GET /" + std::string(100'000, 'x'), 414));
}

TEST(ServerAttack, a_body_over_the_limit_is_refused_without_reading_it) {
    const TestServer server;
    EXPECT_TRUE(refused_with(server, std::string(post) + "Content-Length: 300000000\r\n\r\n", 413));
    RawClient client(server.port());
    client.send(std::string(post) + "Transfer-Encoding: chunked\r\n\r\n");
    const std::string chunk = "10000\r\n" + std::string(65536, 'x') + "\r\n";
    int sent = 0;
    while (sent < 300'000'000 / 65536 && client.send(chunk)) ++sent;
    EXPECT_LT(sent, 300) << "chunks of 64K were taken";
    EXPECT_EQ(client.receive()->status, 413);
}

TEST(ServerAttack, garbage_is_refused_and_the_next_client_is_served) {
    const TestServer server;
    for (const char* garbage :
         {"\x16\x03\x01\x02\x01\x01", "\r\r\n\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n",
          "GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n", "GET /../etc/passwd HTTP/1.1\r\nHost: a\r\n\r\n"}) {
        const auto response = ask(server.port(), garbage);
        ASSERT_TRUE(response) << garbage;
        EXPECT_EQ(response->status, 400) << garbage;
    }
    EXPECT_TRUE(
        refused_with(server, std::string(post) + "Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n", 400));
    EXPECT_EQ(ask(server.port(), get("/health"))->status, 200);
}

TEST(ServerAttack, a_request_smuggled_behind_a_refused_one_is_not_run) {
    const TestServer server;
    RawClient client(server.port());
    client.send(std::string(post) + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" +
                get("/-/healthy"));
    EXPECT_EQ(client.receive()->status, 400);
    EXPECT_TRUE(client.ended());
}

TEST(ServerAttack, a_request_that_ends_in_the_middle_is_refused) {
    const TestServer server;
    RawClient client(server.port());
    client.send("GET / HTTP/1.1\r\nHost: a");
    client.finish_sending();
    EXPECT_EQ(client.receive()->status, 400);
    RawClient in_body(server.port());
    in_body.send(std::string(post) + "Content-Length: 5\r\n\r\nhel");
    in_body.finish_sending();
    EXPECT_EQ(in_body.receive()->status, 400);
}

TEST(ServerAttack, headers_have_a_deadline_that_trickling_does_not_move) {
    Options options;
    options.timeouts.header = 100ms;
    const TestServer server(options);
    const RawClient client(server.port());
    const auto start = std::chrono::steady_clock::now();
    client.send("GET / HTTP/1.1\r\nX: ");
    while (client.send("y") && server.metric(rejected("slow_header")) == 0 &&
           std::chrono::steady_clock::now() - start < 10s) {
    }
    EXPECT_EQ(server.metric(rejected("slow_header")), 1);
}

TEST(ServerAttack, slow_headers_are_answered_and_silence_is_not) {
    Options options;
    options.timeouts.header = 50ms;
    const TestServer server(options);
    RawClient slow(server.port());
    RawClient silent(server.port());
    slow.send("GET / HT");
    EXPECT_EQ(slow.receive()->status, 408);
    EXPECT_TRUE(slow.ended());
    EXPECT_TRUE(silent.ended());
    EXPECT_EQ(server.metric(rejected("slow_header")), 1);
}

TEST(ServerAttack, bodies_have_a_deadline) {
    Options options;
    options.timeouts.body = 50ms;
    const TestServer server(options);
    EXPECT_TRUE(refused_with(server, std::string(post) + "Content-Length: 5\r\n\r\nhel", 408));
    EXPECT_EQ(server.metric(rejected("slow_body")), 1);
}

TEST(ServerAttack, idle_connections_end) {
    Options options;
    options.timeouts.idle = 50ms;
    const TestServer server(options);
    RawClient client(server.port());
    client.send(get("/-/healthy"));
    EXPECT_TRUE(client.receive());
    EXPECT_TRUE(client.ended());
}

TEST(ServerAttack, a_reader_that_stalls_is_dropped) {
    Options options;
    options.timeouts.write = 100ms;
    const TestServer server(options);
    const RawClient client(server.port());
    client.read_nothing();
    client.send(get("/big") + get("/big") + get("/big"));
    EXPECT_TRUE(server.metric_reaches(rejected("slow_reader"), 1));
    EXPECT_TRUE(server.metric_reaches("resource_manager_http_connections", 0));
}

TEST(ServerAttack, a_client_that_goes_on_sending_after_a_refusal_is_dropped) {
    Options options;
    options.timeouts.linger = 50ms;
    const TestServer server(options);
    RawClient client(server.port());
    client.send("garbage\n");
    EXPECT_EQ(client.receive()->status, 400);
    const auto start = std::chrono::steady_clock::now();
    while (client.send("more garbage\n") && std::chrono::steady_clock::now() - start < 10s) {
    }
    EXPECT_LT(std::chrono::steady_clock::now() - start, 10s);
}

TEST(ServerAttack, five_hundred_slow_connections_do_not_keep_others_out) {
    Options options;
    options.connections = 64;
    const TestServer server(options);
    std::vector<RawClient> slow;
    for (int i = 0; i < 500; ++i) {
        slow.emplace_back(server.port());
        slow.back().send("GET / HTTP/1.1\r\nX: ");
        if (i % 50 != 0) continue;
        EXPECT_EQ(ask(server.port(), get("/health"))->status, 200) << i;
    }
    EXPECT_EQ(ask(server.port(), get("/health"))->status, 200);
    EXPECT_GE(server.metric(rejected("evicted")), 436);
    EXPECT_LE(server.metric("resource_manager_http_connections"), 64);
}

TEST(ServerAttack, when_everybody_is_being_served_the_next_is_turned_away) {
    Options options;
    options.connections = 2;
    TestServer server(options);
    RawClient first(server.port());
    RawClient second(server.port());
    first.send(get("/slow"));
    second.send(get("/slow"));
    server.wait_until_inside(2);
    const auto response = ask(server.port(), get("/health"));
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 503);
    EXPECT_EQ(response->header("retry-after"), "1");
    EXPECT_EQ(server.metric(rejected("full")), 1);
    server.open_gate();
    EXPECT_EQ(first.receive()->status, 200);
    EXPECT_EQ(second.receive()->status, 200);
}

TEST(ServerAttack, half_sent_bodies_of_all_connections_share_a_budget) {
    Options options;
    options.buffered = Bytes::mebi(2);
    const TestServer server(options);
    std::vector<RawClient> senders;
    const std::string half =
        std::string(post) + "Content-Length: 1000000\r\n\r\n" + std::string(500'000, 'x');
    for (int i = 0; i < 10; ++i) {
        senders.emplace_back(server.port());
        senders.back().send(half);
    }
    EXPECT_TRUE(server.metric_reaches(rejected("evicted"), 4));
    EXPECT_EQ(ask(server.port(), get("/health"))->status, 200);
}

TEST(ServerAttack, a_body_over_the_budget_is_answered_and_not_just_dropped) {
    Options options;
    options.buffered = Bytes(10'000);
    const TestServer server(options);
    RawClient client(server.port());
    client.send(std::string(post) + "Content-Length: 1000000\r\n\r\n" + std::string(100'000, 'x'));
    const auto response = client.receive();
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 503);
    EXPECT_EQ(server.metric(rejected("evicted")), 0);
}

TEST(ServerAttack, a_body_that_is_not_wanted_is_not_kept) {
    Options options;
    options.buffered = Bytes(10'000);
    const TestServer server(options);
    RawClient client(server.port());
    client.send("GET /-/healthy HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n" +
                std::string(1'000'000, 'x'));
    const auto response = client.receive();
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 200);
    EXPECT_EQ(server.metric(rejected("evicted")), 0);
}

// This sanitizer needs descriptors itself to look at objects with virtual functions, and errs without.
#ifndef RM_SANITIZES_UNDEFINED

/// Lowers the limit of open files to what is open now plus a few.
class FewDescriptors {
public:
    explicit FewDescriptors(rlim_t more) {
        getrlimit(RLIMIT_NOFILE, &before_);
        const int next = dup(0);
        close(next);
        rlimit few = before_;
        few.rlim_cur = static_cast<rlim_t>(next) + more;
        setrlimit(RLIMIT_NOFILE, &few);
    }
    FewDescriptors(const FewDescriptors&) = delete;
    FewDescriptors& operator=(const FewDescriptors&) = delete;
    FewDescriptors(FewDescriptors&&) = delete;
    FewDescriptors& operator=(FewDescriptors&&) = delete;
    ~FewDescriptors() { setrlimit(RLIMIT_NOFILE, &before_); }

private:
    rlimit before_{};
};

TEST(ServerAttack, without_descriptors_it_makes_room_and_goes_on) {
    const TestServer server;
    std::vector<RawClient> clients;
    clients.reserve(8);
    const FewDescriptors few(8);  // the server's ends share the limit with ours
    for (int i = 0; i < 6; ++i) clients.emplace_back(server.port());
    EXPECT_TRUE(server.metric_reaches(rejected("no_descriptors"), 1));
    clients.clear();
    EXPECT_EQ(ask(server.port(), get("/-/healthy"))->status, 200);
}

#endif

long resident_kilobytes() {
    std::ifstream status("/proc/self/statm");
    long size = 0;
    long resident = 0;
    status >> size >> resident;
    return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

TEST(ServerAttack, no_attack_makes_it_grow) {
    const TestServer server;
    ask(server.port(), get("/metrics"));
    [[maybe_unused]] const long before = resident_kilobytes();
    std::vector<RawClient> slow;
    for (int i = 0; i < 256; ++i) {
        slow.emplace_back(server.port());
        slow.back().send("GET / HTTP/1.1\r\nX: " + std::string(15'000, 'x'));
    }
    for (int i = 0; i < 2000; ++i) ask(server.port(), "garbage\n");
    const std::string body =
        std::string(post) + "Content-Length: 1000000\r\n\r\n" + std::string(900'000, 'x');
    for (int i = 0; i < 50; ++i) {
        slow.emplace_back(server.port());
        slow.back().send(body);
    }
    EXPECT_EQ(ask(server.port(), get("/health"))->status, 200);
#ifndef RM_SANITIZED  // they keep memory for purposes of their own
    EXPECT_LT(resident_kilobytes() - before, 20 * 1024);
#endif
}

}  // namespace
}  // namespace rm::serve
