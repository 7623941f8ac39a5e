// SPDX-License-Identifier: Apache-2.0
// SimulatedFiles: the files of a simulated container: its image's, and a writable layer over them. Paths are
// absolute. Volumes are not told apart from it. Links come from archives only and are followed when a file is
// looked for, but not on the way to it. Not thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "docker/write.h"

namespace rm::docker {

struct SimulatedFile {
    bool folder = false;
    std::string content = {};
    std::string link = {};  // where it leads; empty: it is none
    std::uint32_t mode = 0644;
};

class SimulatedFiles {
public:
    using Layer = std::map<std::string, SimulatedFile, std::less<>>;

    /// The layer of an image with these files, their folders and the usual ones.
    static std::shared_ptr<const Layer> image_layer(const std::map<std::string, std::string>& files);

    /// `image` is one of those.
    explicit SimulatedFiles(std::shared_ptr<const Layer> image);

    [[nodiscard]] bool contains(std::string_view path) const { return follow(path) != nullptr; }
    /// A file's content; nothing for a folder and where there is no file.
    [[nodiscard]] std::optional<std::string> read(std::string_view path) const;

    /// With the folders that it needs.
    void write(std::string_view path, std::string content);
    void remove(std::string_view path);

    /// Unpacks an archive into a folder: `not_found` without it, and nothing was written at an error.
    Status unpack(std::string_view into, std::string_view tar);
    /// A file or a folder under its own name. `not_found`.
    [[nodiscard]] Result<std::string> pack(std::string_view path) const;

    /// What differs from the image, and the folders in which it is, by path.
    [[nodiscard]] std::vector<FileChange> changes() const;

private:
    [[nodiscard]] const SimulatedFile* find(std::string_view path) const;
    [[nodiscard]] const SimulatedFile* follow(std::string_view path) const;
    void put(const std::string& path, SimulatedFile file);
    void add_folders(std::string_view path);

    std::shared_ptr<const Layer> image_;
    std::map<std::string, std::optional<SimulatedFile>, std::less<>> written_;  // nothing: deleted
};

}  // namespace rm::docker
