// SPDX-License-Identifier: Apache-2.0
#include "docker/answer_error.h"

#include <fmt/format.h>

#include "docker/read.h"

namespace rm::docker {
namespace {

Error forbidden(const Call& call, const std::string& message) {
    if (message.empty())
        return {
            .code = ErrorCode::permission,
            .message = fmt::format("the socket proxy forbids GET {}: set {}=1", call.path, call.variable)};
    return {.code = ErrorCode::permission,
            .message = fmt::format("the engine forbids GET {}: {}", call.path, message)};
}

/// The engine says so in words alone.
bool is_about_version(std::string_view message) {
    return message.find("client version") != std::string_view::npos &&
           (message.find("too old") != std::string_view::npos ||
            message.find("too new") != std::string_view::npos);
}

ErrorCode code_of(const Call& call, int status, std::string_view message) {
    if (status == 404) return call.about_container ? ErrorCode::not_found : ErrorCode::protocol;
    if (status == 400) return is_about_version(message) ? ErrorCode::unsupported : ErrorCode::invalid;
    if (status == 401 || status == 407) return ErrorCode::permission;
    if (status == 409) return ErrorCode::conflict;
    if (status == 408 || status == 429 || status >= 500) return ErrorCode::unavailable;
    return ErrorCode::protocol;
}

}  // namespace

Error error_of(const Call& call, const net::Response& response) {
    const std::string message = read_message(response.body);
    if (response.status == 403) return forbidden(call, message);
    const ErrorCode code = code_of(call, response.status, message);
    if (!message.empty())
        return {.code = code, .message = fmt::format("GET {}: the engine says: {}", call.path, message)};
    return {.code = code,
            .message = fmt::format("GET {} was answered with status {}, and not as an engine does", call.path,
                                   response.status)};
}

}  // namespace rm::docker
