// SPDX-License-Identifier: Apache-2.0
// A pid file that is locked while its process lives: a second daemon with the same file is refused with the
// first one's pid, and a file left behind by a crash is simply taken over.
#pragma once

#include <filesystem>
#include <string>

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
    PidFile(std::filesystem::path path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}

    std::filesystem::path path_;
    int descriptor_;
};

}  // namespace rm::app
