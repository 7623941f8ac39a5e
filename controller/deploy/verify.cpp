// SPDX-License-Identifier: Apache-2.0
#include "deploy/verify.h"

#include <vector>

#include <fmt/ranges.h>

#include "deploy/haproxy.h"
#include "deploy/probe.h"
#include "deploy/reach.h"
#include "deploy/traefik.h"

namespace rm::deploy {
namespace {

bool serves(const docker::Container& container) {
    using docker::HealthState;
    return container.state == docker::ContainerState::running &&
           (container.health == HealthState::healthy || container.health == HealthState::none);
}

Status is_routed(docker::Engine& engine, const docker::Container& container, const TraefikServers& servers,
                 const std::stop_token& stop) {
    const auto addresses = addresses_of(engine, container, stop);
    if (!addresses) return fail(addresses.error());
    return is_up_in(servers, *addresses, container.name);
}

/// Both, so that a service under a wrong name is noticed.
Result<std::string> by_traefik(docker::Engine& engine, const std::optional<docker::Container>& blue,
                               const docker::Container& green, const config::Traefik& traefik,
                               const std::stop_token& stop) {
    const auto servers = ask_traefik(traefik, stop);
    if (!servers) return fail(servers.error());
    if (auto routed = is_routed(engine, green, *servers, stop); !routed)
        return fail(std::move(routed).error());
    if (blue && serves(*blue))
        if (auto routed = is_routed(engine, *blue, *servers, stop); !routed)
            return fail(std::move(routed).error());
    return fmt::format("Traefik has it in {}", traefik.service);
}

Result<std::string> by_haproxy(docker::Engine& engine, const docker::Container& green,
                               const config::Haproxy& haproxy, const std::stop_token& stop) {
    const auto addresses = addresses_of(engine, green, stop);
    if (!addresses) return fail(addresses.error());
    return serves_in_haproxy(haproxy, *addresses, stop);
}

}  // namespace

Result<std::string> verify_outside(docker::Engine& engine, const std::optional<docker::Container>& blue,
                                   const docker::Container& green, const config::Deployment& wanted,
                                   const std::stop_token& stop) {
    std::vector<std::string> found;
    const auto note = [&found](Result<std::string> one) -> Status {
        if (!one) return fail(std::move(one).error());
        found.push_back(*std::move(one));
        return {};
    };
    if (wanted.verify)
        if (auto good = note(probe_there(engine, green, *wanted.verify, probe_limit(wanted), stop)); !good)
            return fail(std::move(good).error());
    if (!wanted.traefik.url.empty() && !wanted.traefik.service.empty())
        if (auto good = note(by_traefik(engine, blue, green, wanted.traefik, stop)); !good)
            return fail(std::move(good).error());
    if (wanted.drain_by == config::DrainBy::haproxy)
        if (auto good = note(by_haproxy(engine, green, wanted.haproxy, stop)); !good)
            return fail(std::move(good).error());
    return fmt::format("{}", fmt::join(found, "; "));
}

}  // namespace rm::deploy
