// SPDX-License-Identifier: Apache-2.0
// Url: where a peer is, checked once and then always valid: http://, https:// or unix:///path/of.sock.
// It admits less than the standard does (no fragment, no space, no dot segment, no non-ASCII), so that
// whoever reads it after us reads the same. Its password, and all of a secret URL but the host, are never
// printed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"
#include "core/secret.h"

namespace rm {

class Url {
public:
    /// `http://prometheus:9090/base`, `https://user:password@host/path?query`, `unix:///var/run/docker.sock`.
    static Result<Url> parse(std::string_view text);

    /// A URL that is itself a secret, like a webhook's: no error quotes it, `print` shows scheme and host.
    static Result<Url> parse(const Secret& text);

    [[nodiscard]] bool tls() const { return tls_; }
    /// The unix socket's path; empty where the peer is reached over TCP.
    [[nodiscard]] const std::string& socket() const { return socket_; }
    /// As it stands in a URL: `prometheus`, `[::1]`; `localhost` for a unix socket.
    [[nodiscard]] const std::string& host() const { return host_; }
    /// What was written; nothing means the scheme's own.
    [[nodiscard]] std::optional<std::uint16_t> port() const { return port_; }
    /// `/base?query`; empty for the root of a host or a socket.
    [[nodiscard]] const std::string& target() const { return target_; }
    [[nodiscard]] const std::string& user() const { return user_; }
    [[nodiscard]] const Secret& password() const { return password_; }
    [[nodiscard]] bool secret() const { return secret_; }

    friend bool operator==(const Url&, const Url&) = default;

    /// As `parse`, for callers who name the text themselves: the error gives the reason alone.
    static Result<Url> read(std::string_view text);

private:
    Url() = default;
    Status read_authority(std::string_view authority);
    Status read_user(std::string_view text);

    bool tls_ = false;
    bool secret_ = false;
    std::optional<std::uint16_t> port_;
    std::string socket_;
    std::string host_;
    std::string target_;
    std::string user_;
    Secret password_;
};

/// For people: without user, password and query, and without the path of a secret URL. `target` as in
/// `joined`. Behind a unix socket it stands apart: `unix:///var/run/docker.sock (/events)`.
std::string print(const Url& url, std::string_view target = {});

/// What `docker.host` and DOCKER_HOST hold: `unix://`, `http(s)://` as above, and `tcp://host[:port]`, which
/// is HTTP, or HTTPS with `tls`, and whose port is 2375 or 2376 unless written.
Result<Url> parse_docker_host(std::string_view text, bool tls);

/// As `parse_docker_host`; the error gives the reason alone, like that of `Url::read`.
Result<Url> read_docker_host(std::string_view text, bool tls);

/// `text`, which may not even be a URL, as it may be quoted in a message: all that can be a password between
/// `//user:` and the last `@` is `***`, and so is what stands behind `password=` in a query.
std::string without_password(std::string_view text);

/// The request target `/path?query` of `url` with `target` put behind its path; an error if `target` is not
/// safe to send as it is (see `encoded` in net/url.h), or if its path has a `.` or `..` segment,
/// percent-encoded or not.
Result<std::string> joined(const Url& url, std::string_view target);

}  // namespace rm
