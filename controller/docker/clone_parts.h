// SPDX-License-Identifier: Apache-2.0
// The parts of clone(). Internal to docker/; for .cpp files.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

#include "core/result.h"
#include "docker/clone.h"

namespace rm::docker {

/// A container's document, taken apart. Refers to it.
struct Blueprint {
    std::string id;
    const boost::json::object& config;
    const boost::json::object& host;
    const boost::json::object& networks;
    const boost::json::array& mounts;

    /// The id as host name and alias.
    [[nodiscard]] std::string_view brief_id() const { return std::string_view(id).substr(0, 12); }
    [[nodiscard]] std::string_view network_mode() const;
    /// It uses the network of another container.
    [[nodiscard]] bool is_network_guest() const { return network_mode().starts_with("container:"); }
};

Result<boost::json::object> clone_config(const Blueprint& blue, const CloneWanted& wanted);

Result<boost::json::object> clone_host_config(const Blueprint& blue, const CloneWanted& wanted);

/// Names the volumes of `blue` in its `host`, wherever they have no name there yet.
Status pin_volumes(const Blueprint& blue, boost::json::object& host);

struct ClonedNetworks {
    boost::json::object at_create;  // EndpointsConfig
    std::vector<NetworkToJoin> afterwards;
};

Result<ClonedNetworks> clone_networks(const Blueprint& blue, const CloneWanted& wanted);

/// `/db:/web/thedb`, as the engine tells some links, becomes `db:thedb`, as it takes them; of `holder`, which
/// may have none.
/// `name` is what errors call them.
Status clone_links(boost::json::object& holder, std::string_view name);

}  // namespace rm::docker
