// SPDX-License-Identifier: Apache-2.0
// What an answer that is no success means, whether the engine or a proxy in front of it gave it. Pure.
#pragma once

#include <string>
#include <string_view>

#include "core/error.h"
#include "net/http_client.h"

namespace rm::docker {

/// A question to the engine.
struct Call {
    std::string path;           // without the version of the API
    std::string query = {};     // with its question mark
    std::string_view variable;  // with which the usual socket proxy lets it pass: `CONTAINERS`
    bool versioned = true;
    bool about_container = false;         // 404 means that there is no such container
    std::string_view query_of_1_41 = {};  // added to the query for an engine that knows it
};

Error error_of(const Call& call, const net::Response& response);

}  // namespace rm::docker
