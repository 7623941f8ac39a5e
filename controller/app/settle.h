// SPDX-License-Identifier: Apache-2.0
// What `run --simulate` and `run --detect` mean for the configuration: settled before the daemon is made.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "app/command_line.h"
#include "config/config.h"
#include "core/result.h"

namespace rm::app {

/// A folder that ends with the value.
class TemporaryFolder {
public:
    static Result<TemporaryFolder> make();

    TemporaryFolder() = default;
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    TemporaryFolder(TemporaryFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
    TemporaryFolder& operator=(TemporaryFolder&&) = delete;
    ~TemporaryFolder();

    [[nodiscard]] const std::string& path() const { return path_; }

private:
    explicit TemporaryFolder(std::string path) : path_(std::move(path)) {}

    std::string path_;
};

struct Settled {
    TemporaryFolder folder{};  // the simulation's store, where none was named with --set store.url
    bool changed = false;      // `sources` has more in it than before
    double speed = 1;          // of a simulation's time
};

/// Adds to `sources` what the command means, and tells people on stderr what was found.
Result<Settled> settle(const RunDaemon& command, const config::Config& config, config::Sources& sources);

}  // namespace rm::app
