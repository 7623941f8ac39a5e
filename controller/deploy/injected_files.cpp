// SPDX-License-Identifier: Apache-2.0
#include "deploy/injected_files.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "docker/surroundings.h"
#include "docker/tar.h"

namespace rm::deploy {
namespace {

using docker::FileChange;

/// More of them than anybody writes into a file for Compose: then they are a program's own.
constexpr std::size_t most_files = 100;

/// Where programs keep what is of no use to another one, and may even stop it: locks, process numbers.
bool is_of_a_program(std::string_view path) {
    if (path.starts_with("/run/secrets/")) return false;
    static constexpr std::array places{"/run/",     "/var/run/", "/tmp/",
                                       "/var/tmp/", "/var/log/", "/var/cache/"};
    static constexpr std::array endings{".pid", ".lock", ".sock"};
    return std::ranges::any_of(places, [&](std::string_view place) { return path.starts_with(place); }) ||
           std::ranges::any_of(endings, [&](std::string_view ending) { return path.ends_with(ending); });
}

/// A folder is in the list as soon as something in it is.
bool has_others_in_it(const FileChange& folder, const std::vector<FileChange>& changes) {
    const std::string inside = folder.path + "/";
    return std::ranges::any_of(changes,
                               [&](const FileChange& change) { return change.path.starts_with(inside); });
}

std::vector<std::string> candidates(const std::vector<FileChange>& changes,
                                    const docker::Surroundings& surroundings) {
    std::vector<std::string> paths;
    for (const FileChange& change : changes)
        if (change.kind != FileChange::Kind::deleted && !is_of_a_program(change.path) &&
            mount_of(surroundings, change.path) == nullptr && !has_others_in_it(change, changes))
            paths.push_back(change.path);
    return paths;
}

std::optional<std::int64_t> octal(std::string_view field) {
    field = field.substr(0, field.find('\0'));
    while (field.starts_with(' ')) field.remove_prefix(1);
    std::int64_t number = 0;
    const auto [end, wrong] = std::from_chars(field.data(), field.data() + field.size(), number, 8);
    return wrong == std::errc() ? std::optional(number) : std::nullopt;
}

/// When the regular file that a plain archive begins with was last changed; nothing for whatever else it is.
std::optional<WallTime> file_time(std::string_view tar) {
    constexpr std::size_t block = 512;
    while (tar.size() >= block) {
        const char kind = tar[156];
        if (kind == '0' || kind == '\0') {
            const auto seconds = octal(tar.substr(136, 12));
            return seconds ? std::optional(WallTime(std::chrono::seconds(*seconds))) : std::nullopt;
        }
        const auto size = octal(tar.substr(124, 12));
        const bool is_about_the_next = kind == 'x' || kind == 'g' || kind == 'L' || kind == 'K';
        if (!is_about_the_next || !size || *size < 0) return std::nullopt;
        const auto blocks = 1 + (static_cast<std::size_t>(*size) + block - 1) / block;
        tar.remove_prefix(std::min(tar.size(), blocks * block));
    }
    return std::nullopt;
}

/// Nothing is found out about these, and they are not for us: too large, or gone meanwhile.
bool is_passed_over(const Error& error) {
    using enum ErrorCode;
    return error.code != unavailable && error.code != timeout && error.code != cancelled &&
           error.code != permission;
}

std::string folder_of(std::string_view path) {
    const auto slash = path.rfind('/');
    return slash == 0 ? "/" : std::string(path.substr(0, slash));
}

/// The folders above `path` that the image does not have.
std::vector<docker::TarEntry> new_folders_above(const std::string& path,
                                                const std::vector<FileChange>& changes) {
    std::vector<docker::TarEntry> folders;
    for (const FileChange& change : changes)
        if (change.kind == FileChange::Kind::added && path.starts_with(change.path + "/"))
            folders.push_back(
                {.path = change.path.substr(1), .kind = docker::TarEntry::Kind::folder, .mode = 0755});
    std::ranges::sort(folders, {}, &docker::TarEntry::path);
    return folders;
}

Status put_injected_file(docker::Engine& engine, const ContainerId& green, const std::string& path,
                         const std::string& tar, const std::vector<FileChange>& changes,
                         const std::stop_token& stop) {
    const auto folders = new_folders_above(path, changes);
    if (!folders.empty()) {
        const auto archive = docker::write_tar(folders);
        if (!archive) return fail(archive.error());
        if (auto made = engine.put_archive(green, "/", *archive, stop); !made) return made;
    }
    return engine.put_archive(green, folder_of(path), tar, stop);
}

}  // namespace

Result<std::size_t> copy_injected_files(docker::Engine& engine, const docker::Container& blue,
                                        const ContainerId& green, std::string_view drain_file,
                                        const std::stop_token& stop) {
    if (!blue.started_at) return 0U;
    const auto changes = engine.changes(blue.id, stop);
    if (!changes) return fail(changes.error());
    if (changes->empty()) return 0U;
    const auto document = engine.document(blue.id, stop);
    if (!document) return fail(document.error());
    const auto surroundings = docker::read_surroundings(*document);
    if (!surroundings) return fail(surroundings.error());
    const auto paths = candidates(*changes, *surroundings);
    if (paths.size() > most_files) return 0U;
    std::size_t copied = 0;
    for (const std::string& path : paths) {
        const auto tar = engine.get_archive(blue.id, path, stop);
        if (!tar && is_passed_over(tar.error())) continue;
        if (!tar) return fail(tar.error());
        const auto written = file_time(*tar);
        if (!written || *written > *blue.started_at || path == drain_file) continue;
        if (auto put = put_injected_file(engine, green, path, *tar, *changes, stop); !put)
            return fail(std::move(put).error());
        ++copied;
    }
    return copied;
}

}  // namespace rm::deploy
