// SPDX-License-Identifier: Apache-2.0
// TempFolder: a new folder inside the lab's, removed with its contents at the end of its life, or else by the
// keeper. Other users may read it and walk through. Movable.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "core/result.h"

namespace rm::lab {

class TempFolder {
public:
    /// `name` is for people who look into /tmp: "prometheus".
    static Result<TempFolder> make(const std::string& name);

    /// The same in memory where there is plenty: for peers that write many small files nobody wants to keep.
    /// A disk takes seconds to make and to remove them.
    static Result<TempFolder> make_in_memory(const std::string& name);

    TempFolder(TempFolder&& other) noexcept;
    TempFolder& operator=(TempFolder&& other) noexcept;
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;
    ~TempFolder();

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

    /// Gives the folder to another user, for a peer that runs as that.
    [[nodiscard]] Status give_to(const std::string& user) const;

private:
    explicit TempFolder(std::filesystem::path path);
    std::filesystem::path path_;
};

/// Writes a text file, new or instead of what was there.
Status write_file(const std::filesystem::path& path, std::string_view text);

}  // namespace rm::lab
