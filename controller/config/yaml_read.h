// SPDX-License-Identifier: Apache-2.0
// The strict YAML reader: text from anybody becomes a Node or problems, within fixed limits of size and
// depth. Plain scalars stay text, nothing is guessed: `010`, `yes` and `1e3` are up to the key that they
// stand for. Duplicate keys, tags, several documents and control characters are problems. Aliases and merge
// keys (`<<`) work. No I/O.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "config/node.h"
#include "config/problem.h"

namespace rm::config {

inline constexpr std::size_t max_yaml_size = std::size_t{1} << 20;
inline constexpr int max_yaml_depth = 40;

struct YamlText {
    Node root;  // `nothing` for an empty text; what could be read if there are problems
    Problems problems;
};

/// `file` names the text in problems.
YamlText read_yaml(std::string_view text, const std::string& file);

}  // namespace rm::config
