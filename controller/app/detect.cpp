// SPDX-License-Identifier: Apache-2.0
#include "app/detect.h"

#include <optional>

#include <fmt/format.h>

#include "app/ask_peers.h"
#include "config/effective.h"

namespace rm::app {
namespace {

using namespace std::chrono_literals;

constexpr Duration patience_with_a_guess = 2s;
// The first check is warm at once, and the first change is made within a quarter of an hour.
constexpr double demonstration_speed = 60;

/// The address that answers: the configured one, or else the usual one.
std::optional<std::string> find_docker(config::Docker docker, const std::string& usual) {
    docker.timeout = patience_with_a_guess;
    std::string configured = docker.host.with_password();
    if (ask_docker(docker, {})) return configured;
    docker.host = config::Url(usual);
    if (ask_docker(docker, {})) return usual;
    return std::nullopt;
}

/// A token is only for the address that it was configured with.
std::optional<std::string> find_prometheus(config::Prometheus prometheus, const std::string& usual) {
    prometheus.timeout = patience_with_a_guess;
    std::string configured = prometheus.url.with_password();
    if (ask_prometheus(prometheus, {})) return configured;
    if (prometheus.bearer_token.is_set()) return std::nullopt;
    prometheus.url = config::Url(usual);
    if (ask_prometheus(prometheus, {})) return usual;
    return std::nullopt;
}

Detected a_simulation(const config::Config& config, const UsualPlaces& usual) {
    return {.overrides = {},
            .lines = {"No Docker engine answers: this is a simulation, with services that don't exist.",
                      fmt::format("For real ones, start Docker or set docker.host (tried {} and {}).",
                                  print(config->docker.host), usual.docker),
                      fmt::format("Its time runs {} times as fast as yours: a day takes {} minutes.",
                                  demonstration_speed, 24 * 60 / demonstration_speed)},
            .simulation = true,
            .speed = demonstration_speed};
}

Detected docker_alone(const std::string& docker, const config::Config& config, const UsualPlaces& usual) {
    const config::Prometheus& prometheus = config->prometheus;
    const std::string tried =
        prometheus.bearer_token.is_set()
            ? fmt::format("only {}, because the token is for no other address", print(prometheus.url))
            : fmt::format("{} and {}", print(prometheus.url), usual.prometheus);
    return {.overrides = {"docker.host=" + docker, "monitoring.source=docker"},
            .lines = {fmt::format("Docker answers at {}, Prometheus does not: usage comes from the engine's "
                                  "own statistics.",
                                  print(config::Url(docker))),
                      fmt::format("For longer history, start Prometheus or set prometheus.url (tried {}).",
                                  tried)}};
}

}  // namespace

std::vector<std::string> simulation_overrides(const std::string& folder) {
    return {"monitoring.source=simulation", fmt::format("store.url=sqlite:{}/simulation.db", folder)};
}

void only_look(Detected& found, const config::Config& config) {
    if (found.simulation) return;
    const config::Entry* const entry = config.effective().find("monitoring.dry_run");
    if (entry != nullptr && entry->origin.kind >= config::Origin::Kind::environment) return;
    found.overrides.emplace_back("monitoring.dry_run=true");
    found.lines.emplace_back(
        "Nothing is changed there: this is a look round. --set monitoring.dry_run=false lets it act, and so "
        "does "
        "running it without --detect.");
}

Detected detect(const config::Config& config, const UsualPlaces& usual) {
    const auto docker = find_docker(config->docker, usual.docker);
    if (!docker) return a_simulation(config, usual);
    const auto prometheus = find_prometheus(config->prometheus, usual.prometheus);
    if (!prometheus) return docker_alone(*docker, config, usual);
    return {.overrides = {"docker.host=" + *docker, "prometheus.url=" + *prometheus,
                          "monitoring.source=prometheus"},
            .lines = {fmt::format("Docker answers at {}, Prometheus at {}.", print(config::Url(*docker)),
                                  print(config::Url(*prometheus)))}};
}

}  // namespace rm::app
