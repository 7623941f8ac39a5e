// SPDX-License-Identifier: Apache-2.0
// URLs for those who send requests: core/url.h, whose grammar the configuration shares, and how what is sent
// is put into one.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "core/url.h"

namespace rm::net {

using rm::joined;
using rm::parse_docker_host;
using rm::Url;

/// `text` for one place in a path, a query or a form: all but letters, digits and `-._~` percent-encoded.
std::string encoded(std::string_view text);

/// `query=up&time=1`, for a query string or a body of type application/x-www-form-urlencoded.
std::string form(std::initializer_list<std::pair<std::string_view, std::string_view>> fields);

}  // namespace rm::net
