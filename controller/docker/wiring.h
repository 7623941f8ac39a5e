// SPDX-License-Identifier: Apache-2.0
// Wiring: what ties a container to its host and to other containers, read from what inspecting tells. It says
// whether there can be two of it, and who else depends on it. Plain values.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/names.h"
#include "core/result.h"

namespace rm::docker {

/// A port of the host that leads to one of the container.
struct PublishedPort {
    std::string inside;  // `80/tcp`
    std::string host;    // `8080`, or `8000-8010`: any of these; empty: any

    friend bool operator==(const PublishedPort&, const PublishedPort&) = default;
};

struct FixedAddress {
    std::string network;
    std::string address;

    friend bool operator==(const FixedAddress&, const FixedAddress&) = default;
};

/// Something of the host that is mounted into the container.
struct MountedPlace {
    std::string source;  // a volume's name, or a path of the host
    std::string target;
    bool is_volume = false;
    bool writable = false;

    friend bool operator==(const MountedPlace&, const MountedPlace&) = default;
};

struct Wiring {
    ContainerId id;
    std::string name;
    std::string network_mode;  // `host`, `shop_default`, `container:<id>`
    std::string ipc_mode;
    std::string pid_mode;
    std::vector<PublishedPort> ports = {};
    std::vector<FixedAddress> addresses = {};
    std::string mac_address = {};  // that was asked for
    std::vector<MountedPlace> mounts = {};
    std::vector<std::string> volumes_from = {};  // names or ids of containers
    std::vector<std::string> links = {};         // the same
    bool auto_remove = false;
    bool of_swarm = false;
};

/// GET /containers/{id}/json
Result<Wiring> read_wiring(std::string_view document);

/// How `user` depends on `used`: "uses the network of", "is linked to"; empty when it does not.
std::vector<std::string_view> uses_of(const Wiring& user, const Wiring& used);

}  // namespace rm::docker
