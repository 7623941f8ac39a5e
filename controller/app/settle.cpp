// SPDX-License-Identifier: Apache-2.0
#include "app/settle.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "app/detect.h"

namespace rm::app {

Result<TemporaryFolder> TemporaryFolder::make() {
    std::error_code error;
    const auto parent = std::filesystem::temp_directory_path(error);
    if (error) return fail(ErrorCode::io, "there is no folder for temporary files: {}", error.message());
    std::string pattern = (parent / "resource-manager-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr)
        return fail(ErrorCode::io, "the temporary folder {} cannot be made: {}", pattern,
                    std::strerror(errno));
    return TemporaryFolder(std::move(pattern));
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;  // what stays is litter, no harm
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

namespace {

bool names_a_store(const RunDaemon& command) {
    return std::ranges::any_of(command.config.set,
                               [](const std::string& one) { return one.starts_with("store.url="); });
}

}  // namespace

Result<Settled> settle(const RunDaemon& command, const config::Config& config, config::Sources& sources) {
    if (!command.simulate && !command.detect) return Settled{};
    Detected found{.overrides = {}, .lines = {}, .simulation = true, .speed = command.speed};
    if (command.detect) {
        found = detect(config);
        only_look(found, config);
    }
    for (const std::string& line : found.lines) std::fprintf(stderr, "%s\n", line.c_str());
    if (!found.simulation) {
        sources.overrides.insert(sources.overrides.end(), found.overrides.begin(), found.overrides.end());
        return Settled{.changed = true};
    }
    if (names_a_store(command)) {
        sources.overrides.emplace_back("monitoring.source=simulation");
        return Settled{.changed = true, .speed = found.speed};
    }
    auto folder = TemporaryFolder::make();
    if (!folder) return fail(folder.error());
    for (std::string& entry : simulation_overrides(folder->path()))
        sources.overrides.push_back(std::move(entry));
    return Settled{.folder = *std::move(folder), .changed = true, .speed = found.speed};
}

}  // namespace rm::app
