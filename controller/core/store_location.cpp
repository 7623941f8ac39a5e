// SPDX-License-Identifier: Apache-2.0
#include "core/store_location.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "core/percent.h"
#include "core/text.h"

namespace rm {
namespace {

constexpr std::array<std::string_view, 4> known_options = {"sslmode", "sslrootcert", "sslcert", "sslkey"};
constexpr std::string_view postgres_form = "postgresql://user@host:port/database?sslmode=...";

/// Cuts `text` at the first `mark`: returns what is before it and leaves what is behind it.
std::optional<std::string_view> cut(std::string_view& text, char mark) {
    const auto at = text.find(mark);
    if (at == std::string_view::npos) return std::nullopt;
    const auto before = text.substr(0, at);
    text.remove_prefix(at + 1);
    return before;
}

Result<std::string> decoded(std::string_view text) {
    auto plain = percent_decoded(text);
    if (!plain || plain->find('\0') != std::string::npos)
        return fail(
            ErrorCode::invalid,
            "the store URL has a % that is not followed by the two hexadecimal digits of a character");
    return *std::move(plain);
}

Result<StoreLocation> parse_sqlite(std::string_view path) {
    if (path.starts_with("//"))
        return fail(
            ErrorCode::invalid,
            "the store URL is sqlite:PATH without slashes before the path: sqlite:data/x.db is relative to "
            "the working directory, sqlite:/var/lib/x.db is absolute");
    if (path.empty() || path.ends_with('/'))
        return fail(ErrorCode::invalid, "the store URL names no file: write sqlite:data/resource-manager.db");
    if (path.starts_with(':') || path.starts_with("file:"))
        return fail(ErrorCode::unsupported, "the store must be a file that survives a restart, not {}",
                    quoted(path));
    if (path.find('"') != std::string_view::npos || path.find('\0') != std::string_view::npos)
        return fail(ErrorCode::unsupported, "the path of the store cannot contain a double quote: {}",
                    quoted(path));
    return SqliteFile{std::string(path)};
}

Status parse_options(std::string_view text, PostgresServer& server) {
    while (!text.empty()) {
        std::string_view one = text;
        if (const auto first = cut(text, '&')) {
            one = *first;
        } else {
            text = {};
        }
        const auto name = cut(one, '=');
        if (!name) return fail(ErrorCode::invalid, "the store URL's options are written name=value");
        if (std::ranges::find(known_options, *name) == known_options.end()) {
            const auto near = closest(*name, known_options);
            return fail(ErrorCode::invalid, "the store URL has an unknown option {}{}", quoted(*name),
                        near.empty() ? std::string() : fmt::format("; did you mean {}?", quoted(near)));
        }
        auto value = decoded(one);
        if (!value) return fail(value.error());
        server.options[std::string(*name)] = *std::move(value);
    }
    return {};
}

Status parse_host(std::string_view text, PostgresServer& server) {
    std::string_view host = text;
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        if (end == std::string_view::npos) return fail(ErrorCode::invalid, "the store URL has [ without ]");
        host = text.substr(1, end - 1);
        text.remove_prefix(end + 1);
    } else {
        host = text.substr(0, text.find(':'));
        text.remove_prefix(host.size());
    }
    if (host.empty()) return fail(ErrorCode::invalid, "the store URL names no host: write {}", postgres_form);
    auto name = decoded(host);
    if (!name) return fail(std::move(name).error());
    server.host = *std::move(name);
    if (text.empty()) return {};
    const std::string_view port = text.substr(1);
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), server.port);
    if (!text.starts_with(':') || error != std::errc() || end != port.data() + port.size() ||
        server.port < 1 || server.port > 65535)
        return fail(ErrorCode::invalid, "the store URL has the port {}: it must be from 1 to 65535",
                    quoted(port));
    return {};
}

Result<StoreLocation> parse_postgres(std::string_view rest) {
    PostgresServer server;
    std::string_view options;
    if (const auto at = rest.find('?'); at != std::string_view::npos) {
        options = rest.substr(at + 1);
        rest = rest.substr(0, at);
    }
    // The last @ ends the user part, so that a password with an @ in it is not taken for a host and shown.
    const auto at = rest.rfind('@');
    if (at == std::string_view::npos || at == 0)
        return fail(ErrorCode::invalid, "the store URL names no user: write {}", postgres_form);
    const std::string_view who = rest.substr(0, at);
    if (who.find(':') != std::string_view::npos)
        return fail(
            ErrorCode::invalid,
            "the store URL has a password in it; put it into a file and name that in store.password_file");
    rest.remove_prefix(at + 1);
    const auto host = cut(rest, '/');
    if (!host || rest.empty())
        return fail(ErrorCode::invalid, "the store URL names no database: write {}", postgres_form);
    if (Status status = parse_host(*host, server); !status) return fail(status.error());
    auto user = decoded(who);
    if (!user) return fail(user.error());
    server.user = *std::move(user);
    auto database = decoded(rest);
    if (!database) return fail(database.error());
    server.database = *std::move(database);
    if (Status status = parse_options(options, server); !status) return fail(status.error());
    return server;
}

}  // namespace

Result<StoreLocation> parse_store_location(std::string_view url) {
    std::string_view rest = url;
    const auto scheme = cut(rest, ':').value_or("");
    if (scheme == "sqlite") return parse_sqlite(rest);
    const bool postgres = scheme == "postgresql" || scheme == "postgres";
    if (postgres && rest.starts_with("//")) return parse_postgres(rest.substr(2));
    return fail(ErrorCode::invalid, "the store URL begins with {}: it must be sqlite:PATH or {}",
                quoted(scheme.empty() ? url.substr(0, 10) : scheme), postgres_form);
}

}  // namespace rm
