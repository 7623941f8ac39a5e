// SPDX-License-Identifier: Apache-2.0
// deploy | rollback
#include <cstdio>
#include <string>

#include <boost/json.hpp>
#include <unistd.h>

#include "app/api_client.h"
#include "app/asking.h"
#include "app/configuration.h"
#include "app/deploy_alone.h"
#include "app/follow.h"
#include "app/preflight_look.h"
#include "app/tell_progress.h"
#include "app/views/json_fields.h"
#include "app/views/preflight_view.h"
#include "core/text.h"
#include "serve/wanted.h"
#include "serve/way_back.h"

namespace rm::app {
namespace {

ExitCode wrong_option(std::string_view option, const Error& error) {
    (void)tell(error.with_prefix(option));
    return ExitCode::usage;
}

/// Whether the daemon could understand it; if not, stderr says why.
ExitCode check_words(const DeployService& command) {
    if (!can_be_service(command.service)) return ExitCode::usage;
    if (!command.cpu && !command.memory) {
        std::fprintf(stderr, "resource-manager: say what shall change: --cpu, --memory or both\n");
        return ExitCode::usage;
    }
    if (command.cpu)
        if (const auto cpu = serve::read_cpu_amount(*command.cpu); !cpu)
            return wrong_option("--cpu", cpu.error());
    if (command.memory)
        if (const auto memory = serve::read_memory_amount(*command.memory); !memory)
            return wrong_option("--memory", memory.error());
    if (command.strategy)
        if (const auto strategy = serve::read_strategy(*command.strategy); !strategy)
            return wrong_option("--strategy", strategy.error());
    return ExitCode::ok;
}

std::string body_of_order(const DeployService& command) {
    boost::json::object body{{"requested_by", "deploy command"}};
    if (command.cpu) body["cpu"] = *command.cpu;
    if (command.memory) body["memory"] = *command.memory;
    if (command.strategy) body["strategy"] = *command.strategy;
    if (command.reason) body["reason"] = valid_utf8(*command.reason);
    return boost::json::serialize(body);
}

std::string address_of_preflight(const DeployService& command) {
    std::string address = "/api/preflight?service=" + net::encoded(command.service);
    if (command.cpu) address += "&cpu=" + net::encoded(*command.cpu);
    if (command.memory) address += "&memory=" + net::encoded(*command.memory);
    if (command.strategy) address += "&strategy=" + net::encoded(*command.strategy);
    return address;
}

/// One that was named by its address is the one that shall do it.
bool is_nobody_there(const Error& error, const DaemonChoice& choice) {
    return error.code == ErrorCode::unavailable && !choice.url;
}

/// Words that were checked before.
serve::PreflightAsked asked_by(const DeployService& command) {
    serve::PreflightAsked asked{.service = command.service, .to = Limits{}};
    if (command.cpu) asked.to->cpu = serve::read_cpu_amount(*command.cpu).value();
    if (command.memory) asked.to->memory = serve::read_memory_amount(*command.memory).value();
    if (command.strategy) asked.strategy = serve::read_strategy(*command.strategy).value();
    return asked;
}

/// What would be done; `refused` where it would not be.
ExitCode show_what_would_be_done(const DeployService& command, const Environment& environment) {
    auto found = find_daemon(command.daemon, environment, false);
    if (!found) return found.error();
    auto answer = ApiClient(*std::move(found)).get(address_of_preflight(command));
    if (!answer && is_nobody_there(answer.error(), command.daemon)) {
        const auto config = load_or_complain(sources_for(command.daemon.config, environment));
        if (!config) return ExitCode::usage;
        answer = look_ahead_once(*config, asked_by(command));
    }
    if (!answer) return tell_refusal(answer.error());
    const auto services = read_preflight(*answer);
    if (!services) return tell(services.error());
    if (services->size() != 1) return tell({ErrorCode::protocol, "the answer is not about one service"});
    const ExitCode code = services->front().is_possible() ? ExitCode::ok : ExitCode::refused;
    const ExitCode written = write_out(
        command.json ? *answer
                     : print_preflight_of(services->front(), terminal_of(STDOUT_FILENO, environment)));
    return written == ExitCode::ok ? code : written;
}

struct Begun {
    std::int64_t id = 0;
    std::string service;
};

Result<Begun> read_begun(const std::string& answer) {
    const auto body = parse_json(answer);
    if (!body) return fail(body.error());
    JsonFields read(*body, "body");
    return read.result(Begun{.id = read.count("id"), .service = read.text("service")});
}

ExitCode wait_for(ApiClient& daemon, const Begun& begun, bool json, const Environment& environment) {
    SystemClock clock;
    ProgressTeller teller(environment);
    const auto ended =
        follow(daemon, begun.id, clock, [&](const DeploymentView& deployment) { teller.look(deployment); });
    if (!ended)
        return tell(ended.error().with_prefix(
            fmt::format("deployment {} of {} can't be followed any more", begun.id, begun.service)));
    return ProgressTeller::end(*ended, json);
}

struct Order {
    std::string address;
    std::string body;
    bool wait = false;
    LoneOrder alone;  // where no daemon answers
};

ExitCode do_it_here(const Order& order, const DaemonChoice& choice, const Environment& environment) {
    const auto config = load_or_complain(sources_for(choice.config, environment));
    if (!config) return ExitCode::usage;
    std::fprintf(stderr, "no daemon answers; this command does it, and stays until it has ended\n");
    return deploy_alone(*config, order.alone, environment);
}

ExitCode give(const Order& order, const DaemonChoice& choice, const Environment& environment) {
    auto found = find_daemon(choice, environment, true);
    if (!found) return found.error();
    ApiClient daemon(*std::move(found));
    const auto answer = daemon.post(order.address, order.body);
    if (!answer && is_nobody_there(answer.error(), choice)) return do_it_here(order, choice, environment);
    if (!answer) return tell_refusal(answer.error());
    const auto begun = read_begun(*answer);
    if (!begun) return tell(begun.error());
    if (order.wait) return wait_for(daemon, *begun, order.alone.json, environment);
    if (order.alone.json) return write_out(*answer);
    std::fprintf(
        stderr, "deployment %lld of %s has begun; `resource-manager deployments %lld` shows how it goes\n",
        static_cast<long long>(begun->id), begun->service.c_str(), static_cast<long long>(begun->id));
    return ExitCode::ok;
}

}  // namespace

ExitCode run(const DeployService& command, const Environment& environment) {
    if (const ExitCode code = check_words(command); code != ExitCode::ok) return code;
    if (command.dry_run) return show_what_would_be_done(command, environment);
    return give({.address = address_of_service(command.service) + "/deploy",
                 .body = body_of_order(command),
                 .wait = command.wait,
                 .alone = {.service = command.service,
                           .wanted =
                               [&](store::Database&, const ServiceName& service) {
                                   return serve::read_wanted(body_of_order(command), service);
                               },
                           .json = command.json}},
                command.daemon, environment);
}

ExitCode run(const RollBack& command, const Environment& environment) {
    if (!can_be_service(command.service)) return ExitCode::usage;
    return give({.address = address_of_service(command.service) + "/rollback",
                 .body = {},
                 .wait = command.wait,
                 .alone = {.service = command.service, .wanted = serve::way_back, .json = command.json}},
                command.daemon, environment);
}

}  // namespace rm::app
