// SPDX-License-Identifier: Apache-2.0
// Notices when a file changes, however it is changed: written in place, replaced by an editor's rename,
// swapped through a symbolic link as container platforms do, deleted and created again, or not there yet.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <stop_token>

#include "core/duration.h"
#include "core/result.h"

namespace rm::config {

/// Tells two states of a file apart. A missing file has a state too.
struct FileState {
    bool exists = false;
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::int64_t size = 0;
    std::int64_t changed_seconds = 0;
    std::int64_t changed_nanos = 0;

    friend bool operator==(const FileState&, const FileState&) = default;
};

/// Of what is no regular file, such as a pipe, only whether it is there: its writers are not our business.
FileState state_of(const std::filesystem::path& file);

/// The state of a file from before it was last read, shared by those who read it. Thread-safe.
class LastRead {
public:
    explicit LastRead(FileState state = {}) : state_(state) {}

    [[nodiscard]] FileState get() const {
        const std::scoped_lock lock(mutex_);
        return state_;
    }
    void set(const FileState& state) {
        const std::scoped_lock lock(mutex_);
        state_ = state;
    }

private:
    mutable std::mutex mutex_;
    FileState state_;
};

struct WatchTimes {
    Duration settle{500};          // how long the file must have stayed the same before we tell
    Duration look_anyway{30'000};  // for file systems that don't notify, such as NFS
};

/// Runs in the caller's thread until `stop` is requested (then it returns at once), and calls `on_change`
/// there each time the file has changed, has settled, and is not as it was last read: by the callback, or by
/// somebody else who says so in `last_read`. It must outlive the call. An error means that watching is not
/// possible.
Status watch_file(const std::filesystem::path& file, LastRead& last_read,
                  const std::function<void()>& on_change, const std::stop_token& stop,
                  const WatchTimes& times = {});

}  // namespace rm::config
