// SPDX-License-Identifier: Apache-2.0
// Reads the small files that a configuration is made of. Never waits for long, whatever is in their place.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "core/duration.h"
#include "core/result.h"

namespace rm::config {

/// A pipe gives its content once: good enough for a first look, but not for looking again.
enum class FileKinds { regular, regular_or_pipe };

/// How long a pipe may take to give all of its content.
inline constexpr Duration pipe_patience{5000};

/// The content of a file of up to `cap` bytes. A directory, a device, a larger file, and a pipe that nothing
/// comes from or that is not among `kinds` are errors.
Result<std::string> read_file(const std::filesystem::path& file, std::size_t cap,
                              FileKinds kinds = FileKinds::regular_or_pipe,
                              Duration patience = pipe_patience);

}  // namespace rm::config
