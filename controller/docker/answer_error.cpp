// SPDX-License-Identifier: Apache-2.0
#include "docker/answer_error.h"

#include <algorithm>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "core/text.h"
#include "docker/read.h"

namespace rm::docker {
namespace {

bool says(std::string_view message, std::string_view words) {
    return lower(message).find(words) != std::string::npos;
}

std::optional<Meaning> meaning_of(const Call& call, int status, std::string_view message) {
    const auto found = std::ranges::find_if(call.meanings, [&](const Meaning& meaning) {
        return meaning.status == status && says(message, meaning.words);
    });
    return found == call.meanings.end() ? std::nullopt : std::optional(*found);
}

Error forbidden(const Call& call, const std::string& message) {
    if (message.empty())
        return {.code = ErrorCode::permission,
                .message = fmt::format("the socket proxy forbids {}: set {}", print(call), call.needs)};
    return {.code = ErrorCode::permission,
            .message = fmt::format("the engine forbids {}: {}", print(call), message)};
}

/// The engine says so in words alone.
bool is_about_version(std::string_view message) {
    return says(message, "client version") && (says(message, "too old") || says(message, "too new"));
}

ErrorCode code_of(int status, std::string_view message) {
    if (status == 404) return says(message, "no such container") ? ErrorCode::not_found : ErrorCode::protocol;
    if (status == 400) return is_about_version(message) ? ErrorCode::unsupported : ErrorCode::invalid;
    if (status == 401 || status == 407) return ErrorCode::permission;
    if (status == 409)  // somebody removes it: as good as gone, and the next look shows that it is
        return says(message, "marked for removal") ? ErrorCode::not_found : ErrorCode::conflict;
    if (status == 501) return ErrorCode::unsupported;
    if (status == 408 || status == 429 || status >= 500) return ErrorCode::unavailable;
    return ErrorCode::protocol;
}

}  // namespace

bool is_done(const Call& call, const net::Response& response) {
    if (response.ok()) return true;
    const auto meaning = meaning_of(call, response.status, read_message(response.body));
    return meaning && !meaning->code;
}

Error error_of(const Call& call, const net::Response& response) {
    const std::string message = read_message(response.body);
    const auto meaning = meaning_of(call, response.status, message);
    const auto special = meaning ? meaning->code : std::nullopt;
    if (response.status == 403 && !special) return forbidden(call, message);
    const ErrorCode code = special.value_or(code_of(response.status, message));
    if (!message.empty())
        return {.code = code, .message = fmt::format("{}: the engine says: {}", print(call), message)};
    return {.code = code,
            .message = fmt::format("{} was answered with status {}, and not as an engine does", print(call),
                                   response.status)};
}

}  // namespace rm::docker
