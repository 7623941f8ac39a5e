// SPDX-License-Identifier: Apache-2.0
#include "app/deploy_alone.h"

#include <algorithm>
#include <cstdio>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "app/asking.h"
#include "app/host_name.h"
#include "app/keep_going.h"
#include "app/process_mark.h"
#include "app/shutdown.h"
#include "app/signals.h"
#include "app/tell_progress.h"
#include "app/world.h"
#include "config/live_config.h"
#include "deploy/deployer.h"
#include "docker/services.h"
#include "serve/deployment_history.h"
#include "store/deployments.h"

namespace rm::app {
namespace {

using deploy::Standing;

constexpr Duration between_signals{300};
/// A daemon that was killed where nobody here can see it has the lease for half a minute more.
constexpr Duration patience_with_another = std::chrono::seconds(45);
constexpr Duration patience_with_peers = std::chrono::seconds(10);

void say(const std::string& line) {
    std::fprintf(stderr, "%s\n", line.c_str());
}

class Lone {
public:
    Lone(World& world, store::Database& store, deploy::Deployer& deployer, Signals& signals,
         const Environment& environment)
        : world_(world), store_(store), deployer_(deployer), signals_(signals), environment_(environment) {}

    ExitCode carry_out(const LoneOrder& order) {
        if (const ExitCode code = take_over(); code != ExitCode::ok) return code;
        const auto service = full_name(order.service);
        if (!service) return tell_refusal(service.error());
        if (const ExitCode code = end_what_is_under_way(*service); code != ExitCode::ok) return code;
        const auto wanted = order.wanted(store_, *service);
        if (!wanted) return tell_refusal(wanted.error());
        const auto begun = deployer_.submit({.service = wanted->service,
                                             .strategy = wanted->strategy,
                                             .to = wanted->to,
                                             .requested_by = wanted->requested_by,
                                             .reason = wanted->reason},
                                            {});
        if (!begun) return tell_refusal(begun.error());
        const auto ended = follow(begun->id, *service);
        return ended ? ProgressTeller::end(*ended, order.json) : ended.error();
    }

private:
    /// Until this process is the one that deploys on the engine.
    ExitCode take_over() {
        const SteadyTime begin = clock_.now().steady;
        std::string said;
        for (;;) {
            const Standing standing = deployer_.standing();
            if (standing.kind == Standing::Kind::at_work) return ExitCode::ok;
            if (!standing.detail.empty() && standing.detail != said) say("waits: " + standing.detail);
            said = standing.detail;
            const bool by_another = standing.kind == Standing::Kind::standing_by;
            if (clock_.now().steady - begin > (by_another ? patience_with_another : patience_with_peers)) {
                say("resource-manager: nothing was changed: " + standing.detail);
                return by_another ? ExitCode::refused : ExitCode::failed;
            }
            if (stop_asked()) {
                say("resource-manager: stopped before anything was changed");
                return ExitCode::failed;
            }
        }
    }

    bool stop_asked() { return signals_.wait(between_signals) == Signal::stop; }

    Result<ServiceName> full_name(const std::string& service) {
        const auto name = ServiceName::parse(service);
        if (!name) return fail(name.error());
        const auto list = world_.engine().list({});
        if (!list) return fail(list.error());
        return docker::resolve(docker::find_services(*list), *name);
    }

    /// One that another process began, or this command the last time.
    ExitCode end_what_is_under_way(const ServiceName& service) {
        const auto engine = world_.engine().info({});
        if (!engine) return tell(engine.error());
        const auto rows = store::unfinished(store_, engine->id);
        if (!rows) return tell(rows.error());
        const auto found = std::ranges::find(*rows, service, &store::Deployment::service);
        if (found == rows->end()) return ExitCode::ok;
        say(fmt::format("deployment {} of {} is under way, and its end comes first", found->id,
                        print(service)));
        const auto ended = follow(found->id, service);
        if (!ended) return ended.error();
        (void)ProgressTeller::end(*ended, false);
        return ExitCode::ok;
    }

    /// Until it has ended. A store that is away is waited for, as the deployment does.
    tl::expected<Followed, ExitCode> follow(std::int64_t id, const ServiceName& service) {
        ProgressTeller teller(environment_);
        for (;;) {
            auto json = serve::history_json(store_, id, world_.clock().now().wall);
            if (json) {
                auto deployment = read_deployment(*json);
                if (!deployment) return tl::unexpected(tell(deployment.error()));
                teller.look(*deployment);
                if (!deployment->is_under_way())
                    return Followed{.json = *std::move(json), .deployment = *std::move(deployment)};
            }
            if (!stop_asked()) continue;
            say(fmt::format(
                "\nresource-manager: deployment {} of {} stays where it is; a daemon goes on with "
                "it, or the next deploy of this service",
                id, print(service)));
            return tl::unexpected(ExitCode::failed);
        }
    }

    World& world_;
    store::Database& store_;
    deploy::Deployer& deployer_;
    Signals& signals_;
    const Environment& environment_;
    SystemClock clock_;
};

}  // namespace

ExitCode deploy_alone(const config::Config& config, const LoneOrder& order, const Environment& environment) {
    if (config->monitoring.dry_run)
        return tell_refusal({ErrorCode::permission, "monitoring.dry_run is on, and nothing may be changed"});
    Signals signals(cut_short);
    SystemClock clock;
    const config::LiveConfig live({}, config, {});
    const auto world = World::make(config, clock, 1);
    if (!world) return tell(world.error());
    const auto store = store::Database::open(
        {.url = config->store.url.with_password(), .password = config->store.password.value}, clock);
    if (!store) return tell(store.error());
    deploy::Deployer deployer(
        {.live = live, .engine = (*world)->engine(), .store = **store, .clock = (*world)->clock()}, clock,
        {.who = fmt::format("{}:{}", host_name(), getpid()),
         .process = process_mark(),
         .has_ended = has_ended,
         .store_is_ours_alone = config->store.url.scheme() == "sqlite",
         .guard = keep_going},
        {.noted = [](std::string_view message) { say(std::string(message)); }});
    deployer.start();
    const ExitCode code = Lone(**world, **store, deployer, signals, environment).carry_out(order);
    deployer.stop();
    return code;
}

}  // namespace rm::app
