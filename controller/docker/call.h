// SPDX-License-Identifier: Apache-2.0
// Call: one request to the engine, what the usual socket proxy must allow for it, and which of its answers
// mean something of their own. Plain values. Internal to docker/.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/bytes.h"
#include "core/duration.h"
#include "core/error.h"
#include "core/names.h"
#include "docker/read.h"
#include "net/http_client.h"

namespace rm::docker {

/// An answer that is no success by its status, told by what the engine says in it.
struct Meaning {
    int status;
    std::string_view words;           // in lower case; empty: whatever it says
    std::optional<ErrorCode> code{};  // nothing: what was asked for is done already
};

struct Call {
    net::Method method = net::Method::get;
    std::string path;        // without the version of the API
    std::string query = {};  // with its question mark
    std::string body = {};
    std::string_view body_type = "application/json";
    std::string_view needs;  // with which the usual socket proxy lets it pass: `CONTAINERS=1 and POST=1`
    std::span<const Meaning> meanings = {};
    bool versioned = true;
    bool repeatable = false;              // this POST may be received twice
    std::string_view query_of_1_41 = {};  // added to the query for an engine that knows it
    std::size_t cap = longest_answer;     // of the answer
    Duration lasting{};                   // of a stream; 0: for ever
};

/// GET /containers/{id}/{what}
inline Call about(const ContainerId& id, std::string_view what) {
    return {.path = fmt::format("/containers/{}/{}", id.full(), what), .needs = "CONTAINERS=1"};
}

/// POST /containers/{id}/{what}
inline Call change(const ContainerId& id, std::string_view what) {
    return {.method = net::Method::post,
            .path = fmt::format("/containers/{}/{}", id.full(), what),
            .needs = "CONTAINERS=1 and POST=1"};
}

/// `POST /containers/create`, as messages begin.
inline std::string print(const Call& call) {
    return fmt::format("{} {}", net::to_string(call.method), call.path);
}

}  // namespace rm::docker
