// SPDX-License-Identifier: Apache-2.0
// Surroundings: where a container can be reached right now, and which of its folders are not its own, read
// from what inspecting tells. Plain values.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace rm::docker {

struct ContainerAddress {
    std::string network;
    std::string address;  // an IP address

    friend bool operator==(const ContainerAddress&, const ContainerAddress&) = default;
};

struct MountPoint {
    std::string target;
    bool in_memory = false;  // a tmpfs, into which the engine can't write

    friend bool operator==(const MountPoint&, const MountPoint&) = default;
};

struct Surroundings {
    std::string network_mode;                 // `host`, `shop_default`, `container:<id>`
    std::vector<ContainerAddress> addresses;  // none while it does not run
    std::vector<MountPoint> mounts;
};

/// GET /containers/{id}/json
Result<Surroundings> read_surroundings(std::string_view document);

/// The mount that `path` is in; null for a file of the container's own.
const MountPoint* mount_of(const Surroundings& surroundings, std::string_view path);

}  // namespace rm::docker
