// SPDX-License-Identifier: Apache-2.0
#include "docker/clone_parts.h"
#include "docker/json.h"
#include "docker/services.h"

namespace rm::docker {
namespace {

namespace json = boost::json;

/// Host names that nobody gave: the engine makes them of the id, or takes them from the host or from the
/// container whose network is used, and then refuses to be told.
bool is_made_up(const Blueprint& blue, std::string_view host_name) {
    const json::value* uts = member(blue.host, "UTSMode");
    const bool of_the_host = uts != nullptr && uts->is_string() && uts->get_string() == "host";
    return host_name == blue.brief_id() || blue.is_network_guest() || of_the_host;
}

Status settle_host_name(const Blueprint& blue, json::object& config) {
    const auto name = text_or_empty(blue.config, "Hostname");
    if (!name) return fail(name.error().with_prefix("Config"));
    if (is_made_up(blue, *name)) config.erase("Hostname");
    if (!blue.is_network_guest()) return {};
    config.erase("Domainname");
    config.erase("ExposedPorts");  // those of the image; it is refused to name any
    return {};
}

/// Left out or empty it would be taken from the image, where the user may have set it to nothing.
void settle_entrypoint(const Blueprint& blue, json::object& config) {
    const json::value* entrypoint = member(blue.config, "Entrypoint");
    const bool is_empty =
        entrypoint == nullptr || (entrypoint->is_array() && entrypoint->get_array().empty());
    if (is_empty) config["Entrypoint"] = json::array{""};
}

Status settle_address(const Blueprint& blue, const CloneWanted& wanted, json::object& config) {
    const auto address = text_or_empty(blue.config, "MacAddress");
    if (!address) return fail(address.error().with_prefix("Config"));
    if (wanted.keep_addresses) return {};
    if (!address->empty())
        return fail(ErrorCode::unsupported, "Config.MacAddress: two containers can't have the address {}",
                    printable(*address));
    config.erase("MacAddress");
    return {};
}

Status settle_labels(const CloneWanted& wanted, json::object& config) {
    json::object labels;
    if (const json::value* before = member(config, "Labels"); before != nullptr) {
        const auto object = object_of(*before, "Config.Labels");
        if (!object) return fail(object.error());
        labels = **object;
    }
    json::object kept;
    for (const auto& [name, value] : labels)
        if (!name.starts_with(internal_labels)) kept.emplace(name, value);
    if (wanted.container_number && kept.contains(compose_number))
        kept[compose_number] = std::to_string(*wanted.container_number);
    for (const auto& [name, value] : wanted.labels) kept[name] = value;
    config["Labels"] = std::move(kept);
    return {};
}

}  // namespace

Result<json::object> clone_config(const Blueprint& blue, const CloneWanted& wanted) {
    json::object config = blue.config;
    if (const auto done = settle_host_name(blue, config); !done) return fail(done.error());
    if (const auto done = settle_address(blue, wanted, config); !done) return fail(done.error());
    if (const auto done = settle_labels(wanted, config); !done) return fail(done.error());
    settle_entrypoint(blue, config);
    if (wanted.image) config["Image"] = *wanted.image;
    return config;
}

}  // namespace rm::docker
