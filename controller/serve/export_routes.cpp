// SPDX-License-Identifier: Apache-2.0
#include "serve/export_routes.h"

#include <utility>

#include "core/text.h"
#include "serve/api_replies.h"
#include "serve/compose_export.h"
#include "serve/problem.h"

namespace rm::serve {
namespace {

Response export_limits(const ServiceViews& views, const Request& request) {
    if (auto refusal = check_parameters(request, {"format", "project"})) return *std::move(refusal);
    const std::string* const format = find(request.query, "format");
    if (format != nullptr && *format != "compose")
        return problem("bad-request", quoted(*format) + " is not a format: there is compose");
    const CheckPtr check = views.latest();
    if (check == nullptr) return no_check_yet(views);
    const std::string* const project = find(request.query, "project");
    auto text = compose_override(*check, project == nullptr ? std::string() : *project);
    if (!text) return problem(text.error());
    Response response = revalidated(*std::move(text));
    response.content_type = "application/yaml";
    return response;
}

}  // namespace

Routes export_routes(const ServiceViews& views) {
    Route route;
    route.methods = {"GET"};
    route.pattern = "/api/export";
    route.description = "The limits that hold today, as an override file for Compose.";
    route.handler = [views](const Request& request) { return export_limits(views, request); };
    return {std::move(route)};
}

}  // namespace rm::serve
