// SPDX-License-Identifier: Apache-2.0
#include "net/http_failure.h"

#include <cerrno>
#include <string>
#include <system_error>

#include <fmt/format.h>

#include "core/text.h"

namespace rm::net {
namespace {

Error not_connected(std::string_view detail, int os_error) {
    const bool refused = os_error == EACCES || os_error == EPERM;
    const std::string reason = os_error == 0 ? quoted(detail) : std::generic_category().message(os_error);
    return {.code = refused ? ErrorCode::permission : ErrorCode::unavailable,
            .message = fmt::format("cannot connect: {}", reason)};
}

/// libcurl has one code for a broken connection, for nonsense where a chunk should begin and for a peer that,
/// as TLS 1.3 has it, refuses our certificate after the handshake.
Error broken(std::string_view detail) {
    if (detail.find("chunked-encoding") != std::string_view::npos)
        return {.code = ErrorCode::protocol, .message = "the answer's chunked encoding is malformed"};
    if (const std::size_t alert = detail.find("alert "); alert != std::string_view::npos)
        return {
            .code = ErrorCode::protocol,
            .message = fmt::format("the peer refused the TLS connection: {}", quoted(detail.substr(alert)))};
    return {.code = ErrorCode::unavailable, .message = "the connection broke"};
}

}  // namespace

Error failure_of(CURLcode code, std::string_view detail, int os_error) {
    switch (static_cast<int>(code)) {
        case CURLE_COULDNT_RESOLVE_HOST:
        case CURLE_COULDNT_RESOLVE_PROXY:
            return {.code = ErrorCode::unavailable, .message = "the host's name cannot be resolved"};
        case CURLE_COULDNT_CONNECT:
            return not_connected(detail, os_error);
        case CURLE_GOT_NOTHING:
            return {.code = ErrorCode::unavailable, .message = "the connection was closed without an answer"};
        case CURLE_PARTIAL_FILE:
            return {.code = ErrorCode::unavailable, .message = "the answer was cut off in the middle"};
        case CURLE_SEND_ERROR:
        case CURLE_RECV_ERROR:
            return broken(detail);
        case CURLE_PEER_FAILED_VERIFICATION:
            return {.code = ErrorCode::protocol,
                    .message = fmt::format("the peer's certificate is not trusted: {}", quoted(detail))};
        case CURLE_SSL_CONNECT_ERROR:
            return {.code = ErrorCode::protocol,
                    .message = fmt::format("no TLS connection could be agreed on: {}", quoted(detail))};
        case CURLE_SSL_CACERT_BADFILE:
        case CURLE_SSL_CERTPROBLEM:
            return {.code = ErrorCode::invalid,
                    .message = fmt::format("a certificate file cannot be used: {}", quoted(detail))};
        case CURLE_UNSUPPORTED_PROTOCOL:
        case CURLE_WEIRD_SERVER_REPLY:
        case CURLE_BAD_CONTENT_ENCODING:
        case CURLE_HTTP2:
            return {.code = ErrorCode::protocol, .message = "what came back is not HTTP/1"};
        default:
            return {.code = ErrorCode::internal,
                    .message = fmt::format("the exchange failed: {}",
                                           quoted(detail.empty() ? curl_easy_strerror(code) : detail))};
    }
}

}  // namespace rm::net
