// SPDX-License-Identifier: Apache-2.0
#include "app/detect.h"

#include <optional>

#include <fmt/format.h>

#include "app/ask_peers.h"

namespace rm::app {
namespace {

using namespace std::chrono_literals;

constexpr Duration patience = 2s;
constexpr auto usual_socket = "unix:///var/run/docker.sock";
constexpr auto usual_prometheus = "http://127.0.0.1:9090";

/// The address that answers: the configured one, or else the usual one.
std::optional<std::string> find_docker(config::Docker docker) {
    docker.timeout = patience;
    std::string configured = docker.host.with_password();
    if (ask_docker(docker, {})) return configured;
    docker.host = config::Url(usual_socket);
    if (ask_docker(docker, {})) return usual_socket;
    return std::nullopt;
}

/// A token is only for the address that it was configured with.
std::optional<std::string> find_prometheus(config::Prometheus prometheus) {
    prometheus.timeout = patience;
    std::string configured = prometheus.url.with_password();
    if (ask_prometheus(prometheus, {})) return configured;
    if (prometheus.bearer_token.is_set()) return std::nullopt;
    prometheus.url = config::Url(usual_prometheus);
    if (ask_prometheus(prometheus, {})) return usual_prometheus;
    return std::nullopt;
}

}  // namespace

std::vector<std::string> simulation_overrides(const std::string& folder) {
    return {"monitoring.source=simulation", fmt::format("store.url=sqlite:{}/simulation.db", folder)};
}

Detected detect(const config::Config& config) {
    const auto docker = find_docker(config->docker);
    if (!docker)
        return {.overrides = {},
                .lines = {"No Docker engine answers: this is a simulation, with services that don't exist.",
                          fmt::format("For real ones, start Docker or set docker.host (tried {} and {}).",
                                      print(config->docker.host), usual_socket)},
                .simulation = true};
    const auto prometheus = find_prometheus(config->prometheus);
    const std::string host = "docker.host=" + *docker;
    if (!prometheus)
        return {.overrides = {host, "monitoring.source=docker"},
                .lines = {fmt::format("Docker answers at {}, Prometheus does not: usage comes from the "
                                      "engine's own statistics.",
                                      print(config::Url(*docker))),
                          fmt::format("For longer history, start Prometheus or set prometheus.url (tried {} "
                                      "and {}).",
                                      print(config->prometheus.url), usual_prometheus)}};
    return {.overrides = {host, "prometheus.url=" + *prometheus, "monitoring.source=prometheus"},
            .lines = {fmt::format("Docker answers at {}, Prometheus at {}.", print(config::Url(*docker)),
                                  print(config::Url(*prometheus)))}};
}

}  // namespace rm::app
