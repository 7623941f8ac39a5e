// SPDX-License-Identifier: Apache-2.0
// A pid file that is locked while its process lives: a second daemon with the same file is refused with the
// first one's pid, and a file left behind by a crash is simply taken over.
#pragma once

#include <filesystem>
#include <utility>

#include "core/descriptor.h"
#include "core/result.h"

namespace rm::app {

class PidFile {
public:
    static Result<PidFile> create(const std::filesystem::path& path);

    PidFile(PidFile&& other) noexcept;
    PidFile& operator=(PidFile&& other) noexcept;
    PidFile(const PidFile&) = delete;
    PidFile& operator=(const PidFile&) = delete;
    /// Removes the file.
    ~PidFile();

private:
    explicit PidFile(Descriptor descriptor) : descriptor_(std::move(descriptor)) {}

    std::filesystem::path path_;  // empty as long as the file is not ours to remove
    Descriptor descriptor_;       // with the lock
};

}  // namespace rm::app
