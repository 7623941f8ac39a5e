// SPDX-License-Identifier: Apache-2.0
// Short ways to load a configuration in tests.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "config/config.h"

namespace rm::config::test {

using Files = std::map<std::string, std::string>;

inline ReadFile reading(Files files) {
    return [files = std::move(files)](const std::filesystem::path& file,
                                      std::size_t cap) -> Result<std::string> {
        const auto found = files.find(file.string());
        if (found == files.end()) return fail(ErrorCode::not_found, "No such file or directory");
        if (found->second.size() > cap) return fail(ErrorCode::too_large, "it is too large");
        return found->second;
    };
}

inline Sources sources(std::map<std::string, std::string> environment = {},
                       std::vector<std::string> overrides = {}) {
    return {.file = "c.yml", .environment = std::move(environment), .overrides = std::move(overrides)};
}

inline tl::expected<Config, Problems> try_load(std::string_view text, const Sources& from = sources(),
                                               const Files& files = {}) {
    return load_text(text, from, reading(files));
}

inline Config loaded(std::string_view text, const Sources& from = sources(), const Files& files = {}) {
    auto config = try_load(text, from, files);
    if (!config) ADD_FAILURE() << print(config.error());
    return config ? *config : try_load("").value();
}

/// The problems as printed, one string each.
inline std::vector<std::string> problems(std::string_view text, const Sources& from = sources(),
                                         const Files& files = {}) {
    std::vector<std::string> lines;
    const auto config = try_load(text, from, files);
    if (!config)
        for (const Problem& problem : config.error()) lines.push_back(print(problem));
    return lines;
}

inline ServiceName service(std::string_view name) {
    return ServiceName::parse(name).value();
}

}  // namespace rm::config::test
