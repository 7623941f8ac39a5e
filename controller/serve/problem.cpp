// SPDX-License-Identifier: Apache-2.0
#include "serve/problem.h"

#include <algorithm>
#include <array>

#include <boost/json.hpp>

#include "core/text.h"

namespace rm::serve {
namespace {

// The names are promises to clients: a row may be added and its explanation improved, nothing else.
constexpr auto types = std::to_array<ProblemType>({
    {"internal", 500, "Internal error", "A fault of this program. Its log says more; please report it."},
    {"bad-request", 400, "Bad request",
     "The request is malformed or a value in it is wrong; the detail says which."},
    {"unauthorized", 401, "Not authorized",
     "This route needs the bearer token of http.token_file: send 'Authorization: Bearer TOKEN'."},
    {"writing-off", 403, "Writing is off",
     "Routes that change something are off until http.token_file names a file with a token."},
    {"foreign-origin", 403, "Foreign origin",
     "A page of another site sent this. List its origin in http.cors_origins if that is meant."},
    {"forbidden", 403, "Forbidden", "The program is not allowed to do this; the detail says why."},
    {"not-found", 404, "Not found", "There is nothing at this address."},
    {"method-not-allowed", 405, "Method not allowed",
     "The address exists; the Allow header lists what it can do."},
    {"request-timeout", 408, "Request timeout", "The request did not arrive completely in time."},
    {"conflict", 409, "Conflict", "The request contradicts the present state; the detail says how."},
    {"content-too-large", 413, "Content too large", "The body of the request is over the limit."},
    {"target-too-long", 414, "Address too long", "The address in the request line is over the limit."},
    {"expectation-failed", 417, "Expectation failed", "Of the Expect header only 100-continue is supported."},
    {"unknown-host", 421, "Unknown host",
     "The Host header names none of the hosts this server answers for; a list of names is configured."},
    {"invalid-configuration", 422, "Invalid configuration",
     "The new configuration was refused and the old one is still in use; errors[] lists what is wrong."},
    {"headers-too-large", 431, "Headers too large", "The headers of the request are too many or too long."},
    {"unsupported", 501, "Not supported", "This cannot be done here; the detail says why."},
    {"bad-peer", 502, "A peer misbehaved",
     "Something this program depends on gave an answer that makes no sense."},
    {"unavailable", 503, "Unavailable", "This cannot be served at the moment; trying again later may help."},
    {"timeout", 504, "Timeout", "Something this program depends on did not answer in time."},
});

}  // namespace

std::span<const ProblemType> problem_types() {
    return types;
}

const ProblemType& problem_type(std::string_view name) {
    const auto* const it = std::ranges::find(types, name, &ProblemType::name);
    return it == types.end() ? types.front() : *it;
}

Response problem(std::string_view name, std::string_view detail, std::span<const Complaint> complaints) {
    const ProblemType& type = problem_type(name);
    boost::json::object body{{"type", "/problems/" + std::string(type.name)},
                             {"title", std::string(type.title)},
                             {"status", type.status},
                             {"detail", valid_utf8(detail)}};
    if (!complaints.empty()) {
        boost::json::array errors;
        for (const Complaint& complaint : complaints) {
            boost::json::object error{{"detail", valid_utf8(complaint.detail)}};
            if (!complaint.where.empty()) error["where"] = valid_utf8(complaint.where);
            errors.emplace_back(std::move(error));
        }
        body["errors"] = std::move(errors);
    }
    Response response;
    response.status = type.status;
    response.content_type = "application/problem+json";
    response.body = boost::json::serialize(body) + "\n";
    return response;
}

std::string_view problem_for(ErrorCode code) {
    switch (code) {
        case ErrorCode::invalid:
            return "bad-request";
        case ErrorCode::not_found:
            return "not-found";
        case ErrorCode::conflict:
            return "conflict";
        case ErrorCode::permission:
            return "forbidden";
        case ErrorCode::too_large:
            return "content-too-large";
        case ErrorCode::timeout:
            return "timeout";
        case ErrorCode::cancelled:
        case ErrorCode::unavailable:
            return "unavailable";
        case ErrorCode::protocol:
            return "bad-peer";
        case ErrorCode::unsupported:
            return "unsupported";
        case ErrorCode::io:
        case ErrorCode::corrupt:
        case ErrorCode::internal:
            return "internal";
    }
    return "internal";
}

Response problem(const Error& error) {
    return problem(problem_for(error.code), error.message);
}

}  // namespace rm::serve
