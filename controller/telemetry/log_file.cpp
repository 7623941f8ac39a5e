// SPDX-License-Identifier: Apache-2.0
#include "telemetry/log_file.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/text.h"

namespace rm::log {
namespace {

namespace fs = std::filesystem;

constexpr Duration look_every = std::chrono::seconds(1);
constexpr Duration rotate_again = std::chrono::seconds(10);

/// `rm.log` as the `number`-th that was put aside: `rm.1.log`.
fs::path aside(const fs::path& path, int number) {
    return path.parent_path() /
           fmt::format("{}.{}{}", path.stem().string(), number, path.extension().string());
}

}  // namespace

Result<LogFile> LogFile::open(Options options, SteadyTime now) {
    LogFile log(std::move(options));
    if (auto status = log.reopen(); !status) return fail(std::move(status).error());
    log.next_look_ = now + look_every;
    return log;
}

/// Only if it succeeds the file before is let go.
Status LogFile::reopen() {
    std::error_code ignored;  // what is wrong with the folder is told by opening the file
    fs::create_directories(fs::path(options_.path).parent_path(), ignored);
    // Not blocking: a pipe without a reader would hold us up before it can be refused.
    Descriptor file(::open(options_.path.c_str(),
                           O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0640));
    struct stat state{};
    if (!file.open() || fstat(file.get(), &state) != 0)
        return fail(errno == EACCES ? ErrorCode::permission : ErrorCode::io, "{}", std::strerror(errno));
    if (!S_ISREG(state.st_mode)) return fail(ErrorCode::invalid, "it is not a regular file");
    file_ = std::move(file);
    size_ = state.st_size;
    torn_ = false;
    return {};
}

/// Whether the path still names the file that is open.
bool LogFile::same_file() const {
    struct stat held{};
    struct stat named{};
    return file_.open() && fstat(file_.get(), &held) == 0 && stat(options_.path.c_str(), &named) == 0 &&
           held.st_ino == named.st_ino && held.st_dev == named.st_dev;
}

/// Notices that the file was deleted, moved or shortened.
void LogFile::look() {
    const auto there = same_file() ? Status() : reopen();
    gone_ = there ? std::string() : there.error().message;
    struct stat held{};
    if (!file_.open() || fstat(file_.get(), &held) != 0) return;
    size_ = held.st_size;
    if (!there && held.st_nlink == 0) file_.close();  // what is written there nobody would ever read
}

Status LogFile::put_aside() {
    const fs::path path(options_.path);
    if (options_.keep == 0) {
        if (ftruncate(file_.get(), 0) != 0) return fail(ErrorCode::io, "{}", std::strerror(errno));
        size_ = 0;
        return {};
    }
    for (int number = options_.keep; number > 0; --number) {
        std::error_code error;
        fs::rename(number == 1 ? path : aside(path, number - 1), aside(path, number), error);
        if (error && error != std::errc::no_such_file_or_directory)
            return fail(ErrorCode::io, "{}", error.message());
    }
    return reopen();
}

void LogFile::rotate(SteadyTime now) {
    const auto status = put_aside();
    full_ = status ? std::string() : status.error().message;
    next_rotation_ = status ? SteadyTime::min() : now + rotate_again;
}

bool LogFile::write(std::string_view line, SteadyTime now) {
    if (now >= next_look_) {
        next_look_ = now + look_every;
        look();
    }
    const auto length = static_cast<std::int64_t>(line.size());
    const bool overflows = size_ > 0 && size_ + length > options_.rotate_at.count();
    if (overflows && now >= next_rotation_ && same_file()) rotate(now);
    if (!file_.open()) return false;

    const std::string whole = (torn_ ? "\n" : "") + std::string(line);
    const ssize_t written = ::write(file_.get(), whole.data(), whole.size());
    const int error = written < 0 ? errno : ENOSPC;
    if (written > 0) size_ += written;
    const bool complete = std::cmp_equal(written, whole.size());
    torn_ = !complete && (torn_ || written > 0);
    unwritten_ = complete ? std::string() : std::strerror(error);
    return complete;
}

std::string LogFile::trouble() const {
    const std::string file = quoted(options_.path);
    if (!gone_.empty()) return fmt::format("{} cannot be made again: {}", file, gone_);
    if (!unwritten_.empty()) return fmt::format("{} cannot be written: {}", file, unwritten_);
    if (!full_.empty()) return fmt::format("{} is full and cannot be put aside: {}", file, full_);
    return {};
}

}  // namespace rm::log
