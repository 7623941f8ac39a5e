// SPDX-License-Identifier: Apache-2.0
// Who a request says it is for (Host) and where the page that sent it came from (Origin).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rm::serve {

struct Authority {
    std::string host;  // in lower case, an IPv6 address without its brackets
    std::string port;  // empty if none was given
    bool is_address = false;

    friend bool operator==(const Authority&, const Authority&) = default;
};

/// `example.org:8000`, `127.0.0.1`, `[::1]:80`; nothing if it is malformed.
std::optional<Authority> parse_authority(std::string_view text);

/// Whether `origin` ("https://rm.example.org") is the page's own server as `host` names it. The scheme is not
/// compared: behind a proxy that ends TLS we cannot know it.
bool same_origin(std::string_view origin, std::string_view host);

}  // namespace rm::serve
