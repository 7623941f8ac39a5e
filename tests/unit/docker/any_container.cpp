// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/docker/any_container.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string>

#include <fmt/format.h>
#include <rapidcheck.h>

#include "tests/unit/docker/clone_documents.h"

namespace rm::docker::test {
namespace {

namespace json = boost::json;

constexpr std::int64_t mebi = 1 << 20;

std::int64_t some(std::int64_t from, std::int64_t to) {
    return *rc::gen::inRange<std::int64_t>(from, to);
}

bool maybe(int of_hundred) {
    return some(0, 100) < of_hundred;
}

std::string any_text() {
    return *rc::gen::oneOf(
        rc::gen::element<std::string>("", "0", "a b", "\"\\/\n\t", "\u00e4\u20ac", "<&>", "null"),
        rc::gen::container<std::string>(rc::gen::inRange(' ', '~')));
}

std::string any_hex(std::size_t digits) {
    return *rc::gen::container<std::string>(
        digits, rc::gen::oneOf(rc::gen::inRange('0', ':'), rc::gen::inRange('a', 'g')));
}

json::value any_json(int depth) {
    switch (some(0, depth == 0 ? 6 : 8)) {
        case 0:
            return nullptr;
        case 1:
            return maybe(50);
        case 2:
            return *rc::gen::arbitrary<std::int64_t>();
        case 3:
            return std::numeric_limits<std::uint64_t>::max() - static_cast<std::uint64_t>(some(0, 9));
        case 4:
            return *rc::gen::element(0.1, -2.5e-8, 1e300, 3.141592653589793, 4.9e-324);
        case 5:
            return json::string(any_text());
        case 6: {
            json::array list;
            for (std::int64_t left = some(0, 4); left > 0; --left) list.push_back(any_json(depth - 1));
            return list;
        }
        default: {
            json::object object;
            for (std::int64_t left = some(0, 4); left > 0; --left) object[any_text()] = any_json(depth - 1);
            return object;
        }
    }
}

/// Members that mean something to clone(), and so can't be just anything.
bool is_read(const Field& field) {
    constexpr std::array read{"Hostname", "Labels",  "Entrypoint", "Links",     "Binds",
                              "Mounts",   "Aliases", "IPAMConfig", "Domainname"};
    return std::ranges::find(read, field.name) != read.end();
}

void add_fields(json::value& document) {
    for (const Field& field : fields()) {
        const bool is_volume = field.name == "Binds" || field.name == "Mounts";
        if (is_volume || !maybe(30)) continue;
        place_of(document, field) = is_read(field) || maybe(70) ? json_of(field.value) : any_json(2);
    }
    for (const auto* const part : {"/Config", "/HostConfig"})
        if (maybe(20)) document.at_pointer(part).as_object()["Future"] = any_json(3);
    if (maybe(20))
        document.at_pointer("/Config/Entrypoint") = *rc::gen::element<json::value>(nullptr, json::array());
    if (maybe(10)) document.at_pointer("/HostConfig/UTSMode") = "host";
    if (maybe(20))
        document.at_pointer("/Config/Labels").as_object()["resource-manager.internal." + any_text()] =
            any_text();
}

void add_limits(json::object& host) {
    const std::int64_t memory = maybe(20) ? 0 : some(6, 5000) * mebi + some(0, 3);
    host["Memory"] = memory;
    host["MemorySwap"] = memory == 0 ? *rc::gen::element<std::int64_t>(0, -1)
                                     : *rc::gen::element<std::int64_t>(0, -1, memory, 2 * memory,
                                                                       memory + some(1, 900) * mebi);
    host["MemoryReservation"] = maybe(70) ? 0 : some(0, memory + 1);
    const std::int64_t way = some(0, 3);
    host["NanoCpus"] = way == 0 ? some(1, 6400) * 10'000'000 : 0;
    host["CpuQuota"] = way == 1 ? *rc::gen::element<std::int64_t>(-1, some(1'000, 900'000)) : 0;
    host["CpuPeriod"] = way == 1 && maybe(50) ? some(1'000, 1'000'000) : 0;
}

/// A volume that is mounted at `target`, given in one of all possible ways.
void add_volume(json::value& document, const std::string& target) {
    const std::string name = any_hex(64);
    const bool writable = maybe(70);
    json::object& host = document.at_pointer("/HostConfig").as_object();
    const auto into = [&](const char* list, const json::value& entry) {
        if (!host[list].is_array()) host[list] = json::array();
        host[list].as_array().push_back(entry);
    };
    const std::string spelled = target + *rc::gen::element<std::string>("", "", "/", "/.");
    switch (some(0, 6)) {
        case 0:
            into("Binds", json::string(spelled));
            break;
        case 1:
            into("Binds", json::string(fmt::format("{}:{}{}", name, spelled, writable ? "" : ":ro")));
            break;
        case 2:
            into("Mounts", json::object{{"Type", "volume"}, {"Target", spelled}, {"ReadOnly", !writable}});
            break;
        case 3:
            into("Mounts", json::object{{"Type", "volume"}, {"Source", name}, {"Target", spelled}});
            break;
        case 4:
            into("Binds", json::string(fmt::format("/srv{}:{}", target, spelled)));
            return;
        default:  // of the image, or from another container
            break;
    }
    document.at_pointer("/Mounts").as_array().push_back(
        json::object{{"Type", "volume"}, {"Name", name}, {"Destination", target}, {"RW", writable}});
}

json::object any_endpoint(const std::string& id) {
    json::object endpoint{{"NetworkID", any_hex(64)},
                          {"EndpointID", any_hex(64)},
                          {"IPAddress", any_text()},
                          {"Gateway", any_text()},
                          {"MacAddress", any_text()}};
    if (maybe(50)) endpoint["Aliases"] = json::array{"web", any_text(), id.substr(0, 12)};
    if (maybe(20)) endpoint["Aliases"] = json::array{id.substr(0, 12)};
    if (maybe(20)) endpoint["Links"] = json::array{"shop_db_1:db", "/a:/b/c"};
    if (maybe(20)) endpoint["DriverOpts"] = json::object{{any_text(), any_text()}};
    if (maybe(20)) endpoint["GwPriority"] = some(-9, 9);
    if (maybe(20)) endpoint["Future"] = any_json(2);
    if (maybe(40)) endpoint["IPAMConfig"] = *rc::gen::element<json::value>(nullptr, json::object());
    return endpoint;
}

void add_addresses(AnyContainer& blue, json::object& endpoint) {
    if (!blue.wanted.keep_addresses || maybe(50)) return;
    endpoint["IPAMConfig"] = json::object{{"IPv4Address", "172.18.0.9"}, {"IPv6Address", any_text()}};
    blue.document.at_pointer("/Config").as_object()["MacAddress"] = any_text();
}

void add_networks(AnyContainer& blue, const std::string& id) {
    json::object& host = blue.document.at_pointer("/HostConfig").as_object();
    json::object networks;
    const auto mode = *rc::gen::element<std::string>("shop_default", "shop_default", "id", "default",
                                                     "bridge", "host", "none", "container:" + any_hex(64));
    blue.has_networks = mode != "host" && mode != "none" && !mode.starts_with("container:");
    if (blue.has_networks) {
        const std::string own = mode == "default" || mode == "bridge" ? "bridge" : "shop_default";
        networks[own] = any_endpoint(id);
        add_addresses(blue, networks[own].as_object());
        for (const auto* const name : {"a", "z.9"})
            if (maybe(30)) networks[name] = any_endpoint(id);
        host["NetworkMode"] = mode == "id" ? networks[own].at("NetworkID") : json::value(mode);
    } else {
        if (!mode.starts_with("container:")) networks[mode] = any_endpoint(id);
        host["NetworkMode"] = mode;
    }
    blue.document.at_pointer("/NetworkSettings/Networks") = std::move(networks);
}

CloneWanted any_wish() {
    CloneWanted wanted = as_blue();
    wanted.name = *rc::gen::element<std::string>("shop-web-2", "shop_web_1", "web.a-1");
    wanted.limits = {};
    if (!maybe(10)) wanted.limits.cpu = Cores::from_nanos(some(10'000'000, 64'000'000'000));
    if (!maybe(10)) wanted.limits.memory = Bytes(some(6 * mebi, 9000 * mebi));
    for (std::int64_t left = some(0, 3); left > 0; --left)
        wanted.labels.insert_or_assign(std::string(internal_labels) + any_text(), any_text());
    wanted.api.minor = static_cast<int>(some(40, 53));
    if (maybe(50)) wanted.container_number = static_cast<int>(some(1, 20));
    if (maybe(20)) wanted.image = "sha256:" + any_hex(64);
    if (maybe(20))
        wanted.restart = RestartRule{.policy = RestartPolicy::on_failure, .maximum_retries = some(0, 9)};
    wanted.keep_addresses = maybe(20);
    return wanted;
}

}  // namespace

AnyContainer any_container() {
    AnyContainer blue{.document = blue_document(), .wanted = any_wish()};
    const std::string id = any_hex(64);
    blue.document.at_pointer("/Id") = id;
    blue.document.at_pointer("/Config/Hostname") = id.substr(0, 12);
    add_fields(blue.document);
    add_limits(blue.document.at_pointer("/HostConfig").as_object());
    for (std::int64_t left = some(0, 4); left > 0; --left)
        add_volume(blue.document, fmt::format("/v{}", left));
    add_networks(blue, id);
    return blue;
}

}  // namespace rm::docker::test
