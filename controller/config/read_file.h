// SPDX-License-Identifier: Apache-2.0
// Reads the small files that a configuration is made of.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "core/result.h"

namespace rm::config {

/// The content of a file (or pipe) of up to `cap` bytes. A directory, a device or a larger file is an error.
Result<std::string> read_file(const std::filesystem::path& file, std::size_t cap);

}  // namespace rm::config
