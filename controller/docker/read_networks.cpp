// SPDX-License-Identifier: Apache-2.0
#include "docker/json.h"
#include "docker/read.h"

namespace rm::docker {

Result<bool> read_is_connected(std::string_view body, std::string_view network) {
    const auto value = parse_json(body, longest_answer);
    if (!value) return fail(value.error());
    const auto document = object_of(*value, "the container");
    if (!document) return fail(document.error());
    const auto settings = object_at(**document, "NetworkSettings");
    if (!settings) return fail(settings.error());
    const auto networks = object_at(**settings, "Networks");
    if (!networks) return fail(networks.error());
    for (const auto& [name, about] : **networks) {
        const auto endpoint = object_of(about, "a network");
        if (!endpoint) return fail(endpoint.error());
        const auto id = text_or_empty(**endpoint, "NetworkID");
        if (!id) return fail(id.error());
        if (name == network || *id == network) return true;
    }
    return false;
}

}  // namespace rm::docker
