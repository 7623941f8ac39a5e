// SPDX-License-Identifier: Apache-2.0
#include "config/probe_kinds.h"

#include <array>

#include "core/text.h"
#include "core/url.h"

namespace rm::config {
namespace {

constexpr std::size_t longest_path = 4096;

/// `scheme://:port` and what follows; the host is the container's, whichever that will be.
Result<rm::Url> read_behind(std::string_view text, std::string_view scheme) {
    if (!text.starts_with(scheme) || !text.substr(scheme.size()).starts_with("://:"))
        return fail(ErrorCode::invalid, "it is written {}://:PORT, without a host", scheme);
    if (text.size() > longest_path)
        return fail(ErrorCode::invalid, "it is longer than {} characters", longest_path);
    return rm::Url::read(fmt::format("http://container{}", text.substr(scheme.size() + 3)));
}

Result<ProbeAddress> read_probe(std::string_view text) {
    const bool tcp = text.starts_with("tcp:");
    const auto url = read_behind(text, tcp ? "tcp" : "http");
    if (!url) return fail(url.error());
    if (!url->port() || !url->user().empty()) return fail(ErrorCode::invalid, "it has a port and no user");
    if (tcp && (!url->target().empty() || text.ends_with('/')))
        return fail(ErrorCode::invalid, "tcp:// is followed by a colon and a port only");
    if (url->target().starts_with('?')) return fail(ErrorCode::invalid, "a slash comes before the query");
    return ProbeAddress{.scheme = tcp ? ProbeAddress::Scheme::tcp : ProbeAddress::Scheme::http,
                        .port = *url->port(),
                        .target = url->target()};
}

Result<ProbeAddress> read_http_probe(std::string_view text) {
    if (text.starts_with("tcp:")) return fail(ErrorCode::invalid, "it starts with http://");
    return read_probe(text);
}

Result<HealthSource> read_health(std::string_view text) {
    constexpr std::array named{HealthBy::docker, HealthBy::running, HealthBy::command};
    for (const HealthBy by : named)
        if (print(HealthSource{.by = by}) == text) return HealthSource{.by = by};
    const auto probe = read_probe(text);
    if (!probe) return fail(probe.error());
    return HealthSource{.by = HealthBy::probe, .probe = *probe};
}

Result<std::string> read_container_file(std::string_view text) {
    if (text.size() < 2 || text.size() > longest_path || !text.starts_with('/') || text.ends_with('/'))
        return fail(ErrorCode::invalid, "it starts with a slash and ends with the file's name");
    if (!is_printable(text)) return fail(ErrorCode::invalid, "it has a character that cannot be printed");
    const std::string around = fmt::format("{}/", text);
    for (const std::string_view part : {"//", "/./", "/../"})
        if (around.find(part) != std::string::npos)
            return fail(ErrorCode::invalid, "it goes straight to the file");
    return std::string(text);
}

Result<Url> read_haproxy_socket(std::string_view text) {
    constexpr std::string_view tcp = "tcp://";
    if (!text.starts_with(tcp) && !text.starts_with("unix://"))
        return fail(ErrorCode::invalid, "it starts with tcp or unix");
    const auto url = rm::Url::read(text.starts_with(tcp) ? fmt::format("http://{}", text.substr(tcp.size()))
                                                         : std::string(text));
    if (!url) return fail(url.error());
    const bool is_socket = !url->socket().empty();
    if (!is_socket && (!url->port() || !url->target().empty() || !url->user().empty()))
        return fail(ErrorCode::invalid, "tcp:// is followed by a host and a port only");
    return Url(std::string(text));
}

template <class T>
Kind<T> kind_of(const std::string& expects, const std::string& pattern, Result<T> (*read)(std::string_view),
                Node (*write)(const T&)) {
    return scalar<T>({.expects = expects,
                      .schema = map({{"type", string("string")}, {"pattern", string(pattern)}}),
                      .parse = [read](std::string_view text) -> std::optional<T> {
                          auto value = read(text);
                          if (!value) return std::nullopt;
                          return *std::move(value);
                      },
                      .write = write,
                      .why =
                          [read](std::string_view text) {
                              const auto value = read(text);
                              return value ? std::string() : value.error().message;
                          }});
}

template <class T>
Node printed(const T& value) {
    return string(print(value));
}

}  // namespace

Kind<HealthSource> health_source() {
    return kind_of<HealthSource>(
        "docker or running or command, or a port to ask, like http://:8080/healthz or tcp://:5432",
        "^(docker|running|command|http://:[0-9]+(/.*)?|tcp://:[0-9]+)$", &read_health,
        &printed<HealthSource>);
}

Kind<ProbeAddress> http_probe() {
    return kind_of<ProbeAddress>("a port and a path of the container, like http://:8080/ready",
                                 "^http://:[0-9]+(/.*)?$", &read_http_probe, &printed<ProbeAddress>);
}

Kind<std::string> container_file() {
    return kind_of<std::string>("the whole path of a file, like /tmp/drain", "^/.*[^/]$",
                                &read_container_file, [](const std::string& value) { return string(value); });
}

Kind<Url> haproxy_socket() {
    return kind_of<Url>("a socket, like unix:///run/haproxy/admin.sock or tcp://haproxy:9999",
                        "^(unix:///|tcp://).+$", &read_haproxy_socket,
                        [](const Url& value) { return string(value.with_password()); });
}

}  // namespace rm::config
