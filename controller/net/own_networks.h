// SPDX-License-Identifier: Apache-2.0
// The networks that we are in ourselves, be it a host with its bridges or a container: an address in one of
// them is a neighbour's, which no router stands before. Any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace rm::net {

struct Subnet {
    std::string address;  // ours in it
    int prefix = 0;       // how many of its bits all neighbours share

    friend bool operator==(const Subnet&, const Subnet&) = default;
};

/// Of the interfaces that are up.
Result<std::vector<Subnet>> own_networks();

/// False for what is no IP address, or one of the other version. Pure.
bool contains(const Subnet& subnet, std::string_view address);

}  // namespace rm::net
