// SPDX-License-Identifier: Apache-2.0
#include "config/problem.h"

#include <fmt/format.h>

#include "core/text.h"

namespace rm::config {

std::string print(const Origin& origin) {
    if (origin.kind == Origin::Kind::fallback) return "default";
    if (origin.mark.line == 0) return origin.name;
    return fmt::format("{}:{}", origin.name, origin.mark.line);
}

std::string print(const Problem& problem) {
    std::string text = print(problem.where);
    if (problem.where.mark.column != 0) text += fmt::format(":{}", problem.where.mark.column);
    text += problem.path.empty() ? std::string(": ") : fmt::format(": {}: ", problem.path);
    text += problem.message;
    if (!problem.meant.empty()) text += fmt::format("; did you mean {}?", quoted(problem.meant));
    return text;
}

std::string print(const Problems& problems) {
    std::string text;
    for (const Problem& problem : problems) text += print(problem) + '\n';
    return text;
}

}  // namespace rm::config
