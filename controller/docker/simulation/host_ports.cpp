// SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <limits>
#include <string>
#include <string_view>

#include "docker/json.h"
#include "docker/simulation/setup.h"

namespace rm::docker {
namespace {

namespace json = boost::json;

Result<std::uint16_t> port_of(std::string_view text) {
    if (text.empty()) return std::uint16_t{0};
    std::uint16_t port = 0;
    const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (wrong != std::errc() || end != text.data() + text.size())
        return fail(ErrorCode::invalid, "invalid port specification: \"{}\"", text);
    return port;
}

Result<HostPort> binding_of(std::string_view container_port, const json::value& given) {
    const auto binding = object_of(given, "a port's binding");
    if (!binding) return fail(binding.error());
    auto address = text_or_empty(**binding, "HostIp");
    if (!address) return fail(address.error());
    const auto text = text_or_empty(**binding, "HostPort");
    if (!text) return fail(text.error());
    const auto port = port_of(*text);
    if (!port) return fail(port.error());
    const auto slash = container_port.find('/');
    return HostPort{
        .protocol = slash == std::string_view::npos ? "tcp" : std::string(container_port.substr(slash + 1)),
        .container_port = std::string(container_port),
        .address = *address == "0.0.0.0" ? std::string() : *std::move(address),
        .port = *port};
}

}  // namespace

Result<std::vector<HostPort>> host_ports(const SimulatedSetup& setup) {
    const auto exposed = object_at(setup.config, "ExposedPorts");
    if (!exposed) return fail(exposed.error());
    const auto wanted = object_at(setup.host, "PortBindings");
    if (!wanted) return fail(wanted.error());
    std::vector<HostPort> ports;
    for (const auto& [container_port, bindings] : **wanted) {
        if (!bindings.is_array()) continue;
        for (const json::value& given : bindings.get_array()) {
            auto port = binding_of(container_port, given);
            if (!port) return fail(port.error());
            if ((*exposed)->contains(container_port)) ports.push_back(*std::move(port));
        }
    }
    return ports;
}

}  // namespace rm::docker
