// SPDX-License-Identifier: Apache-2.0
#include "serve/pause_routes.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/json.hpp>

#include "core/text.h"
#include "serve/api_replies.h"
#include "serve/find_service.h"
#include "serve/problem.h"
#include "serve/wanted.h"

namespace rm::serve {
namespace {

constexpr Duration longest_pause = std::chrono::hours(24 * 366);

struct PauseRequest {
    std::optional<Duration> length;
    std::string reason;
};

Result<Duration> read_length(std::string_view text) {
    auto length = parse_duration(text);
    if (!length) return length;
    if (*length <= Duration::zero() || *length > longest_pause)
        return fail(ErrorCode::invalid, "{} is not a length for a pause: above zero and at most 366d",
                    quoted(text));
    return length;
}

Status read_member(PauseRequest& asked, std::string_view name, const boost::json::value& value) {
    if (name != "for" && name != "reason")
        return fail(ErrorCode::invalid, R"({} is not known here; there are "for" and "reason")",
                    quoted(name));
    if (value.is_null()) return {};
    if (!value.is_string())
        return fail(ErrorCode::invalid, "\"{}\" has to be a text, like {}", name,
                    name == "for" ? "\"2h\"" : "\"load test\"");
    if (name == "reason") {
        auto reason = read_line(value.get_string());
        if (!reason) return fail(std::move(reason).error().with_prefix("\"reason\""));
        asked.reason = *std::move(reason);
        return {};
    }
    const auto length = read_length(value.get_string());
    if (!length) return fail(length.error().with_prefix("\"for\""));
    asked.length = *length;
    return {};
}

Result<PauseRequest> read_request(std::string_view body) {
    PauseRequest asked;
    if (body.find_first_not_of(" \t\r\n") == std::string_view::npos) return asked;
    boost::json::error_code error;
    const boost::json::value value = boost::json::parse(body, error);
    if (error || !value.is_object())
        return fail(ErrorCode::invalid, "the body has to be a JSON object like {}",
                    R"({"for": "2h", "reason": "load test"})");
    for (const auto& member : value.get_object())
        if (const Status read = read_member(asked, member.key(), member.value()); !read)
            return fail(read.error());
    return asked;
}

Response pause(const ServiceViews& views, const Request& request) {
    if (auto refusal = check_parameters(request, {})) return *std::move(refusal);
    const CheckPtr check = views.latest();
    if (check == nullptr) return no_check_yet(views);
    const auto service = find_service(*check, name_of(request));
    if (!service) return problem(service.error());
    const auto asked = read_request(request.body);
    if (!asked) return problem(asked.error());
    const WallTime now = views.clock.now().wall;
    store::Pause made{
        .service = (*service)->service.name, .until = {}, .reason = asked->reason, .since = now};
    if (asked->length) made.until = now + *asked->length;
    if (const Status stored = store::set_pause(views.store, made); !stored)
        return problem(stored.error().with_prefix("the pause could not be stored"));
    return json_response(pause_json(made));
}

/// The services of the last check and, so that one that has gone since can be resumed too, the paused ones.
Result<ServiceName> resumable(const ServiceViews& views, std::string_view name) {
    auto pauses = store::pauses(views.store);
    if (!pauses) return fail(std::move(pauses).error());
    const CheckPtr latest = views.latest();
    decide::Check all = latest == nullptr ? decide::Check() : *latest;
    for (const store::Pause& pause : *pauses) {
        const auto known = [&](const decide::Assessment& service) {
            return service.service.name == pause.service;
        };
        if (std::ranges::none_of(all.services, known))
            all.services.push_back(
                {.shown_as = {},
                 .service = {.name = pause.service, .replicas = {}, .host = {}, .pause = {}},
                 .policy = {},
                 .verdict = {}});
    }
    const auto found = find_service(all, name);
    if (!found) return fail(found.error());
    return (*found)->service.name;
}

Response resume(const ServiceViews& views, const Request& request) {
    if (auto refusal = check_parameters(request, {})) return *std::move(refusal);
    const auto service = resumable(views, name_of(request));
    if (!service) return problem(service.error());
    const auto cleared = store::clear_pause(views.store, *service);
    if (!cleared) return problem(cleared.error().with_prefix("the pause could not be cleared"));
    return json_response(resumed_json(*service, *cleared));
}

}  // namespace

Routes pause_routes(const ServiceViews& views) {
    Route pausing;
    pausing.methods = {"POST"};
    pausing.pattern = "/api/services/{name}/pause";
    pausing.guard = Guard::token;
    pausing.runs = Runs::on_worker;
    pausing.takes_body = true;
    pausing.description = "Leaves a service alone for a while, or until it is resumed.";
    pausing.handler = [views](const Request& request) { return pause(views, request); };
    Route resuming = pausing;
    resuming.pattern = "/api/services/{name}/resume";
    resuming.takes_body = false;
    resuming.description = "Ends a service's pause.";
    resuming.handler = [views](const Request& request) { return resume(views, request); };
    return {std::move(pausing), std::move(resuming)};
}

}  // namespace rm::serve
