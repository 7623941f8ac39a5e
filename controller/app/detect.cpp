// SPDX-License-Identifier: Apache-2.0
#include "app/detect.h"

#include <optional>

#include <fmt/format.h>

#include "docker/http_engine.h"
#include "net/http_client.h"

namespace rm::app {
namespace {

using namespace std::chrono_literals;

constexpr Duration patience = 2s;
constexpr auto usual_socket = "unix:///var/run/docker.sock";
constexpr auto usual_prometheus = "http://127.0.0.1:9090";

bool docker_answers(config::Docker docker) {
    docker.timeout = patience;
    const auto engine = docker::HttpEngine::make(docker);
    return engine && (*engine)->ping({});
}

bool prometheus_answers(const std::string& address, const config::Prometheus& prometheus) {
    const auto url = net::Url::parse(address);
    if (!url) return false;
    net::HttpClient client({.timeouts = {.connect = patience, .total = patience},
                            .tls = {.ca_file = prometheus.ca_file.string()}});
    const auto response = client.send({.method = net::Method::get,
                                       .url = *url,
                                       .target = "/-/ready",
                                       .token = prometheus.bearer_token.value},
                                      {});
    return response && response->ok();
}

/// The address that answers: the configured one, or else the usual one.
std::optional<std::string> find_docker(const config::Docker& docker) {
    if (docker_answers(docker)) return docker.host.with_password();
    config::Docker local = docker;
    local.host = config::Url(usual_socket);
    if (docker_answers(local)) return usual_socket;
    return std::nullopt;
}

std::optional<std::string> find_prometheus(const config::Prometheus& prometheus) {
    for (const std::string& address : {prometheus.url.with_password(), std::string(usual_prometheus)})
        if (prometheus_answers(address, prometheus)) return address;
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
