// SPDX-License-Identifier: Apache-2.0
// status | explain | plan | decisions
#include <cstdio>
#include <string>
#include <vector>

#include <unistd.h>

#include "app/api_client.h"
#include "app/asking.h"
#include "app/views/tables.h"
#include "serve/check_json.h"
#include "serve/find_service.h"

namespace rm::app {
namespace {

WallTime now() {
    return SystemClock().now().wall;
}

Result<std::string> one_service(const decide::Check& check, const std::string& name) {
    const auto service = serve::find_service(check, name);
    if (!service) return fail(service.error());
    return serve::service_json(check, **service, std::nullopt, now());
}

Result<std::string> all_services(const decide::Check& check) {
    return serve::services_json(check, std::nullopt, now());
}

std::string address_of_decisions(std::int64_t limit, const std::optional<std::string>& service) {
    std::string address = fmt::format("/api/decisions?limit={}", limit);
    if (service) address += "&service=" + net::encoded(*service);
    return address;
}

/// The last decisions belong to the picture, but it is worth seeing without them.
std::vector<DecisionView> recent_decisions(const Explain& command, const Environment& environment,
                                           const std::string& service) {
    if (command.once) return {};
    constexpr std::int64_t few = 5;
    const auto answer = ask(command.daemon, environment, address_of_decisions(few, service));
    if (!answer) return {};
    auto decisions = read_decisions(*answer);
    if (decisions) return *std::move(decisions);
    (void)tell(decisions.error());  // shown, and no reason to fail
    return {};
}

Terminal terminal(const Environment& environment) {
    return terminal_of(STDOUT_FILENO, environment);
}

}  // namespace

ExitCode run(const ShowStatus& command, const Environment& environment) {
    if (command.service && !can_be_service(*command.service)) return ExitCode::usage;
    const auto show = [&](const decide::Check& check) {
        return command.service ? one_service(check, *command.service) : all_services(check);
    };
    const std::string target = command.service ? address_of_service(*command.service) : "/api/services";
    const Answer answer = command.once ? look(command.daemon.config, environment, show)
                                       : ask(command.daemon, environment, target);
    if (!answer) return answer.error();
    if (command.json) return write_out(*answer);
    const auto view = read_status(*answer);
    if (!view) return tell(view.error());
    return write_out(print_status(*view, now(), terminal(environment)));
}

ExitCode run(const Explain& command, const Environment& environment) {
    if (!can_be_service(command.service)) return ExitCode::usage;
    const auto show = [&](const decide::Check& check) { return one_service(check, command.service); };
    const Answer answer = command.once
                              ? look(command.daemon.config, environment, show)
                              : ask(command.daemon, environment, address_of_service(command.service));
    if (!answer) return answer.error();
    if (command.json) return write_out(*answer);
    const auto view = read_explain(*answer);
    if (!view) return tell(view.error());
    const auto recent = recent_decisions(command, environment, view->service.name);
    return write_out(print_explain(*view, recent, now(), terminal(environment)));
}

ExitCode run(const ShowPlan& command, const Environment& environment) {
    const auto show = [](const decide::Check& check) -> Result<std::string> {
        return serve::plan_json(check, std::nullopt, now());
    };
    const Answer answer = command.once ? look(command.daemon.config, environment, show)
                                       : ask(command.daemon, environment, "/api/plan");
    if (!answer) return answer.error();
    if (command.json) return write_out(*answer);
    const auto view = read_plan(*answer);
    if (!view) return tell(view.error());
    return write_out(print_head(view->check, now(), terminal(environment)) +
                     print_plan(*view, terminal(environment)));
}

ExitCode run(const ShowDecisions& command, const Environment& environment) {
    if (command.service && !can_be_service(*command.service)) return ExitCode::usage;
    const Answer answer =
        ask(command.daemon, environment, address_of_decisions(command.limit, command.service));
    if (!answer) return answer.error();
    if (command.json) return write_out(*answer);
    const auto decisions = read_decisions(*answer);
    if (!decisions) return tell(decisions.error());
    return write_out(print_decisions(*decisions, terminal(environment)));
}

}  // namespace rm::app
