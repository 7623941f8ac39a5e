// SPDX-License-Identifier: Apache-2.0
// OverrideFile: keeps the file `deployment.write_override`, today's limits for Compose, as they are. Written
// beside and moved over, and only when the limits in it are others. What can't be written is told once,
// counted and shown at /health, and holds nobody up. For one thread.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include <prometheus/counter.h>
#include <prometheus/registry.h>

#include "config/config.h"
#include "core/result.h"
#include "decide/check.h"
#include "serve/health.h"

namespace rm::app {

class OverrideFile {
public:
    /// Both must outlive it.
    OverrideFile(prometheus::Registry& registry, serve::HealthBoard& health);

    /// Where none is wanted, and in dry-run, nothing is done. `{project}` in the path stands for each project
    /// in turn.
    void update(const config::Config& config, const decide::Check& check);

    /// The limits could not even be looked up.
    void tell_trouble(const std::string& trouble);

private:
    Status write_all(const std::string& pattern, const decide::Check& check);

    serve::HealthBoard& health_;
    prometheus::Counter& written_;
    prometheus::Counter& failed_;
    std::string trouble_;  // as it was told last
    bool shown_ = false;   // at /health
};

/// Whether it was necessary: a file that differs in its first line alone, which has the time, stays.
Result<bool> keep_written(const std::filesystem::path& path, std::string_view text);

}  // namespace rm::app
