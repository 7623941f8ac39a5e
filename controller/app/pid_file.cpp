// SPDX-License-Identifier: Apache-2.0
#include "app/pid_file.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>
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

/// A file that holds something else than a number is somebody's by mistake; it would be overwritten and
/// deleted.
Status check_ours(int descriptor) {
    struct stat status{};
    if (fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode))
        return fail(ErrorCode::invalid, "it is not a regular file");
    std::array<char, 32> buffer{};
    const auto count = pread(descriptor, buffer.data(), buffer.size(), 0);
    if (count < 0) return fail(ErrorCode::io, "it cannot be read: {}", std::strerror(errno));
    std::string_view text(buffer.data(), static_cast<std::size_t>(count));
    if (text.ends_with('\n')) text.remove_suffix(1);
    if (std::cmp_less(count, buffer.size()) && text.find_first_not_of("0123456789") == std::string_view::npos)
        return {};
    return fail(ErrorCode::conflict, "it holds something else than a process id; name another file");
}

Status lock(int descriptor) {
    if (flock(descriptor, LOCK_EX | LOCK_NB) == 0) return {};
    if (errno == EWOULDBLOCK)
        return fail(ErrorCode::conflict, "belongs to a running resource-manager, process {}",
                    read_pid(descriptor));
    return fail(ErrorCode::io, "cannot be locked: {}", std::strerror(errno));
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
        Descriptor descriptor(
            open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0644));
        if (!descriptor.open() && errno == ELOOP)
            return fail(ErrorCode::invalid, "{}: it is a symbolic link; name a file", what);
        if (!descriptor.open())
            return fail(ErrorCode::io, "{} cannot be opened: {}", what, std::strerror(errno));
        if (auto status = check_ours(descriptor.get()); !status)
            return fail(status.error().with_prefix(what));
        if (auto status = lock(descriptor.get()); !status) return fail(status.error().with_prefix(what));
        if (!still_there(path, descriptor.get())) continue;
        PidFile file(std::move(descriptor));
        if (auto status = write_pid(file.descriptor_.get()); !status)
            return fail(status.error().with_prefix(what));
        file.path_ = path;
        return file;
    }
}

PidFile::PidFile(PidFile&& other) noexcept
    : path_(std::exchange(other.path_, {})), descriptor_(std::move(other.descriptor_)) {}

PidFile& PidFile::operator=(PidFile&& other) noexcept {
    std::swap(path_, other.path_);
    descriptor_ = std::move(other.descriptor_);  // swaps, as Descriptor does
    return *this;
}

PidFile::~PidFile() {
    if (!path_.empty()) unlink(path_.c_str());
}

}  // namespace rm::app
