// SPDX-License-Identifier: Apache-2.0
#include "serve/request_reader.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <fmt/format.h>

#include "core/text.h"

namespace rm::serve {
namespace {

namespace http = boost::beast::http;
using BoostError = boost::beast::error_code;
using BoostText = boost::beast::string_view;

constexpr std::size_t longest_chunk_extension = 256;

/// What a chunked body ends with at least. Beast takes the last chunk for granted to be this long when it
/// comes back to it, so it never gets less.
constexpr std::size_t shortest_last_chunk = std::string_view("0\r\n\r\n").size();

std::string_view view(BoostText text) {
    return {text.data(), text.size()};
}

std::string_view explain(http::error error) {
    // Not a switch: most of the enumeration is about responses, files and our own misuse.
    if (error == http::error::bad_method) return "the request line does not begin with a method and a space";
    if (error == http::error::bad_target) return "the request line contains no proper address";
    if (error == http::error::bad_version) return "the request line does not end in HTTP/1.1 or HTTP/1.0";
    if (error == http::error::bad_line_ending) return "a line does not end in CR LF";
    if (error == http::error::bad_field) return "the name of a header is malformed";
    if (error == http::error::bad_value) return "the value of a header is malformed";
    if (error == http::error::bad_content_length) return "the Content-Length is malformed or contradicted";
    if (error == http::error::multiple_content_length) return "the Content-Length stands more than once";
    if (error == http::error::bad_transfer_encoding)
        return "the Transfer-Encoding is malformed or contradicted";
    if (error == http::error::bad_chunk) return "the size of a chunk is malformed";
    if (error == http::error::bad_chunk_extension) return "the extension of a chunk is malformed";
    return "the request is malformed";
}

}  // namespace

struct RequestReader::Parser final : http::basic_parser<true> {
    explicit Parser(const RequestLimits& allowed) : limits(allowed) {
        header_limit(static_cast<std::uint32_t>(limits.header_bytes));
        body_limit(limits.body_bytes);
        eager(false);
    }

    const RequestLimits limits;
    Request request;
    Refusal refusal;
    std::size_t header_used = 0;  // bytes of the header taken so far
    std::size_t fields = 0;       // headers and trailers
    bool line_done = false;
    bool http_1_1 = false;
    bool announced = false;  // `header_done` was given out
    bool keep = false;       // the body is wanted
    bool length_seen = false;
    bool encoding_seen = false;

    void refuse(std::string_view problem, std::string detail, BoostError& error) {
        refusal = {.problem = problem, .detail = std::move(detail)};
        error = http::error::bad_field;
    }

    void on_request_impl(http::verb, BoostText method, BoostText target, int version,
                         BoostError& error) override {
        line_done = true;
        http_1_1 = version >= 11;
        if (target.size() > limits.target_bytes) refuse_target(error);
        request.method = view(method);
        request.target = view(target.substr(0, limits.target_bytes));
    }

    void refuse_target(BoostError& error) {
        refuse("target-too-long", fmt::format("the address is over {} bytes long", limits.target_bytes),
               error);
    }

    void on_field_impl(http::field field, BoostText name, BoostText value, BoostError& error) override {
        if (++fields > limits.header_count) {
            refuse("headers-too-large", fmt::format("there are more than {} headers", limits.header_count),
                   error);
        } else if (!announced) {  // else a trailer: it must not pass for a header
            check_framing(field, view(value), error);
            request.headers.push_back({.name = std::string(view(name)), .value = std::string(view(value))});
        }
    }

    /// Beast lets pass what it can make sense of; two servers in a row must not make different sense of it.
    void check_framing(http::field field, std::string_view value, BoostError& error) {
        if (field == http::field::transfer_encoding) {
            encoding_seen = true;
            if (lower(value) != "chunked")
                refuse("unsupported", "the only Transfer-Encoding that is understood is 'chunked'", error);
        }
        if (field != http::field::content_length) return;
        const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
        if (std::exchange(length_seen, true))
            refuse("bad-request", "the Content-Length stands more than once", error);
        else if (!std::ranges::all_of(value, is_digit))
            refuse("bad-request", "the Content-Length is not a number", error);
    }

    void on_header_impl(BoostError& error) override {
        if (encoding_seen && !http_1_1) refuse("bad-request", "HTTP/1.0 has no Transfer-Encoding", error);
    }

    void on_body_init_impl(const boost::optional<std::uint64_t>&, BoostError&) override {}

    std::size_t on_body_impl(BoostText piece, BoostError&) override {
        if (keep) request.body.append(piece.data(), piece.size());
        return piece.size();
    }

    void on_chunk_header_impl(std::uint64_t, BoostText extension, BoostError& error) override {
        if (extension.size() > longest_chunk_extension)
            refuse("bad-request", "the extension of a chunk is too long", error);
    }

    std::size_t on_chunk_body_impl(std::uint64_t, BoostText piece, BoostError& error) override {
        return on_body_impl(piece, error);
    }

    void on_finish_impl(BoostError&) override {}
    void on_response_impl(int, BoostText, int, BoostError&) override {}

    State header(std::string_view bytes, std::size_t& taken);
    State body(std::string_view bytes, std::size_t& taken);
    State refused(BoostError error);
};

RequestReader::State RequestReader::Parser::refused(BoostError error) {
    if (!refusal.problem.empty()) return State::refused;  // by one of the functions above
    if (error == http::error::header_limit)
        refusal = {.problem = "headers-too-large",
                   .detail = fmt::format("the headers are over {} bytes long", limits.header_bytes)};
    else if (error == http::error::body_limit)
        refusal = {.problem = "content-too-large",
                   .detail = fmt::format("the body is over {} bytes long", limits.body_bytes)};
    else
        refusal = {.problem = "bad-request",
                   .detail = std::string(explain(static_cast<http::error>(error.value())))};
    return State::refused;
}

RequestReader::State RequestReader::Parser::header(std::string_view bytes, std::size_t& taken) {
    // A client may send empty lines before a request, for instance after the body of the last one.
    while (!got_some() && bytes.substr(taken).starts_with("\r\n")) taken += 2;
    bytes.remove_prefix(taken);
    header_used += taken;
    BoostError error = http::error::need_more;
    std::size_t used = 0;
    if (!bytes.empty() && (got_some() || bytes != "\r")) used = put({bytes.data(), bytes.size()}, error);
    taken += used;
    header_used += used;
    const std::size_t waiting = bytes.size() - used;
    if (error == http::error::need_more) {
        constexpr std::size_t room_for_method = 32;
        const bool in_line = !line_done && bytes.substr(used).find('\n') == std::string_view::npos;
        if (in_line && waiting > limits.target_bytes + room_for_method) refuse_target(error);
        if (header_used + waiting >= limits.header_bytes) return refused(http::error::header_limit);
        return error == http::error::need_more ? State::need_more : State::refused;
    }
    if (error) return refused(error);
    if (header_used > limits.header_bytes) return refused(http::error::header_limit);
    announced = true;
    return State::header_done;
}

RequestReader::State RequestReader::Parser::body(std::string_view bytes, std::size_t& taken) {
    while (!is_done()) {
        const std::string_view rest = bytes.substr(taken);
        if (rest.size() < (chunked() ? shortest_last_chunk : 1)) return State::need_more;
        BoostError error;
        taken += put({rest.data(), rest.size()}, error);
        if (error == http::error::need_more) {
            // Only the line before a chunk and the trailers behind the last one have to arrive in one piece.
            const bool too_long = bytes.size() - taken >= limits.header_bytes;
            return too_long ? refused(http::error::header_limit) : State::need_more;
        }
        if (error) return refused(error);
    }
    return State::complete;
}

RequestReader::RequestReader(const RequestLimits& limits) : parser_(std::make_unique<Parser>(limits)) {}
RequestReader::RequestReader(RequestReader&&) noexcept = default;
RequestReader& RequestReader::operator=(RequestReader&&) noexcept = default;
RequestReader::~RequestReader() = default;

RequestReader::Step RequestReader::feed(std::string_view bytes) {
    Step step{.state = State::refused, .taken = 0};
    if (!parser_->refusal.problem.empty()) return step;
    step.state = parser_->announced ? parser_->body(bytes, step.taken) : parser_->header(bytes, step.taken);
    return step;
}

Request& RequestReader::request() {
    return parser_->request;
}
const Request& RequestReader::request() const {
    return parser_->request;
}
bool RequestReader::started() const {
    return parser_->header_used > 0;
}
void RequestReader::keep_body() {
    parser_->keep = true;
}
bool RequestReader::http_1_1() const {
    return parser_->http_1_1;
}
bool RequestReader::keep_alive() const {
    return parser_->keep_alive();
}
bool RequestReader::is_complete() const {
    return parser_->announced && parser_->is_done();
}
const RequestReader::Refusal& RequestReader::refusal() const {
    return parser_->refusal;
}

}  // namespace rm::serve
