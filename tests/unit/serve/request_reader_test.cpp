// SPDX-License-Identifier: Apache-2.0
#include "serve/request_reader.h"

#include <string>

#include <gtest/gtest.h>

namespace rm::serve {
namespace {

using State = RequestReader::State;

RequestLimits small_limits() {
    return {.header_bytes = 512, .header_count = 8, .target_bytes = 64, .body_bytes = 100};
}

/// What became of a text that arrived in pieces of `piece` bytes.
struct Reading {
    State state = State::need_more;
    Request request;
    RequestReader::Refusal refusal;
    std::string left;
    bool keep_alive = false;
};

Reading read(std::string_view text, std::size_t piece = 1U << 20U, RequestLimits limits = small_limits()) {
    RequestReader reader(limits);
    Reading outcome;
    while (outcome.state == State::need_more && !text.empty()) {
        outcome.left += text.substr(0, piece);
        text.remove_prefix(std::min(piece, text.size()));
        do {
            const auto step = reader.feed(outcome.left);
            outcome.left.erase(0, step.taken);
            outcome.state = step.state;
            if (outcome.state == State::header_done) reader.keep_body();
        } while (outcome.state == State::header_done);
    }
    outcome.left += text;
    if (outcome.state == State::refused) outcome.refusal = reader.refusal();
    outcome.request = reader.request();
    outcome.keep_alive = outcome.state == State::complete && reader.keep_alive();
    return outcome;
}

std::string refusal(std::string_view text, RequestLimits limits = small_limits()) {
    std::string problem;
    for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, std::size_t{1} << 20U}) {
        const Reading outcome = read(text, piece, limits);
        if (outcome.state != State::refused) return "not refused";
        if (!problem.empty() && problem != outcome.refusal.problem) return "depends on the pieces";
        problem = outcome.refusal.problem;
    }
    return problem;
}

const std::string line = "POST /x HTTP/1.1\r\nHost: a\r\n";

TEST(RequestReader, a_request_is_the_same_in_pieces_of_any_size) {
    const std::string text = line + "X:  y z \r\nContent-Length: 5\r\n\r\nhelloGET";
    for (std::size_t piece = 1; piece < text.size(); ++piece) {
        const Reading outcome = read(text, piece);
        ASSERT_EQ(outcome.state, State::complete) << piece;
        EXPECT_EQ(outcome.request.method, "POST");
        EXPECT_EQ(outcome.request.target, "/x");
        EXPECT_EQ(*find(outcome.request.headers, "x"), "y z");
        EXPECT_EQ(outcome.request.body, "hello");
        EXPECT_EQ(outcome.left, "GET");
        EXPECT_TRUE(outcome.keep_alive);
    }
}

TEST(RequestReader, chunks_are_joined_and_trailers_are_not_headers) {
    const std::string text =
        line +
        "Transfer-Encoding: Chunked\r\n\r\n5;x=y\r\nhello\r\nA\r\n, chunked!\r\n0\r\nHost: evil\r\n"
        "X: y\r\n\r\nrest";
    for (std::size_t piece = 1; piece < text.size(); ++piece) {
        const Reading outcome = read(text, piece);
        ASSERT_EQ(outcome.state, State::complete) << piece << ' ' << outcome.refusal.detail;
        EXPECT_EQ(outcome.request.body, "hello, chunked!");
        EXPECT_EQ(*find(outcome.request.headers, "Host"), "a");
        EXPECT_EQ(find(outcome.request.headers, "X"), nullptr);
        EXPECT_EQ(outcome.left, "rest");
    }
}

TEST(RequestReader, a_body_nobody_wants_is_read_past) {
    RequestReader reader(small_limits());
    const std::string text = line + "Content-Length: 5\r\n\r\nhello";
    auto step = reader.feed(text);
    ASSERT_EQ(step.state, State::header_done);
    EXPECT_FALSE(reader.is_complete());
    step = reader.feed(std::string_view(text).substr(step.taken));
    EXPECT_EQ(step.state, State::complete);
    EXPECT_EQ(reader.request().body, "");
}

TEST(RequestReader, empty_lines_before_a_request_are_skipped) {
    EXPECT_EQ(read("\r\n\r\n" + line + "\r\n", 1).state, State::complete);
    EXPECT_EQ(refusal([] {
                  std::string lines;
                  for (int i = 0; i < 300; ++i) lines += "\r\n";
                  return lines;
              }()),
              "headers-too-large");
}

TEST(RequestReader, connections_stay_as_the_version_and_the_client_say) {
    EXPECT_TRUE(read("GET / HTTP/1.1\r\n\r\n").keep_alive);
    EXPECT_FALSE(read("GET / HTTP/1.1\r\nConnection: close\r\n\r\n").keep_alive);
    EXPECT_FALSE(read("GET / HTTP/1.0\r\n\r\n").keep_alive);
    EXPECT_TRUE(read("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n").keep_alive);
}

TEST(RequestReader, garbage_is_refused_without_waiting_for_more) {
    EXPECT_EQ(refusal(std::string_view("\x16\x03\x01\x02\x00\x01\x00", 7)), "bad-request");  // TLS
    EXPECT_EQ(refusal("\n"), "bad-request");
    EXPECT_EQ(refusal("{\"a\":1}"), "bad-request");
    EXPECT_EQ(refusal(" GET / HTTP/1.1\r\n"), "bad-request");
    EXPECT_EQ(refusal("GET /\r\n\r\n"), "bad-request");
    EXPECT_EQ(refusal("GET  / HTTP/1.1\r\n\r\n"), "bad-request");
    EXPECT_EQ(refusal("GET / HTTP/2.0\r\n\r\n"), "bad-request");
    EXPECT_EQ(refusal("GET / HTTX/1.1\r\n\r\n"), "bad-request");
    EXPECT_EQ(read("GET / HTTP/1.1\n\n").state, State::refused);
}

TEST(RequestReader, malformed_headers_are_refused) {
    EXPECT_EQ(refusal(line + "X y\r\n\r\n"), "bad-request");
    EXPECT_EQ(refusal(line + "X : y\r\n\r\n"), "bad-request");
    EXPECT_EQ(refusal(line + ": y\r\n\r\n"), "bad-request");
    EXPECT_EQ(refusal(line + std::string("X: a\0b\r\n\r\n", 10)), "bad-request");
    EXPECT_EQ(refusal(line + "X: a\rb\r\n\r\n"), "bad-request");
    EXPECT_EQ(refusal(line + "X: a\nY: b\r\n\r\n"), "bad-request");
}

TEST(RequestReader, lengths_that_could_be_read_in_two_ways_are_refused) {
    EXPECT_EQ(refusal(line + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello"), "bad-request");
    EXPECT_EQ(refusal(line + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello"), "bad-request");
    EXPECT_EQ(refusal(line + "Content-Length: 5, 5\r\n\r\nhello"), "bad-request");
    EXPECT_EQ(refusal(line + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"), "bad-request");
    EXPECT_EQ(refusal(line + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n"), "bad-request");
    for (const char* length : {"", "-1", "+5", "0x5", "5a", "1e3", "18446744073709551616"})
        EXPECT_EQ(refusal(line + "Content-Length: " + length + "\r\n\r\n"), "bad-request") << length;
}

TEST(RequestReader, encodings_other_than_chunked_are_refused) {
    EXPECT_EQ(refusal(line + "Transfer-Encoding: gzip\r\n\r\n"), "unsupported");
    EXPECT_EQ(refusal(line + "Transfer-Encoding: gzip, chunked\r\n\r\n"), "unsupported");
    EXPECT_EQ(refusal(line + "Transfer-Encoding: chunked, identity\r\n\r\n"), "unsupported");
    EXPECT_EQ(refusal(line + "Transfer-Encoding: xchunked\r\n\r\n"), "unsupported");
    EXPECT_EQ(refusal(line + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n"),
              "bad-request");
    EXPECT_EQ(refusal("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"), "bad-request");
}

TEST(RequestReader, malformed_chunks_are_refused) {
    const std::string chunked = line + "Transfer-Encoding: chunked\r\n\r\n";
    for (const char* body :
         {"x\r\n\r\n", "-1\r\n\r\n", "\r\n\r\n\r\n", "5 x\r\n", "5;\r\n\r\n", "0x5\r\n\r\n",
          "5\r\nhelloX\r\n\r\n", "FFFFFFFFFFFFFFFFF\r\n", "0\r\nbad trailer\r\n\r\n"})
        EXPECT_EQ(refusal(chunked + body), "bad-request") << body;
    EXPECT_EQ(refusal(chunked + "1;x=" + std::string(300, 'y') + "\r\na"), "bad-request");
}

TEST(RequestReader, headers_are_limited_in_number_and_size) {
    const auto with_headers = [](int count) {
        std::string text = line;
        for (int i = 1; i < count; ++i) text += "X: y\r\n";
        return text + "\r\n";
    };
    EXPECT_EQ(read(with_headers(8)).state, State::complete);
    EXPECT_EQ(refusal(with_headers(9)), "headers-too-large");
    const auto of_size = [](std::size_t size) {
        return line + "X: " + std::string(size - line.size() - 7, 'y') + "\r\n\r\n";
    };
    EXPECT_EQ(read(of_size(512)).state, State::complete);
    EXPECT_EQ(refusal(of_size(513)), "headers-too-large");
    EXPECT_EQ(refusal(line + std::string(600, 'x')), "headers-too-large");
}

TEST(RequestReader, headers_that_trickle_in_count_together) {
    const RequestLimits many{
        .header_bytes = 512, .header_count = 1000, .target_bytes = 64, .body_bytes = 100};
    std::string text = line;
    for (int i = 0; i < 100; ++i) text += "X-Header: value\r\n";
    for (const std::size_t piece : {1U, 17U, 100U, 5000U}) {
        const Reading outcome = read(text, piece, many);
        EXPECT_EQ(outcome.state, State::refused) << piece;
        EXPECT_EQ(outcome.refusal.problem, "headers-too-large") << piece;
    }
}

TEST(RequestReader, the_address_is_limited) {
    EXPECT_EQ(read("GET /" + std::string(63, 'x') + " HTTP/1.1\r\n\r\n").state, State::complete);
    EXPECT_EQ(refusal("GET /" + std::string(64, 'x') + " HTTP/1.1\r\n\r\n"), "target-too-long");
    EXPECT_EQ(refusal("GET /" + std::string(200, 'x')), "target-too-long");
}

TEST(RequestReader, a_body_over_the_limit_is_refused_before_it_is_stored) {
    EXPECT_EQ(read(line + "Content-Length: 100\r\n\r\n" + std::string(100, 'x')).state, State::complete);
    EXPECT_EQ(refusal(line + "Content-Length: 101\r\n\r\n"), "content-too-large");
    EXPECT_EQ(refusal(line + "Transfer-Encoding: chunked\r\n\r\n65\r\nx"), "content-too-large");
    const std::string half = "32\r\n" + std::string(50, 'x') + "\r\n";
    EXPECT_EQ(read(line + "Transfer-Encoding: chunked\r\n\r\n" + half + half + "0\r\n\r\n").state,
              State::complete);
    EXPECT_EQ(refusal(line + "Transfer-Encoding: chunked\r\n\r\n" + half + half + "1\r\nx"),
              "content-too-large");
}

TEST(RequestReader, trailers_are_limited_like_headers) {
    const std::string last = line + "Transfer-Encoding: chunked\r\n\r\n0\r\n";
    EXPECT_EQ(refusal(last + "X: " + std::string(600, 'y')), "headers-too-large");
    std::string many = last;
    for (int i = 0; i < 10; ++i) many += "X: y\r\n";
    EXPECT_EQ(refusal(many + "\r\n"), "headers-too-large");
}

TEST(RequestReader, a_refused_reader_stays_refused) {
    RequestReader reader(small_limits());
    EXPECT_EQ(reader.feed("\n").state, State::refused);
    EXPECT_EQ(reader.feed("GET / HTTP/1.1\r\n\r\n").state, State::refused);
}

}  // namespace
}  // namespace rm::serve
