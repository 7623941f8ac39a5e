// SPDX-License-Identifier: Apache-2.0
// The table of all keys, in the order in which people read them.
#pragma once

#include <span>
#include <string_view>

#include "config/key.h"

namespace rm::config {

/// A part of the table with its own heading.
struct Section {
    std::string_view name;  // the first word of its keys' paths
    std::string_view about;
    Keys keys;
};

/// Built once, never changed; safe from any thread.
std::span<const Section> table();

/// The general key with this path; null if there is none.
const Key* find_key(std::string_view path);
/// The key that services have under `services.NAME.<path>`; null if there is none.
const Key* find_service_key(std::string_view path);

/// What may stand next in a path: `section` is "" or a path that is not a key, `of_service` says whether it
/// is inside `services.NAME`.
std::vector<std::string_view> names_in(std::string_view section, bool of_service);

/// Calls `visit` for each row.
template <class Visit>
void for_each_key(Visit visit) {
    for (const Section& section : table())
        for (const Key& key : section.keys) visit(key);
}

}  // namespace rm::config
