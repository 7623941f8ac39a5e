// SPDX-License-Identifier: Apache-2.0
#include "deploy/traefik.h"

#include <algorithm>

#include <boost/json.hpp>

#include "core/text.h"
#include "docker/json.h"
#include "net/http_client.h"
#include "net/url.h"

namespace rm::deploy {
namespace {

constexpr Duration traefik_answers_within = std::chrono::seconds(5);
constexpr std::size_t longest_service = std::size_t{1} << 20;

/// The provider stands behind an @, which a path may have.
std::string in_path(std::string_view service) {
    const auto at = service.find('@');
    if (at == std::string_view::npos) return net::encoded(service);
    return net::encoded(service.substr(0, at)) + '@' + net::encoded(service.substr(at + 1));
}

/// `http://172.18.0.3:80`: the address in it, without brackets.
std::string host_in(std::string_view server) {
    const auto url = Url::read(server);
    return url ? std::string(trimmed(url->host(), "[]")) : std::string();
}

}  // namespace

Result<TraefikServers> read_traefik_servers(std::string_view body) {
    const auto value = docker::parse_json(body, longest_service);
    if (!value) return fail(value.error());
    const auto service = docker::object_of(*value, "the service");
    if (!service) return fail(service.error());
    const auto status = docker::object_at(**service, "serverStatus");
    if (!status) return fail(status.error());
    TraefikServers servers;
    for (const auto& [server, state] : **status) {
        const bool up = state.is_string() && state.get_string() == "UP";
        const auto [known, added] = servers.emplace(host_in(server), up);
        if (!added) known->second = known->second && up;
    }
    return servers;
}

Result<TraefikServers> ask_traefik(const config::Traefik& traefik, const std::stop_token& stop) {
    const auto url = net::Url::parse(traefik.url.with_password());
    if (!url) return fail(url.error());
    net::HttpClient client({.timeouts = {.connect = traefik_answers_within, .total = traefik_answers_within},
                            .body_cap = Bytes(static_cast<std::int64_t>(longest_service))});
    const auto response =
        client.send({.url = *url, .target = "/api/http/services/" + in_path(traefik.service)}, stop);
    if (!response) return fail(response.error().with_prefix("Traefik"));
    if (response->status == 404)
        return fail(ErrorCode::not_found, "Traefik does not know the service {}", quoted(traefik.service));
    if (!response->ok())
        return fail(response->status >= 500 ? ErrorCode::unavailable : ErrorCode::permission,
                    "Traefik answers with status {} at {}", response->status, print(*url));
    auto servers = read_traefik_servers(response->body);
    if (!servers) return fail(ErrorCode::protocol, "Traefik: {}", servers.error().message);
    return servers;
}

Status is_up_in(const TraefikServers& servers, const std::vector<std::string>& addresses,
                const std::string& name) {
    bool known = false;
    for (const std::string& address : addresses) {
        const auto found = servers.find(address);
        if (found == servers.end()) continue;
        known = true;
        if (found->second) return {};
    }
    return fail(ErrorCode::unavailable, "Traefik {} {} yet", known ? "does not hold for up" : "does not know",
                name);
}

}  // namespace rm::deploy
