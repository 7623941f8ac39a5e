// SPDX-License-Identifier: Apache-2.0
// What a handler sees of HTTP: a request that is complete, checked and decoded, and the response it makes.
// Plain values; nothing of the library underneath shows.
#pragma once

#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace rm::serve {

struct Header {
    std::string name;
    std::string value;
};
using Headers = std::vector<Header>;

/// The first header of that name, in any case; null if there is none.
const std::string* find(const Headers& headers, std::string_view name);

/// A decoded name and value of the query or the path: valid UTF-8 without control characters.
struct Parameter {
    std::string name;
    std::string value;
};
using Parameters = std::vector<Parameter>;

/// The first parameter of that name; null if there is none.
const std::string* find(const Parameters& parameters, std::string_view name);

struct Request {
    std::string method;          // as sent, "GET"
    std::string target;          // as sent, for the log
    std::string path;            // without the query, still percent-encoded
    Parameters query;            // in the order sent
    Parameters path_parameters;  // what stood for {name} in the route's pattern
    Headers headers;             // in the order sent
    std::string body;            // empty unless the route takes one
    std::string peer;            // the other side's address
    std::stop_token stop;        // requested when the server gives up waiting for handlers

    [[nodiscard]] bool reads_only() const {
        return method == "GET" || method == "HEAD" || method == "OPTIONS";
    }
};

struct Response {
    int status = 200;
    std::string content_type = "application/json";
    std::string body;
    Headers headers;            // besides those that every response gets
    std::string etag;           // without quotes; empty: none, and If-None-Match is not looked at
    bool compressible = false;  // may be sent gzip'ed
    std::string gzipped;        // the body gzip'ed beforehand; empty: it is done when a client accepts it
};

/// 200 with a JSON text.
Response json_response(std::string text);

}  // namespace rm::serve
