// SPDX-License-Identifier: Apache-2.0
#include "net/http_client.h"

#include <array>
#include <cstdlib>
#include <thread>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "tests/unit/net/http_fixture.h"

namespace rm::net {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

class HttpClientTest : public testing::Test {
protected:
    Result<Response> send(const Request& request) { return client_.send(request, {}); }

    std::unique_ptr<HttpDouble> peer_ = HttpDouble::start().value();
    HttpClient client_;
};

TEST_F(HttpClientTest, returns_status_headers_and_body) {
    peer_->on("GET", "/x", Answer::text(200, "hello").header("X-One", "1").header("x-one", "2"));

    const auto response = send(get(*peer_, "/x?y=1")).value();

    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body, "hello");
    EXPECT_EQ(*find(response.headers, "X-ONE"), "1");
    EXPECT_EQ(find(response.headers, "X-Two"), nullptr);
    EXPECT_EQ(peer_->requests()[0].target, "/x?y=1");
}

TEST_F(HttpClientTest, sends_each_method_with_its_body_and_nothing_of_its_own) {
    for (const Method method : {Method::get, Method::head, Method::post, Method::put, Method::del}) {
        const std::string name(to_string(method));
        const bool has_body = method == Method::post || method == Method::put;
        peer_->on(name, "/m", Answer::text(200, "answer"));

        const auto response =
            send({.method = method, .url = url(peer_->url()), .target = "/m", .body = has_body ? "sent" : ""})
                .value();

        EXPECT_EQ(response.body, method == Method::head ? "" : "answer") << name;
        const auto received = peer_->requests().back();
        EXPECT_EQ(received.method, name);
        EXPECT_EQ(received.body, has_body ? "sent" : "") << name;
        EXPECT_EQ(received.header("Content-Type"), "") << name;
        EXPECT_THAT(received.header("User-Agent"), HasSubstr("resource-manager/"));
    }
    EXPECT_TRUE(send(post(*peer_, "/m", "")).has_value());
    EXPECT_EQ(peer_->requests().back().header("Content-Length"), "0");
}

TEST_F(HttpClientTest, takes_any_complete_answer_whatever_its_status) {
    for (const int status : {204, 304, 400, 404, 429, 500, 503}) {
        peer_->on("GET", "/", Answer::text(status));
        const auto response = send(get(*peer_));
        ASSERT_TRUE(response) << response.error().message;
        EXPECT_EQ(response->status, status);
        EXPECT_EQ(response->ok(), status == 204);
    }
}

TEST_F(HttpClientTest, sends_headers_as_they_are_even_empty_ones) {
    ASSERT_TRUE(send({.url = url(peer_->url()),
                      .headers = {{"X-A", "b: c;"}, {"X-Empty", ""}, {"Accept", "text/plain"}}}));
    const auto received = peer_->requests().at(0);
    EXPECT_EQ(received.header("X-A"), "b: c;");
    EXPECT_EQ(received.header("Accept"), "text/plain");
    const auto is_empty = [](const lab::HttpHeader& header) {
        return header.name == "X-Empty:" || header.name == "X-Empty";
    };
    EXPECT_TRUE(std::ranges::any_of(received.headers, is_empty));
}

TEST_F(HttpClientTest, sends_a_token_or_the_user_of_the_url) {
    ASSERT_TRUE(send({.url = url(peer_->url()), .token = Secret("t0ken")}));
    EXPECT_EQ(peer_->requests().back().header("Authorization"), "Bearer t0ken");

    const std::string with_user = "http://me:p%40ss@127.0.0.1:" + std::to_string(peer_->port());
    ASSERT_TRUE(send({.url = url(with_user)}));
    EXPECT_EQ(peer_->requests().back().header("Authorization"), "Basic bWU6cEBzcw==");
}

TEST_F(HttpClientTest, speaks_through_a_unix_socket) {
    const Folder folder;
    const auto peer = HttpDouble::start({.socket = folder / "peer.sock"}).value();
    peer->on("GET", "/_ping", Answer::text(200, "OK"));

    EXPECT_EQ(send(get(*peer, "/_ping")).value().body, "OK");
    EXPECT_EQ(peer->requests()[0].header("Host"), "localhost");
}

TEST_F(HttpClientTest, names_a_unix_socket_that_is_not_there) {
    const Error error = error_of(send({.url = url("unix:///nowhere/docker.sock"), .target = "/info"}));
    EXPECT_EQ(error.code, ErrorCode::unavailable);
    EXPECT_THAT(error.message, MatchesRegex("GET unix:///nowhere/docker.sock \\(/info\\): cannot connect: "
                                            "No such file or directory, after [0-9]+m?s"));
}

TEST_F(HttpClientTest, names_a_peer_that_refuses_the_connection) {
    const std::uint16_t port = lab::port_of(lab::listen_on({}).value());
    const Error error =
        error_of(send({.url = url("http://127.0.0.1:" + std::to_string(port)), .target = "/x?q=1"}));
    EXPECT_EQ(error.code, ErrorCode::unavailable);
    EXPECT_THAT(error.message,
                MatchesRegex("GET http://127.0.0.1:[0-9]+/x: cannot connect: Connection refused, after .*"));
}

TEST_F(HttpClientTest, names_a_host_that_cannot_be_resolved) {
    const Error error = error_of(send({.url = url("http://nobody.slow.test/")}));
    EXPECT_EQ(error.code, ErrorCode::unavailable);
    EXPECT_THAT(error.message,
                HasSubstr("GET http://nobody.slow.test/: the host's name cannot be resolved, after "));
}

TEST_F(HttpClientTest, makes_ten_requests_over_one_connection) {
    for (int i = 0; i < 10; ++i) ASSERT_TRUE(send(get(*peer_)));
    EXPECT_EQ(peer_->requests().size(), 10U);
    EXPECT_EQ(peer_->connections(), 1);
}

TEST_F(HttpClientTest, opens_a_new_connection_after_the_peer_closed_the_kept_one) {
    peer_->on("POST", "/", Answer::text(200, "x").cut());
    ASSERT_TRUE(send(post(*peer_, "/", "1")));
    ASSERT_TRUE(peer_->wait_until_left());
    ASSERT_TRUE(send(post(*peer_, "/", "2")));
    EXPECT_EQ(peer_->connections(), 2);
}

TEST_F(HttpClientTest, sends_a_get_again_when_a_kept_connection_breaks) {
    peer_->on("GET", "/", {Answer::text(200, "1"), Answer::raw("").cut(), Answer::text(200, "2")});
    ASSERT_TRUE(send(get(*peer_)));
    EXPECT_EQ(send(get(*peer_)).value().body, "2");
    EXPECT_EQ(peer_->requests().size(), 3U);
}

TEST_F(HttpClientTest, never_sends_a_post_twice_unless_it_says_it_may) {
    peer_->on("POST", "/", {Answer::text(200), Answer::raw("").cut(), Answer::text(200, "again")});
    ASSERT_TRUE(send(post(*peer_, "/", "1")));

    const Error error = error_of(send(post(*peer_, "/", "2")));

    EXPECT_EQ(error.code, ErrorCode::unavailable);
    EXPECT_THAT(error.message, HasSubstr("closed without an answer"));
    EXPECT_EQ(peer_->requests().size(), 2U);

    peer_->on("POST", "/", {Answer::text(200), Answer::raw("").cut(), Answer::text(200, "again")});
    ASSERT_TRUE(send(post(*peer_, "/", "3")));
    Request repeatable = post(*peer_, "/", "4");
    repeatable.repeatable = true;
    EXPECT_EQ(send(repeatable).value().body, "again");
}

TEST_F(HttpClientTest, follows_no_redirect) {
    peer_->on("GET", "/", Answer::text(302).header("Location", peer_->url() + "/elsewhere"));
    EXPECT_EQ(send(get(*peer_)).value().status, 302);
    EXPECT_EQ(peer_->requests().size(), 1U);
}

TEST_F(HttpClientTest, keeps_no_cookie_and_reads_no_netrc) {
    const Folder home;
    (void)home.file(".netrc", "machine 127.0.0.1 login me password secret\n");
    setenv("HOME", (home / "").c_str(), 1);
    peer_->on("GET", "/", Answer::text(200).header("Set-Cookie", "a=b"));

    ASSERT_TRUE(send(get(*peer_)));
    ASSERT_TRUE(send(get(*peer_)));

    EXPECT_EQ(peer_->requests()[1].header("Cookie"), "");
    EXPECT_EQ(peer_->requests()[1].header("Authorization"), "");
}

TEST_F(HttpClientTest, uses_no_proxy_of_the_environment) {
    const auto proxy = HttpDouble::start().value();
    for (const char* name : {"http_proxy", "https_proxy", "all_proxy", "ALL_PROXY"})
        setenv(name, proxy->url().c_str(), 1);
    ASSERT_TRUE(send(get(*peer_)));
    for (const char* name : {"http_proxy", "https_proxy", "all_proxy", "ALL_PROXY"}) unsetenv(name);
    EXPECT_EQ(proxy->connections(), 0);
}

TEST_F(HttpClientTest, skips_interim_answers_and_trailers) {
    peer_->on("GET", "/",
              Answer::raw(
                  "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
                  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nX-Late: 1\r\n\r\n"));
    const auto response = send(get(*peer_)).value();
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body, "hi");
    EXPECT_EQ(find(response.headers, "Link"), nullptr);
    EXPECT_EQ(find(response.headers, "X-Late"), nullptr);
}

TEST_F(HttpClientTest, sends_a_large_body_at_once) {
    const std::string body(std::size_t{5} << 20U, 'b');
    peer_->on("PUT", "/", Answer::text(201));
    EXPECT_EQ(send({.method = Method::put, .url = url(peer_->url()), .body = body}).value().status, 201);
    EXPECT_EQ(peer_->requests()[0].header("Expect"), "");
    EXPECT_TRUE(peer_->requests()[0].body == body);
}

struct Broken {
    const char* what;
    Answer answer;
    ErrorCode code;
    const char* message;
};

TEST_F(HttpClientTest, says_how_an_answer_was_broken) {
    const std::vector<Broken> all = {
        {"cut before the body's announced end",
         Answer::raw("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf").cut(), ErrorCode::unavailable,
         "cut off in the middle"},
        {"cut between chunks", Answer::chunked().chunk("half").cut(), ErrorCode::unavailable,
         "cut off in the middle"},
        {"cut in the headers", Answer::raw("HTTP/1.1 200 OK\r\nContent-Le").cut(), ErrorCode::unavailable,
         "cut off in its headers"},
        {"closed at once", Answer::raw("").cut(), ErrorCode::unavailable, "closed without an answer"},
        {"garbage", Answer::raw("\x16\x03\x01\xff garbage \xfe\r\n\r\n").cut(), ErrorCode::protocol,
         "not HTTP/1"},
        {"no status", Answer::raw("HTTP/1.1 OK\r\n\r\n").cut(), ErrorCode::protocol, "not HTTP/1"},
        {"bad chunk size", Answer::chunked().send("zz\r\nhi\r\n"), ErrorCode::protocol,
         "chunked encoding is malformed"},
        {"bad length", Answer::raw("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhi").cut(),
         ErrorCode::protocol, "not HTTP/1"},
        {"a zero byte in a header", Answer::raw(std::string("HTTP/1.1 200 OK\r\nA: \0\r\n\r\n", 25)).cut(),
         ErrorCode::protocol, "not HTTP/1"},
    };
    for (const Broken& broken : all) {
        peer_->on("GET", "/", broken.answer);
        const Error error = error_of(send(get(*peer_)));
        EXPECT_EQ(error.code, broken.code) << broken.what << ": " << error.message;
        EXPECT_THAT(error.message, AllOf(HasSubstr(broken.message), HasSubstr("GET http://127.0.0.1:")))
            << broken.what;
    }
}

TEST_F(HttpClientTest, caps_the_body_whether_announced_or_not) {
    HttpClient client({.body_cap = Bytes(1000)});
    const std::string over(1001, 'x');
    peer_->on("GET", "/announced", Answer::text(200).header("Content-Length", "1001").hold());
    peer_->on("GET", "/chunked", Answer::chunked().chunk(over).hold());
    peer_->on("GET", "/until-closed", Answer::raw("HTTP/1.1 200 OK\r\n\r\n" + over).hold());
    peer_->on("GET", "/endless", Answer::chunked(500).forever("3e8\r\n" + std::string(1000, 'x') + "\r\n"));
    for (const char* target : {"/announced", "/chunked", "/until-closed", "/endless"}) {
        const Error error = error_of(client.send(get(*peer_, target), {}));
        EXPECT_EQ(error.code, ErrorCode::too_large) << target << error.message;
        EXPECT_THAT(error.message, HasSubstr("the answer's body is over 1000"));
    }
    peer_->on("GET", "/fits", Answer::text(200, std::string(1000, 'x')));
    EXPECT_EQ(client.send(get(*peer_, "/fits"), {}).value().body.size(), 1000U);
    peer_->on("HEAD", "/fits", Answer::text(200).header("Content-Length", "999999"));
    EXPECT_TRUE(client.send({.method = Method::head, .url = url(peer_->url()), .target = "/fits"}, {}));
}

TEST_F(HttpClientTest, a_request_may_have_a_cap_of_its_own) {
    HttpClient client({.body_cap = Bytes(10)});
    peer_->on("GET", "/", Answer::text(200, std::string(1000, 'x')));
    Request request = get(*peer_);
    request.body_cap = Bytes(1000);
    EXPECT_TRUE(client.send(request, {}));
    request.body_cap = Bytes(999);
    EXPECT_THAT(error_of(client.send(request, {})).message, HasSubstr("the answer's body is over 999"));
}

TEST_F(HttpClientTest, caps_the_headers) {
    HttpClient client({.header_cap = Bytes(2000)});
    peer_->on("GET", "/long", Answer::text(200).header("X", std::string(2000, 'x')));
    peer_->on("GET", "/many", Answer::raw("HTTP/1.1 200 OK\r\n").forever("X: y\r\n"));
    peer_->on("GET", "/one", Answer::raw("HTTP/1.1 200 OK\r\n").forever("xxxxxxxxxx"));
    peer_->on("GET", "/interim", Answer::raw("").forever("HTTP/1.1 100 Continue\r\n\r\n"));
    peer_->on("GET", "/trailers", Answer::chunked().send("0\r\n").forever("X: y\r\n"));
    for (const char* target : {"/long", "/many", "/one", "/interim", "/trailers"}) {
        const Error error = error_of(client.send(get(*peer_, target), {}));
        EXPECT_EQ(error.code, ErrorCode::too_large) << target << ": " << error.message;
        EXPECT_THAT(error.message, HasSubstr("headers")) << target;
    }
    peer_->on("GET", "/fits", Answer::text(200).header("X", std::string(1900, 'x')));
    EXPECT_TRUE(client.send(get(*peer_, "/fits"), {}));
}

TEST_F(HttpClientTest, refuses_what_would_forge_a_header_and_sends_nothing) {
    const auto refused = [&](const Request& wrong) {
        const Error error = error_of(send(wrong));
        EXPECT_EQ(error.code, ErrorCode::invalid) << error.message;
        return error.message;
    };
    Request request = get(*peer_);
    for (const char* value : {"a\r\nX-Forged: 1", "a\nb", "a\rb", "\x7f"}) {
        request.headers = {{"X-A", value}};
        EXPECT_THAT(refused(request), AllOf(HasSubstr("X-A"), Not(HasSubstr("Forged"))));
    }
    request.headers = {{"X-A", std::string("a\0b", 3)}};
    refused(request);
    for (const char* name : {"", "X A", "X\r\nY", "X:", "H\xc3\xb6he", "Host", "content-length",
                             "Transfer-Encoding", "Connection"}) {
        request.headers = {{name, "1"}};
        refused(request);
    }
    request.headers = {};
    for (const char* target : {"x", "/a b", "/\r\nX: y", "/../x", "/%2e%2e/x"}) {
        request.target = target;
        refused(request);
    }
    request.target = "";
    request.body = "a GET has none";
    refused(request);
    EXPECT_EQ(peer_->connections(), 0);
}

TEST_F(HttpClientTest, refuses_two_ways_to_authorise) {
    const Error error =
        error_of(send({.url = url(peer_->url()), .headers = {{"authorization", "x"}}, .token = Secret("y")}));
    EXPECT_EQ(error.code, ErrorCode::invalid);
    EXPECT_THAT(error.message, HasSubstr("only one of"));
}

TEST_F(HttpClientTest, tells_no_secret_in_an_error) {
    const std::string where = "127.0.0.1:" + std::to_string(peer_->port());
    for (const Answer& answer :
         {Answer::raw("hunter2\r\n\r\n").cut(), Answer::raw("").cut(), Answer::chunked().send("hunter2")}) {
        peer_->on("POST", "/hunter2", answer);
        for (const Url& secret :
             {Url::parse(Secret("http://" + where + "/hunter2")).value(),
              Url::parse(Secret("http://user:hunter2@" + where + "/hunter2?hunter2=hunter2")).value()})
            EXPECT_THAT(error_of(send({.method = Method::post, .url = secret, .body = "hunter2"})).message,
                        AllOf(Not(HasSubstr("hunter2")), HasSubstr("POST http://" + where + "/***: ")));
    }
    const Request broken_token{.url = url(peer_->url()), .token = Secret("hunter2\n")};
    EXPECT_THAT(error_of(send(broken_token)).message, AllOf(Not(HasSubstr("hunter2")), HasSubstr("token")));
}

TEST_F(HttpClientTest, serves_eight_threads_at_once) {
    peer_->on("POST", "/echo",
              [](const lab::ReceivedRequest& request) { return Answer::text(200, request.body); });
    std::array<int, 8> wrong{};
    {
        std::vector<std::jthread> threads;
        threads.reserve(wrong.size());
        for (std::size_t t = 0; t < wrong.size(); ++t)
            threads.emplace_back([&, t] {
                for (int i = 0; i < 50; ++i) {
                    const std::string body = std::to_string(t) + ":" + std::to_string(i);
                    const auto response = send(post(*peer_, "/echo", body));
                    if (!response || response->body != body) ++wrong.at(t);
                }
            });
    }
    EXPECT_THAT(wrong, testing::Each(0));
    EXPECT_EQ(peer_->requests().size(), 400U);
    EXPECT_LE(peer_->connections(), 8);
}

TEST_F(HttpClientTest, keeps_its_connections_from_programs_it_may_start) {
    ASSERT_TRUE(send(get(*peer_)));
    int connections = 0;
    for (int fd = 0; fd < 256; ++fd) {
        sockaddr_in other{};
        socklen_t size = sizeof other;
        if (getpeername(fd, reinterpret_cast<sockaddr*>(&other), &size) != 0 ||
            other.sin_port != htons(peer_->port()))
            continue;
        ++connections;
        EXPECT_NE(fcntl(fd, F_GETFD) & FD_CLOEXEC, 0);
    }
    EXPECT_EQ(connections, 1);
}

}  // namespace
}  // namespace rm::net
