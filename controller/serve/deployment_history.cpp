// SPDX-License-Identifier: Apache-2.0
#include "serve/deployment_history.h"

#include <algorithm>
#include <utility>

#include "serve/deployment_json.h"
#include "serve/find_service.h"
#include "store/deployments.h"

namespace rm::serve {
namespace {

std::string address_of(const store::DeploymentQuery& query, std::int64_t before) {
    std::string address = fmt::format("/api/deployments?limit={}", query.limit);
    if (query.service) {
        const std::string& project = query.service->project();  // names need no encoding but the slash
        address += "&service=" + (project.empty() ? "" : project + "%2F") + query.service->service();
    }
    return address + fmt::format("&before={}", before);
}

}  // namespace

Result<ServiceName> known_service(store::Database& store, const decide::Check* check, std::string_view name) {
    const auto deployed = store::deployed_services(store);
    if (!deployed) return fail(deployed.error());
    decide::Check all = check == nullptr ? decide::Check() : *check;
    for (const ServiceName& one : *deployed) {
        const auto same = [&](const decide::Assessment& service) { return service.service.name == one; };
        if (std::ranges::none_of(all.services, same))
            all.services.push_back({.shown_as = {},
                                    .service = {.name = one, .replicas = {}, .host = {}, .pause = {}},
                                    .policy = {},
                                    .verdict = {}});
    }
    const auto found = find_service(all, name);
    if (!found) return fail(found.error());
    return (*found)->service.name;
}

Result<std::string> history_json(store::Database& store, const decide::Check* check,
                                 const HistoryQuery& query, WallTime now) {
    store::DeploymentQuery asked{.service = {}, .before = query.before, .limit = query.limit};
    if (query.service) {
        auto service = known_service(store, check, *query.service);
        if (!service) return fail(std::move(service).error());
        asked.service = *std::move(service);
    }
    store::DeploymentQuery one_more = asked;
    ++one_more.limit;  // tells whether there is another page
    auto found = store::deployments(store, one_more);
    if (!found) return fail(std::move(found).error());
    std::string next;
    if (found->size() > static_cast<std::size_t>(asked.limit)) {
        found->pop_back();
        next = address_of(asked, found->back().id);
    }
    return deployments_json(*found, next, now);
}

Result<std::string> history_json(store::Database& store, std::int64_t id, WallTime now) {
    const auto found = store::deployment(store, id);
    if (!found) return fail(found.error());
    if (!*found) return fail(ErrorCode::not_found, "there is no deployment {}", id);
    const auto steps = store::steps_of(store, id);
    if (!steps) return fail(steps.error());
    return deployment_json(**found, *steps, now);
}

}  // namespace rm::serve
