// SPDX-License-Identifier: Apache-2.0
#include "deploy/probe.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "core/text.h"
#include "deploy/reach.h"
#include "net/http_client.h"
#include "net/plain_socket.h"

namespace rm::deploy {
namespace {

constexpr Duration shortest_probe = std::chrono::seconds(1);
constexpr Duration longest_probe = std::chrono::seconds(10);

/// As it stands in a URL.
std::string host_of(const std::string& address) {
    return address.find(':') == std::string::npos ? address : '[' + address + ']';
}

/// The status alone counts: of the body, which may be long or endless, only the beginning is waited for.
Result<std::string> probe_http(const std::string& address, const config::ProbeAddress& what, Duration limit,
                               const std::stop_token& stop) {
    const auto url = net::Url::parse(fmt::format("http://{}:{}{}", host_of(address), what.port, what.target));
    if (!url) return fail(url.error());
    net::HttpClient client(
        {.timeouts = {.connect = limit, .total = limit, .stream = limit}, .body_cap = Bytes::mebi(1)});
    const auto response = client.stream({.url = *url}, [](std::string_view) { return false; }, stop);
    if (!response) return fail(response.error());
    if (response->status < 200 || response->status >= 400)
        return fail(ErrorCode::unavailable, "{} answers with status {}", print(*url), response->status);
    return fmt::format("{} answers with status {}", print(*url), response->status);
}

}  // namespace

Duration probe_limit(const config::Deployment& wanted) {
    return std::clamp(wanted.health_interval, shortest_probe, longest_probe);
}

Result<std::string> probe_at(const std::string& address, const config::ProbeAddress& what, Duration limit,
                             const std::stop_token& stop) {
    if (what.scheme == config::ProbeAddress::Scheme::http) return probe_http(address, what, limit, stop);
    const net::SocketAddress there{.host = address, .port = what.port};
    const auto made = net::connect_to(there, limit, stop);
    if (!made) return fail(made.error());
    return print(there) + " takes connections";
}

Result<std::string> probe_there(docker::Engine& engine, const docker::Container& container,
                                const config::ProbeAddress& what, Duration limit,
                                const std::stop_token& stop) {
    const auto address = reach(engine, container, stop);
    if (!address) return fail(address.error());
    return probe_at(*address, what, limit, stop);
}

Result<std::string> run_inside(docker::Engine& engine, const docker::Container& container,
                               const config::Argv& argv, Duration limit, const std::stop_token& stop) {
    const auto outcome = engine.exec(container.id, {.argv = argv, .limit = limit}, stop);
    if (!outcome) return fail(outcome.error());
    const std::string_view said = trimmed(outcome->output, " \r\n\t");
    if (outcome->exit_code == 0) return valid_utf8(said);
    return fail(ErrorCode::io, "{} in {} ended with exit code {}{}{}", quoted(argv.front()), container.name,
                outcome->exit_code, said.empty() ? "" : ": ", said.empty() ? "" : quoted(said));
}

Result<std::string> probe(docker::Engine& engine, const docker::Container& container,
                          const config::Deployment& wanted, const std::stop_token& stop) {
    if (wanted.health.by == config::HealthBy::command)
        return run_inside(engine, container, wanted.health_command, probe_limit(wanted), stop);
    if (wanted.health.probe)
        return probe_there(engine, container, *wanted.health.probe, probe_limit(wanted), stop);
    return fail(ErrorCode::internal, "deployment.health says nothing to probe {} by", container.name);
}

}  // namespace rm::deploy
