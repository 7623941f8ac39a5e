// SPDX-License-Identifier: Apache-2.0
// Reads the files that `*_file` keys name.
#pragma once

#include <string>
#include <vector>

#include "config/config.h"
#include "config/effective.h"
#include "config/given.h"

namespace rm::config {

/// Puts each secret into the entry that names its file and into the settings; complains about files that are
/// missing or that don't hold what they should. No message quotes a content.
void read_named_files(Given& given, std::vector<Entry>& entries, Settings& settings, const ReadFile& read);

}  // namespace rm::config
