// SPDX-License-Identifier: Apache-2.0
// What is an IP address and what is a name. Pure functions.
#pragma once

#include <string_view>

namespace rm {

/// `127.0.0.1`
bool is_ipv4(std::string_view text);

/// `::1`, without brackets and without a zone.
bool is_ipv6(std::string_view text);

/// What stands for the host in a URL: a name in ASCII, an IPv4 address, or an IPv6 address in brackets.
bool is_host(std::string_view text);

}  // namespace rm
