// SPDX-License-Identifier: Apache-2.0
#include "serve/service_routes.h"

#include <cstdint>
#include <limits>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "core/text.h"
#include "serve/api_replies.h"
#include "serve/decision_json.h"
#include "serve/deploy_routes.h"
#include "serve/deployment_routes.h"
#include "serve/export_routes.h"
#include "serve/find_service.h"
#include "serve/pause_routes.h"
#include "serve/preflight_routes.h"
#include "serve/problem.h"
#include "store/decisions.h"

namespace rm::serve {
namespace {

Response list(const ServiceViews& views, const Request& request) {
    if (auto refusal = check_parameters(request, {})) return *std::move(refusal);
    const CheckPtr check = views.latest();
    if (check == nullptr) return no_check_yet(views);
    return revalidated(services_json(*check, current_pauses(views), views.clock.now().wall));
}

Response one(const ServiceViews& views, const Request& request) {
    if (auto refusal = check_parameters(request, {})) return *std::move(refusal);
    const CheckPtr check = views.latest();
    if (check == nullptr) return no_check_yet(views);
    const auto service = find_service(*check, name_of(request));
    if (!service) return problem(service.error());
    return revalidated(service_json(*check, **service, current_pauses(views), views.clock.now().wall));
}

/// A look asks the engine and the metrics source: one at a time, so that nobody can keep all workers busy.
Response plan(const ServiceViews& views, std::mutex& looking, const Request& request) {
    if (auto refusal = check_parameters(request, {})) return *std::move(refusal);
    const std::unique_lock turn(looking, std::try_to_lock);
    if (!turn.owns_lock()) return problem("unavailable", "another plan is being made; try again in a moment");
    const CheckPtr check = views.look(request.stop);
    if (check == nullptr || request.stop.stop_requested())
        return problem("unavailable", "the program is stopping");
    Response response = json_response(plan_json(*check, current_pauses(views), views.clock.now().wall));
    response.compressible = true;
    return response;
}

/// Decisions outlive their service, so one that the last check does not know is taken as it is written.
Result<ServiceName> decided_service(const ServiceViews& views, const std::string& name) {
    auto as_written = ServiceName::parse(name);
    if (!as_written) return as_written;
    const CheckPtr check = views.latest();
    if (check == nullptr) return as_written;
    const auto found = find_service(*check, name);
    if (found) return (*found)->service.name;
    if (found.error().code == ErrorCode::conflict) return fail(found.error());
    auto any = store::decisions(views.store, {.service = *as_written, .before = {}, .limit = 1});
    if (!any) return fail(std::move(any).error());
    if (any->empty()) return fail(found.error());
    return as_written;
}

struct Page {
    store::DecisionQuery query;
    bool with_details = false;
};

Result<Page> read_page(const ServiceViews& views, const Request& request) {
    Page page;
    const auto limit = whole_number(request, "limit", largest_page);
    if (!limit) return fail(limit.error());
    page.query.limit = limit->value_or(usual_page);
    const auto before = whole_number(request, "before", std::numeric_limits<std::int64_t>::max());
    if (!before) return fail(before.error());
    page.query.before = *before;
    if (const std::string* const details = find(request.query, "details"); details != nullptr) {
        if (*details != "true" && *details != "false")
            return fail(ErrorCode::invalid, "{} is not a value for details: true or false", quoted(*details));
        page.with_details = *details == "true";
    }
    if (const std::string* const name = find(request.query, "service"); name != nullptr) {
        auto service = decided_service(views, *name);
        if (!service) return fail(std::move(service).error());
        page.query.service = *std::move(service);
    }
    return page;
}

std::string address_of(const Page& page) {
    std::string address = fmt::format("/api/decisions?limit={}", page.query.limit);
    if (page.query.service) {
        const std::string& project = page.query.service->project();  // names need no encoding but the slash
        address += "&service=" + (project.empty() ? "" : project + "%2F") + page.query.service->service();
    }
    if (page.with_details) address += "&details=true";
    return address + fmt::format("&before={}", page.query.before.value_or(0));
}

Response decided(const ServiceViews& views, const Request& request) {
    if (auto refusal = check_parameters(request, {"service", "limit", "before", "details"}))
        return *std::move(refusal);
    auto page = read_page(views, request);
    if (!page) return problem(page.error());
    store::DecisionQuery one_more = page->query;
    ++one_more.limit;  // tells whether there is another page
    auto found = store::decisions(views.store, one_more);
    if (!found) return problem(found.error());
    std::string next;
    if (found->size() > static_cast<std::size_t>(page->query.limit)) {
        found->pop_back();
        page->query.before = found->back().id;
        next = address_of(*page);
    }
    return revalidated(decisions_json(*found, next, page->with_details));
}

Route reading(std::string pattern, std::string description, Handler handler) {
    Route route;
    route.methods = {"GET"};
    route.pattern = std::move(pattern);
    route.runs = Runs::on_worker;  // all of them ask the store
    route.description = std::move(description);
    route.handler = std::move(handler);
    return route;
}

}  // namespace

Routes service_routes(const ServiceViews& views) {
    Routes routes;
    routes.push_back(reading("/api/services", "What every service uses and is allowed to use.",
                             [views](const Request& request) { return list(views, request); }));
    routes.push_back(reading("/api/services/{name}", "One service, with every signal and gate.",
                             [views](const Request& request) { return one(views, request); }));
    routes.push_back(reading("/api/plan", "What would be done now; looks at every service, counts nothing.",
                             [views, looking = std::make_shared<std::mutex>()](const Request& request) {
                                 return plan(views, *looking, request);
                             }));
    routes.push_back(reading("/api/decisions", "What was decided, the newest first.",
                             [views](const Request& request) { return decided(views, request); }));
    for (auto* const more : {preflight_routes, deployment_routes, deploy_routes, export_routes, pause_routes})
        for (Route& route : more(views)) routes.push_back(std::move(route));
    return routes;
}

}  // namespace rm::serve
