// SPDX-License-Identifier: Apache-2.0
// Where a value comes from, and what is wrong with it. Values for people: a problem never quotes a secret.
#pragma once

#include <string>
#include <vector>

#include <tl/expected.hpp>

namespace rm::config {

/// A place in a text, counted from 1 in lines and characters; 0 where there is none.
struct Mark {
    int line = 0;
    int column = 0;

    friend auto operator<=>(const Mark&, const Mark&) = default;
};

/// Where a value was written. The order of the kinds is the order in which they win.
struct Origin {
    enum class Kind { fallback, label, file, environment, command_line };

    Kind kind = Kind::fallback;
    std::string name;  // the label, the file, the variable, the argument; empty for a default
    Mark mark = {};    // in the file

    friend auto operator<=>(const Origin&, const Origin&) = default;
};

/// `default`, `label resource-manager.cpu.min`, `config.yml:12`, `RM_HTTP__LISTEN`, `--set http.listen`.
std::string print(const Origin& origin);

struct Problem {
    Origin where;
    std::string path;        // dotted; empty when it is about the file as a whole
    std::string message;     // what was expected and what was found
    std::string meant = {};  // the key that this one is probably a misspelling of; often empty
};

using Problems = std::vector<Problem>;

/// `config.yml:12:3: monitoring.chek_interval: is not a key; did you mean 'check_interval'?`
std::string print(const Problem& problem);

/// All of them, a line each.
std::string print(const Problems& problems);

}  // namespace rm::config
