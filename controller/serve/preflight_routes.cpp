// SPDX-License-Identifier: Apache-2.0
#include "serve/preflight_routes.h"

#include <memory>
#include <mutex>
#include <utility>

#include "serve/api_replies.h"
#include "serve/problem.h"
#include "serve/wanted.h"
#include "store/deployments.h"

namespace rm::serve {
namespace {

Result<PreflightAsked> read_asked(const Request& request) {
    PreflightAsked asked;
    if (const std::string* const service = find(request.query, "service"); service != nullptr) {
        if (const auto name = ServiceName::parse(*service); !name) return fail(name.error());
        asked.service = *service;
    }
    Limits to;
    if (const std::string* const text = find(request.query, "cpu"); text != nullptr) {
        const auto cpu = read_cpu_amount(*text);
        if (!cpu) return fail(cpu.error().with_prefix("cpu"));
        to.cpu = *cpu;
    }
    if (const std::string* const text = find(request.query, "memory"); text != nullptr) {
        const auto memory = read_memory_amount(*text);
        if (!memory) return fail(memory.error().with_prefix("memory"));
        to.memory = *memory;
    }
    if (to != Limits{}) asked.to = to;
    if (const std::string* const text = find(request.query, "strategy"); text != nullptr) {
        const auto strategy = read_strategy(*text);
        if (!strategy) return fail(strategy.error().with_prefix("strategy"));
        asked.strategy = *strategy;
    }
    return asked;
}

/// Where the store can't be asked, nothing is known of it; a deployment itself would be told.
void add_under_way(const ServiceViews& views, PreflightReport& report) {
    for (PreflightOf& one : report.services) {
        const auto newest =
            store::deployments(views.store, {.service = one.service, .before = {}, .limit = 1});
        if (newest && !newest->empty() && !newest->front().finished_at) one.under_way = newest->front().id;
    }
}

/// It asks the engine about every container: one at a time, so that nobody can keep all workers busy.
Response look_ahead(const ServiceViews& views, std::mutex& looking, const Request& request) {
    if (auto refusal = check_parameters(request, {"service", "cpu", "memory", "strategy"}))
        return *std::move(refusal);
    const auto asked = read_asked(request);
    if (!asked) return problem(asked.error());
    const std::unique_lock turn(looking, std::try_to_lock);
    if (!turn.owns_lock())
        return problem("unavailable", "another preflight is under way; try again in a moment");
    auto report = views.look_ahead(*asked, request.stop);
    if (!report) return problem(report.error());
    add_under_way(views, *report);
    Response response = json_response(preflight_json(*report));
    response.compressible = true;
    return response;
}

}  // namespace

Routes preflight_routes(const ServiceViews& views) {
    if (!views.look_ahead) return {};
    Route route;
    route.methods = {"GET"};
    route.pattern = "/api/preflight";
    route.runs = Runs::on_worker;
    route.description = "Which strategy each service would get, and why; changes nothing.";
    route.handler = [views, looking = std::make_shared<std::mutex>()](const Request& request) {
        return look_ahead(views, *looking, request);
    };
    return {std::move(route)};
}

}  // namespace rm::serve
