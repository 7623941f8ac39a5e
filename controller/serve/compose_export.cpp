// SPDX-License-Identifier: Apache-2.0
#include "serve/compose_export.h"

#include <set>

#include <fmt/format.h>

#include "core/text.h"
#include "serve/json_words.h"

namespace rm::serve {
namespace {

using decide::Assessment;

Result<std::string> chosen_project(const decide::Check& check, std::string_view wanted) {
    std::set<std::string> projects;
    for (const Assessment& service : check.services)
        if (!service.service.name.project().empty()) projects.insert(service.service.name.project());
    if (projects.empty()) return fail(ErrorCode::not_found, "no service of a Compose project was found");
    const std::string names = fmt::format("{}", fmt::join(projects, ", "));
    if (wanted.empty() && projects.size() > 1)
        return fail(ErrorCode::conflict, "there are several projects, say which: {}", names);
    if (wanted.empty()) return *projects.begin();
    if (!projects.contains(std::string(wanted)))
        return fail(ErrorCode::not_found, "there is no project {}; there are {}", quoted(wanted), names);
    return std::string(wanted);
}

/// Names are made of letters, digits, dots, dashes and underscores; what Compose takes for a text
/// only is in quotes, as is a name like `no`.
std::string lines_of(const std::string& name, const Limits& limits) {
    std::string text = fmt::format("  \"{}\":\n", name);
    if (limits.cpu) text += fmt::format("    cpus: {}\n", print(*limits.cpu));
    if (limits.memory) text += fmt::format("    mem_limit: \"{}\"\n", print(*limits.memory));
    text += "    deploy:\n      resources:\n        limits:\n";
    if (limits.cpu) text += fmt::format("          cpus: \"{}\"\n", print(*limits.cpu));
    if (limits.memory) text += fmt::format("          memory: \"{}\"\n", print(*limits.memory));
    return text;
}

}  // namespace

Result<std::string> compose_override(const decide::Check& check, std::string_view project) {
    const auto chosen = chosen_project(check, project);
    if (!chosen) return fail(chosen.error());
    std::string text = fmt::format(
        "# The limits of {} at {}, written by resource-manager. Use it behind the project's own file:\n"
        "#     docker compose -f docker-compose.yml -f FILE up -d\n",
        *chosen, print_time(check.at));
    std::string services;
    for (const Assessment& service : check.services) {
        const ServiceName& name = service.service.name;
        if (name.project() != *chosen || !service.policy->enabled) continue;
        if (service.service.replicas.empty()) {
            text += fmt::format("# {} does not run and is left out.\n", name.service());
            continue;
        }
        const Limits& limits = service.service.replicas.front().limits;
        if (limits == Limits{})
            text += fmt::format("# {} has no limits and is left out.\n", name.service());
        else
            services += lines_of(name.service(), limits);
    }
    return text + (services.empty() ? "services: {}\n" : "services:\n" + services);
}

}  // namespace rm::serve
