// SPDX-License-Identifier: Apache-2.0
#include "serve/route.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "core/text.h"

namespace rm::serve {
namespace {

using Segments = std::vector<std::string>;

Segments split(std::string_view pattern) {
    Segments segments;
    if (pattern == "/") return segments;
    while (!pattern.empty()) {
        pattern.remove_prefix(1);
        const std::size_t end = std::min(pattern.find('/'), pattern.size());
        segments.emplace_back(pattern.substr(0, end));
        pattern.remove_prefix(end);
    }
    return segments;
}

bool is_parameter(std::string_view segment) {
    return segment.size() > 2 && segment.starts_with('{') && segment.ends_with('}');
}

bool well_formed(const Route& route) {
    if (route.methods.empty() || !route.handler || !route.pattern.starts_with('/')) return false;
    return std::ranges::all_of(split(route.pattern), [&](const std::string& segment) {
        const bool fixed = !segment.empty() && segment.find_first_of("{}") == std::string::npos;
        return fixed || is_parameter(segment) || route.pattern == "/";
    });
}

bool fits(const Segments& pattern, const Segments& path) {
    return std::ranges::equal(pattern, path, [](const std::string& wanted, const std::string& given) {
        return is_parameter(wanted) ? !given.empty() : wanted == given;
    });
}

/// How many segments are fixed: where two patterns fit, the one with more of them is meant.
std::ptrdiff_t fixed_segments(const Segments& pattern) {
    return std::ranges::count_if(pattern, [](const std::string& segment) { return !is_parameter(segment); });
}

bool answers(const Route& route, std::string_view method) {
    if (method == "HEAD") method = "GET";
    return std::ranges::find(route.methods, method) != route.methods.end();
}

Parameters parameters_of(const Segments& pattern, const Segments& path) {
    Parameters parameters;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (!is_parameter(pattern[i])) continue;
        parameters.push_back({.name = pattern[i].substr(1, pattern[i].size() - 2), .value = path[i]});
    }
    return parameters;
}

bool same_meaning(const Segments& a, const Segments& b) {
    return std::ranges::equal(a, b, [](const std::string& x, const std::string& y) {
        return is_parameter(x) ? is_parameter(y) : x == y;
    });
}

}  // namespace

RouteTable::RouteTable(Routes routes) : routes_(std::move(routes)) {
    for (const Route& route : routes_) patterns_.push_back(split(route.pattern));
}

Result<RouteTable> RouteTable::make(Routes routes) {
    for (const Route& route : routes)
        if (!well_formed(route))
            return fail(ErrorCode::invalid, "the route {} has no method, no handler or no proper pattern",
                        quoted(route.pattern));
    RouteTable table(std::move(routes));
    for (std::size_t i = 0; i < table.routes_.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            if (!same_meaning(table.patterns_[i], table.patterns_[j])) continue;
            for (const std::string& method : table.routes_[i].methods)
                if (answers(table.routes_[j], method))
                    return fail(ErrorCode::invalid, "{} {} stands twice in the table of routes", method,
                                quoted(table.routes_[i].pattern));
        }
    }
    return table;
}

RouteTable::Match RouteTable::match(std::string_view method, const Segments& segments) const {
    Match match;
    std::vector<std::string_view> allowed;
    std::ptrdiff_t best = -1;
    for (std::size_t i = 0; i < routes_.size(); ++i) {
        const Route& route = routes_[i];
        if (!fits(patterns_[i], segments)) continue;
        match.pattern = route.pattern;
        allowed.insert(allowed.end(), route.methods.begin(), route.methods.end());
        if (answers(route, "GET")) allowed.emplace_back("HEAD");
        if (!answers(route, method) || fixed_segments(patterns_[i]) <= best) continue;
        best = fixed_segments(patterns_[i]);
        match.route = &route;
        match.parameters = parameters_of(patterns_[i], segments);
    }
    if (match.route != nullptr) match.pattern = match.route->pattern;
    if (!allowed.empty()) allowed.emplace_back("OPTIONS");
    std::ranges::sort(allowed);
    const auto repeated = std::ranges::unique(allowed);
    allowed.erase(repeated.begin(), repeated.end());
    for (const std::string_view name : allowed)
        match.allow += (match.allow.empty() ? "" : ", ") + std::string(name);
    return match;
}

}  // namespace rm::serve
