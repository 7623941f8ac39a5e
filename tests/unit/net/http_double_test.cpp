// SPDX-License-Identifier: Apache-2.0
// The double has to be trusted before anything is tested with it.
#include "tests/lab/http_double.h"

#include <gtest/gtest.h>

#include "tests/unit/net/http_fixture.h"

namespace rm::net {
namespace {

TEST(HttpDouble, answers_in_the_order_scripted_and_repeats_the_last) {
    const auto peer = HttpDouble::start().value();
    peer->on("GET", "/", {Answer::text(500), Answer::text(200)});
    HttpClient client;
    EXPECT_EQ(client.send(get(*peer), {}).value().status, 500);
    EXPECT_EQ(client.send(get(*peer), {}).value().status, 200);
    EXPECT_EQ(client.send(get(*peer), {}).value().status, 200);
}

TEST(HttpDouble, says_so_when_nothing_was_scripted_but_records_the_request) {
    const auto peer = HttpDouble::start().value();
    HttpClient client;
    EXPECT_EQ(client.send(post(*peer, "/hook?a=b", "body"), {}).value().status, 404);
    ASSERT_TRUE(peer->wait_for_requests(1));
    EXPECT_EQ(peer->requests()[0].target, "/hook?a=b");
    EXPECT_EQ(peer->requests()[0].body, "body");
    EXPECT_EQ(peer->requests()[0].header("content-LENGTH"), "4");
    EXPECT_FALSE(peer->wait_for_requests(2, milliseconds(1)));
}

TEST(HttpDouble, reads_a_body_in_chunks) {
    const auto peer = HttpDouble::start().value();
    lab::Wire wire(lab::connect_to(peer->port()).value(), nullptr);
    ASSERT_TRUE(
        wire.write("POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"));
    ASSERT_TRUE(peer->wait_for_requests(1));
    EXPECT_EQ(peer->requests()[0].body, "abc");
}

TEST(HttpDouble, ends_whatever_it_is_doing) {
    for (const Answer& answer :
         {Answer::never(), Answer::chunked().forever("x"), Answer::text(200).after(std::chrono::hours(1))}) {
        auto peer = HttpDouble::start().value();
        peer->on("GET", "/", answer);
        const lab::Descriptor client = lab::connect_to(peer->port()).value();
        lab::Wire wire(lab::connect_to(peer->port()).value(), nullptr);
        ASSERT_TRUE(wire.write("GET / HTTP/1.1\r\n\r\n"));
        ASSERT_TRUE(peer->wait_for_requests(1));
        peer.reset();
        while (!wire.read().empty()) continue;
    }
}

}  // namespace
}  // namespace rm::net
