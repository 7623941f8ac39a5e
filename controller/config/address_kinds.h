// SPDX-License-Identifier: Apache-2.0
// Kinds of values that say where somebody is. They take what the parsers in core/ take, which those who
// connect use too, so that a configuration that passed is not refused later.
#pragma once

#include <string>
#include <string_view>

#include "config/kind.h"
#include "config/values.h"
#include "core/secret.h"

namespace rm::config {

/// An http or https address that paths are put behind, so without a query.
Kind<Url> web_address();
/// Where a Docker Engine is: `tcp://host:port`, `unix:///path`, or a web address.
Kind<Url> docker_host();
/// Where the database is: `sqlite:PATH` or `postgresql://user@host/database`.
Kind<Url> store_url();
/// An http or https address that is a secret as a whole, as webhooks' are.
Kind<Secret> secret_url();
/// An IP address and a port.
Kind<ListenAddress> listen_address();
/// What a browser sends as `Origin`, in its form: `https://grafana.example.com`.
Kind<std::string> web_origin();
/// What a client sends as `Host`, without the port and in lower case.
Kind<std::string> host_name();

/// Whether `text` is an http or https address.
bool is_web_address(std::string_view text);

}  // namespace rm::config
