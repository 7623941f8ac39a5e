// SPDX-License-Identifier: Apache-2.0
#include "tests/lab/socket_proxy.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "core/text.h"

namespace rm::lab {

namespace {

struct Part {
    std::string_view variable;
    std::string_view path;  // how the paths begin, after the version
};

constexpr std::array<Part, 22> parts{{
    {"AUTH", "/auth"},
    {"BUILD", "/build"},
    {"COMMIT", "/commit"},
    {"CONFIGS", "/configs"},
    {"CONTAINERS", "/containers"},
    {"DISTRIBUTION", "/distribution"},
    {"EVENTS", "/events"},
    {"EXEC", "/exec"},
    {"IMAGES", "/images"},
    {"INFO", "/info"},
    {"NETWORKS", "/networks"},
    {"NODES", "/nodes"},
    {"PING", "/_ping"},
    {"PLUGINS", "/plugins"},
    {"SECRETS", "/secrets"},
    {"SERVICES", "/services"},
    {"SESSION", "/session"},
    {"SWARM", "/swarm"},
    {"SYSTEM", "/system"},
    {"TASKS", "/tasks"},
    {"VERSION", "/version"},
    {"VOLUMES", "/volumes"},
}};

// Stopping, restarting and killing go under one name in the image.
constexpr std::array<Part, 3> actions{{
    {"ALLOW_START", "start"},
    {"ALLOW_STOP", "stop"},
    {"ALLOW_RESTARTS", "(stop|restart|kill)"},
}};

constexpr std::array<std::string_view, 3> usually_on{"EVENTS", "PING", "VERSION"};

bool is_on(const ProxyRules& rules, std::string_view variable) {
    const std::string name(variable);
    if (rules.off.contains(name)) return false;
    return rules.on.contains(name) || std::ranges::find(usually_on, variable) != usually_on.end();
}

bool is_known(std::string_view variable) {
    const auto named = [variable](const Part& part) { return part.variable == variable; };
    return variable == "POST" || std::ranges::any_of(parts, named) || std::ranges::any_of(actions, named);
}

std::string allow(std::string_view expression) {
    return fmt::format("    http-request allow if {{ path,url_dec -m reg ^(/v[0-9.]+)?{} }}\n", expression);
}

}  // namespace

Result<std::string> proxy_configuration(const ProxyRules& rules, const std::string& socket,
                                        std::uint16_t port) {
    for (const auto* names : {&rules.on, &rules.off})
        for (const std::string& name : *names)
            if (!is_known(name))
                return fail(ErrorCode::invalid, "the socket proxy has no variable {}", quoted(name));

    std::string allowed;
    for (const Part& action : actions)
        if (is_on(rules, action.variable))
            allowed += allow(fmt::format("/containers/[^/]+/{}$", action.path));
    for (const Part& part : parts)
        if (is_on(rules, part.variable)) allowed += allow(part.path);

    return fmt::format(
        "global\n"
        "    noreuseport\n"  // or two of them could share a port by accident
        "    log stdout format raw daemon info\n"
        "defaults\n"
        "    mode http\n"
        "    log global\n"
        "    option httplog\n"
        "    option dontlognull\n"
        "    timeout connect 10s\n"
        "    timeout http-request 10s\n"
        "    timeout client {silence}ms\n"
        "    timeout server {silence}ms\n"
        "frontend api\n"
        "    bind 127.0.0.1:{port}\n"
        "{only_reading}"
        "{allowed}"
        "    http-request deny deny_status 403\n"
        "    use_backend events if {{ path,url_dec -m reg ^(/v[0-9.]+)?/events }}\n"
        "    default_backend engine\n"
        "backend engine\n"
        "    server engine unix@{socket}\n"
        "backend events\n"
        "    timeout server 0\n"
        "    server engine unix@{socket}\n",
        fmt::arg("silence", rules.silence.count()), fmt::arg("port", port), fmt::arg("socket", socket),
        fmt::arg("only_reading",
                 is_on(rules, "POST") ? "" : "    http-request deny deny_status 403 unless METH_GET\n"),
        fmt::arg("allowed", allowed));
}

SocketProxy::SocketProxy(TempFolder folder, WebPeer peer)
    : folder_(std::move(folder)), peer_(std::move(peer)) {}

Result<SocketProxy> SocketProxy::start(const Engine& engine, const ProxyRules& rules) {
    auto folder = TempFolder::make("socket-proxy");
    if (!folder) return fail(folder.error());
    const std::filesystem::path file = folder->path() / "haproxy.cfg";
    if (auto trial = proxy_configuration(rules, engine.socket(), 1); !trial) return fail(trial.error());
    const auto program = [&](std::uint16_t port) {
        static_cast<void>(write_file(file, *proxy_configuration(rules, engine.socket(), port)));
        return Program{.name = "haproxy", .argv = {"haproxy", "-db", "-f", file}};
    };
    auto peer = WebPeer::start(program, "");
    if (!peer) return fail(peer.error());
    return SocketProxy(std::move(*folder), std::move(*peer));
}

std::string SocketProxy::host() const {
    return fmt::format("tcp://127.0.0.1:{}", peer_.port());
}

}  // namespace rm::lab
