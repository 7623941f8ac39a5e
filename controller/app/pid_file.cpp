// SPDX-License-Identifier: Apache-2.0
#include "app/pid_file.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/text.h"

namespace rm::app {
namespace {

std::string read_pid(int descriptor) {
    std::array<char, 32> buffer{};
    const auto count = pread(descriptor, buffer.data(), buffer.size(), 0);
    std::string text(buffer.data(), count > 0 ? static_cast<std::size_t>(count) : 0);
    text.resize(std::min(text.size(), text.find_first_not_of("0123456789")));
    return text.empty() ? "unknown" : text;
}

Status write_pid(int descriptor) {
    const std::string text = fmt::format("{}\n", getpid());
    if (ftruncate(descriptor, 0) != 0 ||
        pwrite(descriptor, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size()))
        return fail(ErrorCode::io, "cannot be written: {}", std::strerror(errno));
    return {};
}

/// Whether `path` still names the file that `descriptor` holds: its last owner may have removed it meanwhile.
bool still_there(const std::filesystem::path& path, int descriptor) {
    struct stat held{};
    struct stat named{};
    return fstat(descriptor, &held) == 0 && stat(path.c_str(), &named) == 0 && held.st_ino == named.st_ino &&
           held.st_dev == named.st_dev;
}

}  // namespace

Result<PidFile> PidFile::create(const std::filesystem::path& path) {
    const std::string what = fmt::format("pid file {}", quoted(path.string()));
    for (;;) {
        const int descriptor = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
        if (descriptor < 0) return fail(ErrorCode::io, "{} cannot be opened: {}", what, std::strerror(errno));
        PidFile file({}, descriptor);  // removes nothing until it is ours
        if (flock(descriptor, LOCK_EX | LOCK_NB) != 0)
            return fail(ErrorCode::conflict, "{} belongs to a running resource-manager, process {}", what,
                        read_pid(descriptor));
        if (!still_there(path, descriptor)) continue;
        if (const auto status = write_pid(descriptor); !status) return fail(status.error().with_prefix(what));
        file.path_ = path;
        return file;
    }
}

PidFile::PidFile(PidFile&& other) noexcept
    : path_(std::exchange(other.path_, {})), descriptor_(std::exchange(other.descriptor_, -1)) {}

PidFile& PidFile::operator=(PidFile&& other) noexcept {
    std::swap(path_, other.path_);
    std::swap(descriptor_, other.descriptor_);
    return *this;
}

PidFile::~PidFile() {
    if (descriptor_ < 0) return;
    if (!path_.empty()) unlink(path_.c_str());
    close(descriptor_);
}

}  // namespace rm::app
