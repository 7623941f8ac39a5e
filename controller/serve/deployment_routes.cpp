// SPDX-License-Identifier: Apache-2.0
#include "serve/deployment_routes.h"

#include <charconv>
#include <limits>
#include <utility>

#include "core/text.h"
#include "serve/api_replies.h"
#include "serve/deployment_history.h"
#include "serve/problem.h"

namespace rm::serve {
namespace {

Response history(const ServiceViews& views, const Request& request) {
    if (auto refusal = check_parameters(request, {"service", "limit", "before"})) return *std::move(refusal);
    const auto limit = whole_number(request, "limit", largest_page);
    if (!limit) return problem(limit.error());
    const auto before = whole_number(request, "before", std::numeric_limits<std::int64_t>::max());
    if (!before) return problem(before.error());
    HistoryQuery query{.service = {}, .before = *before, .limit = limit->value_or(usual_page)};
    if (const std::string* const name = find(request.query, "service"); name != nullptr)
        query.service = *name;
    auto body = history_json(views.store, views.latest().get(), query, views.clock.now().wall);
    return body ? revalidated(*std::move(body)) : problem(body.error());
}

Response one_deployment(const ServiceViews& views, const Request& request) {
    if (auto refusal = check_parameters(request, {})) return *std::move(refusal);
    const std::string text = *find(request.path_parameters, "id");
    std::int64_t id = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (error != std::errc() || end != text.data() + text.size())
        return problem("bad-request", quoted(text) + " is not the number of a deployment");
    auto body = history_json(views.store, id, views.clock.now().wall);
    return body ? revalidated(*std::move(body)) : problem(body.error());
}

}  // namespace

Routes deployment_routes(const ServiceViews& views) {
    Route list;
    list.methods = {"GET"};
    list.pattern = "/api/deployments";
    list.runs = Runs::on_worker;
    list.description = "What was deployed, the newest first.";
    list.handler = [views](const Request& request) { return history(views, request); };
    Route one = list;
    one.pattern = "/api/deployments/{id}";
    one.description = "One deployment, with its phases and its log.";
    one.handler = [views](const Request& request) { return one_deployment(views, request); };
    return {std::move(list), std::move(one)};
}

}  // namespace rm::serve
