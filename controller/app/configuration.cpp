// SPDX-License-Identifier: Apache-2.0
#include "app/configuration.h"

#include <cstdio>

#include "config/find_file.h"

namespace rm::app {

config::Sources sources_for(const ConfigChoice& choice, const Environment& environment) {
    const std::optional<std::filesystem::path> asked =
        choice.file ? std::optional<std::filesystem::path>(*choice.file) : std::nullopt;
    return {
        .file = config::find_file(asked, environment), .environment = environment, .overrides = choice.set};
}

std::optional<config::Config> load_or_complain(const config::Sources& sources) {
    auto loaded = config::load(sources);
    if (loaded) return *std::move(loaded);
    const config::Problems& problems = loaded.error();
    const std::string summary = fmt::format("{} problem{} in the configuration; nothing was done\n",
                                            problems.size(), problems.size() == 1 ? "" : "s");
    std::fputs(print(problems).c_str(), stderr);
    std::fputs(summary.c_str(), stderr);
    return std::nullopt;
}

}  // namespace rm::app
