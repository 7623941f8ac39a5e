// SPDX-License-Identifier: Apache-2.0
// Plain tar archives (ustar, and the long names of PAX and GNU when reading), as the engine's archive calls
// take and give them. Files, folders and symbolic links only: anything else in an archive is kept as an entry
// of another kind without its content. Pure.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace rm::docker {

struct TarEntry {
    enum class Kind { file, folder, link, other };
    std::string path;          // `etc/app.conf`, without slashes at its ends
    std::string content = {};  // of a link: where it leads
    Kind kind = Kind::file;
    std::uint32_t mode = 0644;

    friend bool operator==(const TarEntry&, const TarEntry&) = default;
};

/// `invalid` when a path is too long for the format (100 bytes, or 155 and 100 around a slash; 100 bytes for
/// where a link leads), or an entry is of another kind.
Result<std::string> write_tar(std::span<const TarEntry> entries);

/// `invalid` when it is no archive, or cut.
Result<std::vector<TarEntry>> read_tar(std::string_view archive);

}  // namespace rm::docker
