// SPDX-License-Identifier: Apache-2.0
// LiveConfig: the configuration in use. Readers take a snapshot and keep it for one piece of work; `reload`
// reads all sources again, and swaps the new configuration in only if all of it is right. Thread-safe.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "config/config.h"

namespace rm::config {

/// One key that differs. The texts are for people: secrets are `***`, a key that is not set is `(not set)`.
struct Change {
    std::string path;
    std::string before;
    std::string after;
    bool needs_restart;  // the running program goes on with the old value
};

/// `monitoring.check_interval: 5m -> 1m`, with ` (needs a restart)` where it does.
std::string print(const Change& change);

/// Everything that differs, in the order of the table.
std::vector<Change> changes(const Config& before, const Config& after);

class LiveConfig {
public:
    LiveConfig(Sources sources, Config config);

    [[nodiscard]] std::shared_ptr<const Config> current() const;

    /// What changed (perhaps nothing); or every problem of the new configuration, and the old one stays.
    tl::expected<std::vector<Change>, Problems> reload();

private:
    const Sources sources_;
    std::mutex reloading_;
    mutable std::mutex mutex_;
    std::shared_ptr<const Config> current_;
};

}  // namespace rm::config
