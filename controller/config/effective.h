// SPDX-License-Identifier: Apache-2.0
// Effective: a finished configuration with the value and the origin of every key, for those who show or
// compare it. Immutable once it is in a Config.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/key.h"
#include "config/node.h"
#include "config/problem.h"
#include "config/settings.h"
#include "core/names.h"
#include "core/secret.h"

namespace rm::config {

struct Entry {
    const Key* key = nullptr;
    std::optional<ServiceName> service;
    std::string path;
    Node value = {};  // as it is, secrets included; `nothing` when the key is not set
    Origin origin = {};
    Secret content = {};  // of the file that the value names, where that is a secret
};

struct Effective {
    Settings settings;
    ServicePolicy otherwise;  // for services that are not listed
    /// Every general key, then the services' own keys by service; each in the order of the table.
    std::vector<Entry> entries;

    [[nodiscard]] const Entry* find(std::string_view path) const;
};

/// What of the entry's value people may see: `***` in the place of each secret.
Node visible(const Entry& entry);

}  // namespace rm::config
