// SPDX-License-Identifier: Apache-2.0
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include "net/http_client.h"
#include "tests/unit/net/http_fixture.h"

namespace rm::net {
namespace {

using testing::HasSubstr;

class HttpTlsTest : public testing::Test {
protected:
    std::unique_ptr<HttpDouble> start(const std::string& names, const std::string& client_authority = {}) {
        auto peer =
            HttpDouble::start({.tls = authority_.sign(names), .client_authority = client_authority}).value();
        peer->on("GET", "/", Answer::text(200, "safe"));
        return peer;
    }

    static Result<Response> get(const HttpDouble& peer, Tls tls) {
        HttpClient client({.tls = std::move(tls)});
        return client.send(net::get(peer), {});
    }

    Folder folder_;
    lab::CertificateAuthority authority_;
    std::string ca_file_ = folder_.file("ca.pem", authority_.certificate());
};

TEST_F(HttpTlsTest, trusts_a_peer_whose_authority_it_was_given) {
    const auto peer = start("DNS:localhost");
    const auto response = get(*peer, {.ca_file = ca_file_});
    ASSERT_TRUE(response) << response.error().message;
    EXPECT_EQ(response->body, "safe");
}

TEST_F(HttpTlsTest, trusts_nobody_elses) {
    const auto peer = start("DNS:localhost");
    const lab::CertificateAuthority other;
    const std::string other_file = folder_.file("other.pem", other.certificate());
    for (const std::string& ca_file : {other_file, std::string()}) {
        const Error error = error_of(get(*peer, {.ca_file = ca_file}));
        EXPECT_EQ(error.code, ErrorCode::protocol);
        EXPECT_THAT(error.message, HasSubstr("the peer's certificate is not trusted: "));
    }
    EXPECT_TRUE(peer->requests().empty());
}

TEST_F(HttpTlsTest, refuses_a_certificate_for_another_name) {
    const auto peer = start("DNS:elsewhere.example.org");
    const Error error = error_of(get(*peer, {.ca_file = ca_file_}));
    EXPECT_EQ(error.code, ErrorCode::protocol);
    EXPECT_THAT(error.message, HasSubstr("localhost"));
    EXPECT_TRUE(peer->requests().empty());
}

TEST_F(HttpTlsTest, accepts_an_address_that_the_certificate_names) {
    const auto peer = start("IP:127.0.0.1");
    HttpClient client({.tls = {.ca_file = ca_file_}});
    EXPECT_TRUE(client.send({.url = url("https://127.0.0.1:" + std::to_string(peer->port()))}, {}));
}

TEST_F(HttpTlsTest, can_be_told_not_to_verify) {
    const auto peer = start("DNS:elsewhere.example.org");
    EXPECT_TRUE(get(*peer, {.verify = false}));
}

TEST_F(HttpTlsTest, shows_a_certificate_of_its_own) {
    const auto peer = start("DNS:localhost", authority_.certificate());
    const lab::Identity identity = authority_.sign("DNS:client");
    const Tls tls{.ca_file = ca_file_,
                  .certificate_file = folder_.file("client.pem", identity.certificate),
                  .key_file = folder_.file("client.key", identity.key)};
    EXPECT_TRUE(get(*peer, tls));

    const Error error = error_of(get(*peer, {.ca_file = ca_file_}));
    EXPECT_EQ(error.code, ErrorCode::protocol) << error.message;
    EXPECT_THAT(error.message, HasSubstr("certificate"));
}

TEST_F(HttpTlsTest, names_a_certificate_file_that_is_missing_or_wrong) {
    const auto peer = start("DNS:localhost");
    const std::string junk = folder_.file("junk.pem", "junk");
    for (const Tls& tls : {Tls{.ca_file = folder_ / "missing.pem"}, Tls{.ca_file = junk},
                           Tls{.ca_file = ca_file_, .certificate_file = junk, .key_file = junk}}) {
        const Error error = error_of(get(*peer, tls));
        EXPECT_EQ(error.code, ErrorCode::invalid) << error.message;
        EXPECT_THAT(error.message, HasSubstr("a certificate file cannot be used: "));
    }
}

TEST_F(HttpTlsTest, says_when_the_peer_does_not_speak_it) {
    const lab::Descriptor listener = lab::listen_on({}).value();
    const std::jthread peer([&] {
        lab::Wire wire(lab::Descriptor(accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC)), nullptr);
        (void)wire.write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
        while (!wire.read().empty()) continue;
    });
    HttpClient client;
    const Error error = error_of(
        client.send({.url = url("https://127.0.0.1:" + std::to_string(lab::port_of(listener)))}, {}));
    EXPECT_EQ(error.code, ErrorCode::protocol) << error.message;
    EXPECT_THAT(error.message, HasSubstr("no TLS connection could be agreed on"));
}

TEST_F(HttpTlsTest, keeps_its_connection) {
    const auto peer = start("DNS:localhost");
    HttpClient client({.tls = {.ca_file = ca_file_}});
    for (int i = 0; i < 10; ++i) ASSERT_TRUE(client.send(net::get(*peer), {}));
    EXPECT_EQ(peer->connections(), 1);
}

}  // namespace
}  // namespace rm::net
