// SPDX-License-Identifier: Apache-2.0
#include "serve/deploy_routes.h"

#include <utility>

#include "serve/api_replies.h"
#include "serve/deployment_json.h"
#include "serve/find_service.h"
#include "serve/problem.h"
#include "serve/way_back.h"

namespace rm::serve {
namespace {

/// 202: it has begun, and its own address tells how it goes on.
Response begin_it(const ServiceViews& views, const Wanted& wanted, const Request& request) {
    const auto id = views.deploy(wanted, request.stop);
    // That it is not possible as things are is no lack of ours.
    if (!id && id.error().code == ErrorCode::unsupported) return problem("conflict", id.error().message);
    if (!id) return problem(id.error());
    Response response = json_response(begun_json(*id, wanted));
    response.status = 202;
    response.headers.push_back({.name = "Location", .value = fmt::format("/api/deployments/{}", *id)});
    return response;
}

Response deploy_one(const ServiceViews& views, const Request& request) {
    if (auto refusal = check_parameters(request, {})) return *std::move(refusal);
    const CheckPtr check = views.latest();
    if (check == nullptr) return no_check_yet(views);
    const auto service = find_service(*check, name_of(request));
    if (!service) return problem(service.error());
    const auto wanted = read_wanted(request.body, (*service)->service.name);
    if (!wanted) return problem(wanted.error());
    return begin_it(views, *wanted, request);
}

Response roll_back(const ServiceViews& views, const Request& request) {
    if (auto refusal = check_parameters(request, {})) return *std::move(refusal);
    const CheckPtr check = views.latest();
    if (check == nullptr) return no_check_yet(views);
    const auto service = find_service(*check, name_of(request));
    if (!service) return problem(service.error());
    const auto wanted = way_back(views.store, (*service)->service.name);
    return wanted ? begin_it(views, *wanted, request) : problem(wanted.error());
}

}  // namespace

Routes deploy_routes(const ServiceViews& views) {
    if (!views.deploy) return {};
    Route deploying;
    deploying.methods = {"POST"};
    deploying.pattern = "/api/services/{name}/deploy";
    deploying.guard = Guard::token;
    deploying.runs = Runs::on_worker;
    deploying.takes_body = true;
    deploying.description = "Gives a service other limits, now.";
    deploying.handler = [views](const Request& request) { return deploy_one(views, request); };
    Route rolling_back = deploying;
    rolling_back.pattern = "/api/services/{name}/rollback";
    rolling_back.takes_body = false;
    rolling_back.description = "Takes the last adjustment of a service back.";
    rolling_back.handler = [views](const Request& request) { return roll_back(views, request); };
    return {std::move(deploying), std::move(rolling_back)};
}

}  // namespace rm::serve
