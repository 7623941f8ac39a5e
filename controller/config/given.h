// SPDX-License-Identifier: Apache-2.0
// Given: what the sources say, key by key, later sources over earlier ones, with every problem met on the
// way.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "config/key.h"
#include "config/node.h"
#include "config/problem.h"
#include "core/names.h"

namespace rm::config {

struct GivenValue {
    const Key* key = nullptr;
    std::optional<ServiceName> service;
    Node node;  // in its usual form
    Origin origin;
};

struct Given {
    std::map<std::string, GivenValue, std::less<>> values;  // by path
    std::map<ServiceName, Origin> services;                 // the ones that are listed
    std::set<std::string, std::less<>> bad;                 // paths that had a problem
    Problems problems;
};

/// A key in its place.
struct Place {
    const Key* key = nullptr;
    std::optional<ServiceName> service;
    std::string path;
};

/// Takes the value if the key takes it, else notes the problem. `node` without a mark is at `origin`'s.
void give(Given& given, const Place& place, const Node& node, Origin origin);

/// Notes a problem.
void complain(Given& given, Origin where, std::string path, std::string message, std::string meant = {});

/// What `name` in `section` probably should be: a neighbour, or the path of the one key with that name.
std::string probably_meant(std::string_view name, std::string_view section, bool of_service);

/// The sources, each over what is there already.
void read_file_layer(Given& given, const Node& root, const std::string& file);
void read_environment(Given& given, const std::map<std::string, std::string>& environment);
void read_overrides(Given& given, const std::vector<std::string>& overrides);

}  // namespace rm::config
