// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite_file.h"

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <ranges>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "core/descriptor.h"
#include "core/text.h"

namespace rm::store {
namespace {

namespace fs = std::filesystem;

ErrorCode code_of_errno(int error) {
    return error == EACCES || error == EPERM || error == EROFS ? ErrorCode::permission : ErrorCode::io;
}

/// `error` as a sentence: what we could not do, why, and as whom where that matters.
Status refused(const char* what, const fs::path& path, int error) {
    std::string who;
    if (error == EACCES || error == EPERM) who = fmt::format(" for user {}", geteuid());
    return fail(code_of_errno(error), "cannot {} {}: {}{}", what, quoted(path.string()), std::strerror(error),
                who);
}

Status make_folders(const fs::path& folder) {
    std::vector<fs::path> missing;
    struct stat status{};
    for (fs::path at = folder; !at.empty() && stat(at.c_str(), &status) != 0; at = at.parent_path()) {
        if (errno != ENOENT) return refused("reach the folder", at, errno);
        missing.push_back(at);
        if (at == at.root_path()) break;
    }
    for (const fs::path& at : missing | std::views::reverse)
        if (mkdir(at.c_str(), 0700) != 0 && errno != EEXIST) return refused("make the folder", at, errno);
    return {};
}

/// An empty file is an empty database. mknod makes one without opening it.
Status make_file(const std::string& path, const fs::path& folder) {
    if (mknod(path.c_str(), S_IFREG | 0600, 0) != 0) {
        if (errno == EEXIST) return {};  // another process was faster
        return refused("make the database file", path, errno);
    }
    const Descriptor directory(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!directory.open()) return refused("open the folder", folder, errno);
    // Not every file system can sync a folder; those that can't say EINVAL.
    if (fsync(directory.get()) != 0 && errno != EINVAL) return refused("write the folder", folder, errno);
    return {};
}

}  // namespace

Status prepare_sqlite_file(const std::string& path) {
    fs::path folder = fs::path(path).parent_path();
    if (folder.empty()) folder = ".";
    struct stat status{};
    if (stat(path.c_str(), &status) != 0) {
        if (errno != ENOENT) return refused("reach the database file", path, errno);
        if (Status made = make_folders(folder); !made) return made;
        if (Status made = make_file(path, folder); !made) return made;
        if (stat(path.c_str(), &status) != 0) return refused("reach the database file", path, errno);
    }
    if (S_ISDIR(status.st_mode))
        return fail(ErrorCode::invalid, "{} is a folder; the store URL must name a file in it", quoted(path));
    if (!S_ISREG(status.st_mode)) return fail(ErrorCode::invalid, "{} is not a regular file", quoted(path));
    if (faccessat(AT_FDCWD, path.c_str(), R_OK | W_OK, AT_EACCESS) != 0)
        return refused("write the database file", path, errno);
    if (faccessat(AT_FDCWD, folder.c_str(), W_OK | X_OK, AT_EACCESS) != 0)
        return refused("write the database's log into the folder", folder, errno);
    return {};
}

std::optional<FileIdentity> identify(const std::string& path) {
    struct stat status{};
    if (stat(path.c_str(), &status) != 0) return std::nullopt;
    return FileIdentity{status.st_dev, status.st_ino};
}

bool is_disk_full(const std::string& path) {
    constexpr std::uint64_t least_room = std::uint64_t{64}
                                         << 10;  // a new log with its index needs about that
    fs::path folder = fs::path(path).parent_path();
    if (folder.empty()) folder = ".";
    struct statvfs disk{};
    if (statvfs(folder.c_str(), &disk) != 0) return false;
    const std::uint64_t blocks = geteuid() == 0 ? disk.f_bfree : disk.f_bavail;
    const bool no_entry_left = disk.f_files != 0 && disk.f_favail == 0;
    return blocks * disk.f_frsize < least_room || no_entry_left;
}

}  // namespace rm::store
