// SPDX-License-Identifier: Apache-2.0
#include "core/url.h"

#include <algorithm>
#include <charconv>

#include <sys/un.h>

#include "core/ip_address.h"
#include "core/percent.h"
#include "core/text.h"

namespace rm {
namespace {

constexpr std::string_view hidden = "***";

bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

bool has_control(std::string_view text) {
    return std::ranges::any_of(text, is_control);
}

bool has_only(std::string_view text, std::string_view marks) {
    return std::ranges::all_of(
        text, [&](char c) { return is_letter_or_digit(c) || marks.find(c) != std::string_view::npos; });
}

bool has_dot_segment(std::string_view path) {
    while (!path.empty()) {
        const std::size_t end = std::min(path.find('/'), path.size());
        const std::string_view segment = path.substr(0, end);
        if (segment == "." || segment == "..") return true;
        path.remove_prefix(std::min(end + 1, path.size()));
    }
    return false;
}

Status check_target(std::string_view target) {
    if (target.empty()) return {};
    if (target[0] != '/' && target[0] != '?')
        return fail(ErrorCode::invalid, "the path has to start with '/'");
    for (const char c : target)
        if (!is_letter_or_digit(c) &&
            std::string_view("-._~!$&'()*+,;=:@/?%").find(c) == std::string_view::npos)
            return fail(ErrorCode::invalid, "{} has to be percent-encoded in a path or query",
                        quoted(std::string_view(&c, 1)));
    const auto path = percent_decoded(target.substr(0, target.find('?')));
    if (!path || !percent_decoded(target))
        return fail(ErrorCode::invalid, "a '%' is not followed by the code of a character");
    if (has_control(*path)) return fail(ErrorCode::invalid, "a path may not hide a control character");
    if (has_dot_segment(*path)) return fail(ErrorCode::invalid, "a path may not have a segment '.' or '..'");
    return {};
}

Result<std::uint16_t> read_port(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc() || end != text.data() + text.size() || port == 0 || text[0] == '0')
        return fail(ErrorCode::invalid, "the port has to be a number from 1 to 65535");
    return port;
}

Status check_socket_path(std::string_view path) {
    constexpr std::size_t longest = sizeof(sockaddr_un::sun_path) - 1;
    if (path.size() < 2 || path[0] != '/' || path.back() == '/')
        return fail(ErrorCode::invalid,
                    "a unix socket is written with its whole path, as in unix:///var/run/docker.sock");
    if (path.size() > longest)
        return fail(ErrorCode::invalid, "the path of a unix socket can have {} bytes at most", longest);
    if (!is_printable(path))
        return fail(ErrorCode::invalid, "the path of the unix socket has a character that cannot be printed");
    return {};
}

/// Replaces what stands behind `password=` in the query.
void hide_parameter(std::string& text) {
    constexpr std::string_view name = "password=";
    for (auto at = text.find('?'); (at = text.find(name, at)) != std::string::npos;) {
        const auto from = at + name.size();
        const auto end = text.find_first_of("&#", from);
        text.replace(from, end == std::string::npos ? end : end - from, hidden);
        at = from;
    }
}

/// `read` with the text put before its reason, as far as that may be quoted.
Result<Url> quoting(std::string_view text, Result<Url> read) {
    if (read) return read;
    return fail(std::move(read).error().with_prefix(
        fmt::format("{} is not a usable URL", quoted(without_password(text)))));
}

}  // namespace

std::string without_password(std::string_view text) {
    std::string result(text);
    const auto slashes = result.find("//");
    const auto from = slashes == std::string::npos ? 0 : slashes + 2;
    const auto at = result.rfind('@');
    if (at != std::string::npos && at >= from) {
        const auto colon = result.find(':', from);
        const bool with_user = slashes != std::string::npos && colon < at;
        result.replace(with_user ? colon + 1 : from, at - (with_user ? colon + 1 : from), hidden);
    }
    hide_parameter(result);
    return result;
}

Result<Url> Url::parse(std::string_view text) {
    return quoting(text, read(text));
}

Result<Url> Url::parse(const Secret& text) {
    auto url = read(text.reveal());
    if (!url) return fail(url.error().with_prefix("the URL (a secret, not shown) is not usable"));
    url->secret_ = true;
    return url;
}

// The reasons given below quote at most one character: who knows which part of a mistyped URL was meant to be
// a password.
Result<Url> Url::read(std::string_view text) {
    const std::size_t colon = text.find("://");
    if (colon == std::string_view::npos)
        return fail(ErrorCode::invalid, "it has to start with http://, https:// or unix://");
    const std::string scheme = lower(text.substr(0, colon));
    const std::string_view rest = text.substr(colon + 3);
    Url url;
    if (scheme == "unix") {
        if (const auto checked = check_socket_path(rest); !checked) return fail(checked.error());
        url.socket_ = rest;
        url.host_ = "localhost";
        return url;
    }
    if (scheme != "http" && scheme != "https")
        return fail(ErrorCode::invalid, "only http, https and unix are spoken here");
    url.tls_ = scheme == "https";
    const std::size_t end = std::min(rest.find_first_of("/?#"), rest.size());
    if (const auto read = url.read_authority(rest.substr(0, end)); !read) return fail(read.error());
    url.target_ = rest.substr(end);
    if (url.target_ == "/") url.target_.clear();
    if (const auto checked = check_target(url.target_); !checked) return fail(checked.error());
    // A password with an unescaped '/' looks like a path with an '@'; taken as a path it would be printed.
    if (url.target_.find('@') != std::string::npos)
        return fail(ErrorCode::invalid, "an '@' behind the host has to be written %40");
    return url;
}

Status Url::read_authority(std::string_view authority) {
    if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
        if (const auto read = read_user(authority.substr(0, at)); !read) return read;
        authority.remove_prefix(at + 1);
    }
    const bool bracket = authority.starts_with('[');
    const std::size_t host_end = bracket ? std::min(authority.find(']'), authority.size() - 1) + 1
                                         : std::min(authority.find(':'), authority.size());
    host_ = authority.substr(0, host_end);
    const std::string_view port = authority.substr(host_end);
    if (!is_host(host_))
        return fail(ErrorCode::invalid,
                    "the host has to be a name in ASCII or an address (an IPv6 address in brackets)");
    if (port.empty()) return {};
    const auto number =
        port[0] == ':'
            ? read_port(port.substr(1))
            : Result<std::uint16_t>(fail(ErrorCode::invalid, "behind the host comes a port or a path"));
    if (!number) return fail(number.error());
    port_ = *number;
    return {};
}

Status Url::read_user(std::string_view text) {
    const std::size_t colon = std::min(text.find(':'), text.size());
    const auto user = percent_decoded(text.substr(0, colon));
    const auto password = percent_decoded(text.substr(std::min(colon + 1, text.size())));
    const bool readable = has_only(text, "-._~!$&'()*+,;=:%") && user && password && !has_control(*user) &&
                          !has_control(*password);
    if (!readable || user->empty() || user->find(':') != std::string::npos)
        return fail(ErrorCode::invalid, "what stands before the '@' is not user:password, percent-encoded");
    user_ = *user;
    password_ = Secret(*password);
    return {};
}

std::string print(const Url& url, std::string_view target) {
    if (url.secret() && !url.socket().empty()) return "unix:///***";
    const std::string whole = joined(url, target).value_or("/");
    const std::string path = whole.substr(0, whole.find('?'));
    if (!url.socket().empty())
        return fmt::format("unix://{}{}", url.socket(), path == "/" ? "" : fmt::format(" ({})", path));
    const std::string port = url.port() ? fmt::format(":{}", *url.port()) : std::string();
    return fmt::format("{}://{}{}{}", url.tls() ? "https" : "http", url.host(), port,
                       url.secret() ? "/***" : path);
}

Result<Url> read_docker_host(std::string_view text, bool tls) {
    constexpr std::string_view tcp = "tcp://";
    if (!lower(text.substr(0, tcp.size())).starts_with(tcp)) return Url::read(text);
    std::string_view rest = text.substr(tcp.size());
    if (rest.ends_with('/')) rest.remove_suffix(1);
    const auto as_url = [&](std::string_view port) {
        return Url::read(fmt::format("{}://{}{}", tls ? "https" : "http", rest, port));
    };
    auto url = as_url("");
    if (url && !url->port() && url->target().empty()) url = as_url(tls ? ":2376" : ":2375");
    if (!url || !url->target().empty())
        return fail(ErrorCode::invalid, "tcp:// is followed by a host and a port only");
    return url;
}

Result<Url> parse_docker_host(std::string_view text, bool tls) {
    return quoting(text, read_docker_host(text, tls));
}

Result<std::string> joined(const Url& url, std::string_view target) {
    std::string base = url.target();
    if (target.empty()) return base.empty() || base[0] == '?' ? "/" + base : base;
    if (base.find('?') != std::string::npos)
        return fail(ErrorCode::invalid, "nothing can be put behind a URL that has a query");
    if (base.ends_with('/')) base.pop_back();
    base += target;
    if (base[0] != '/') base.insert(0, 1, '/');
    if (const auto checked = check_target(target); !checked)
        return fail(url.secret() ? checked.error() : checked.error().with_prefix(quoted(target)));
    return base;
}

}  // namespace rm
