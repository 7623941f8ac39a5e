// SPDX-License-Identifier: Apache-2.0
// LiveConfig: the configuration in use. Readers take a snapshot and keep it for one piece of work; `reload`
// reads all sources again, and swaps the new configuration in only if all of it is right. Keys that only take
// effect at a start keep the value they had then in every snapshot, so that nobody can take a part of such a
// change for granted. Thread-safe.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "config/config.h"
#include "config/file_watch.h"

namespace rm::config {

/// One key that differs. The texts are for people: secrets are `***`, a key that is not set is `(not set)`.
struct Change {
    std::string path;
    std::string before;
    std::string after;
    bool needs_restart;  // the running program goes on with the value from its start
};

/// `monitoring.check_interval: 5m -> 1m`, with ` (needs a restart)` where it does.
std::string print(const Change& change);

/// Everything that differs: the general keys in the order of the table, then the services' keys that are new
/// or have another value, those that are gone, and services without keys that are new or gone.
std::vector<Change> changes(const Config& before, const Config& after);

class LiveConfig {
public:
    /// `file_as_read` is the state of the configuration file from before `config` was loaded from it.
    LiveConfig(Sources sources, Config config, FileState file_as_read = {});

    [[nodiscard]] std::shared_ptr<const Config> current() const;

    /// What changed since the sources were last read (perhaps nothing); or every problem of the new
    /// configuration, and the old one stays. What is no regular file can't be read again and is a problem.
    tl::expected<std::vector<Change>, Problems> reload();

    /// What was loaded and waits for a restart: from the value in use to the one that will be.
    [[nodiscard]] std::vector<Change> pending() const;

    /// When the file was last read, for whoever watches it.
    [[nodiscard]] LastRead& last_read() { return last_read_; }

private:
    const Sources sources_;
    LastRead last_read_;
    std::mutex reloading_;
    mutable std::mutex mutex_;
    std::shared_ptr<const Config> current_;
    std::shared_ptr<const Config> loaded_;  // as the sources have it
};

}  // namespace rm::config
