// SPDX-License-Identifier: Apache-2.0
// deploy | rollback
#include <cstdio>
#include <string>

#include <boost/json.hpp>
#include <unistd.h>

#include "app/api_client.h"
#include "app/asking.h"
#include "app/follow.h"
#include "app/views/deployment_progress.h"
#include "app/views/json_fields.h"
#include "app/views/preflight_view.h"
#include "core/text.h"
#include "serve/wanted.h"

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

/// Says so on stderr. What the daemon refuses has changed nothing; otherwise that is not known.
ExitCode tell_refusal(const Error& error) {
    (void)tell(error);
    return error.code == ErrorCode::invalid ? ExitCode::refused : ExitCode::failed;
}

/// What would be done; `refused` where it would not be.
ExitCode show_what_would_be_done(const DeployService& command, const Environment& environment) {
    auto found = find_daemon(command.daemon, environment, false);
    if (!found) return found.error();
    const auto answer = ApiClient(*std::move(found)).get(address_of_preflight(command));
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

ExitCode code_of(const DeploymentView& ended) {
    if (ended.status == "succeeded") return ExitCode::ok;
    return ended.status == "rolled_back" ? ExitCode::rolled_back : ExitCode::deploy_failed;
}

bool can_write_over_lines(const Environment& environment) {
    const auto kind = environment.find("TERM");
    return isatty(STDERR_FILENO) == 1 && kind != environment.end() && kind->second != "dumb";
}

ExitCode wait_for(ApiClient& daemon, const Begun& begun, bool json, const Environment& environment) {
    SystemClock clock;
    DeploymentProgress progress(terminal_of(STDERR_FILENO, environment), can_write_over_lines(environment));
    const auto ended = follow(daemon, begun.id, clock, [&](const DeploymentView& deployment) {
        std::fputs(progress.show(deployment).c_str(), stderr);
        std::fflush(stderr);
    });
    if (!ended)
        return tell(ended.error().with_prefix(
            fmt::format("deployment {} of {} can't be followed any more", begun.id, begun.service)));
    std::fputs(print_end(ended->deployment).c_str(), stderr);
    if (json)
        if (const ExitCode written = write_out(ended->json); written != ExitCode::ok) return written;
    return code_of(ended->deployment);
}

struct Order {
    std::string address;
    std::string body;
    bool wait = false;
    bool json = false;
};

ExitCode give(const Order& order, const DaemonChoice& choice, const Environment& environment) {
    auto found = find_daemon(choice, environment, true);
    if (!found) return found.error();
    ApiClient daemon(*std::move(found));
    const auto answer = daemon.post(order.address, order.body);
    if (!answer) return tell_refusal(answer.error());
    const auto begun = read_begun(*answer);
    if (!begun) return tell(begun.error());
    if (order.wait) return wait_for(daemon, *begun, order.json, environment);
    if (order.json) return write_out(*answer);
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
                 .json = command.json},
                command.daemon, environment);
}

ExitCode run(const RollBack& command, const Environment& environment) {
    if (!can_be_service(command.service)) return ExitCode::usage;
    return give({.address = address_of_service(command.service) + "/rollback",
                 .body = {},
                 .wait = command.wait,
                 .json = command.json},
                command.daemon, environment);
}

}  // namespace rm::app
