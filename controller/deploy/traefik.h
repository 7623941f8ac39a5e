// SPDX-License-Identifier: Apache-2.0
// Whether Traefik sends requests to a container, asked of its API. Any thread.
#pragma once

#include <map>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "config/settings.h"
#include "core/result.h"

namespace rm::deploy {

/// The servers of a service: by their addresses, without a port, whether Traefik holds them for up.
using TraefikServers = std::map<std::string, bool>;

/// GET /api/http/services/{name}. Pure.
Result<TraefikServers> read_traefik_servers(std::string_view body);

/// `not_found` while Traefik does not know the service.
Result<TraefikServers> ask_traefik(const config::Traefik& traefik, const std::stop_token& stop);

/// `unavailable` when none of a container's addresses is an up server. `name` is the container's.
Status is_up_in(const TraefikServers& servers, const std::vector<std::string>& addresses,
                const std::string& name);

}  // namespace rm::deploy
