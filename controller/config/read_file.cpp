// SPDX-License-Identifier: Apache-2.0
#include "config/read_file.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/descriptor.h"
#include "core/text.h"

namespace rm::config {
namespace {

using Steady = std::chrono::steady_clock;

ErrorCode kind_of(int code) {
    if (code == ENOENT) return ErrorCode::not_found;
    return code == EACCES ? ErrorCode::permission : ErrorCode::io;
}

tl::unexpected<Error> system_failure(int code) {
    return fail(kind_of(code), "{}", std::generic_category().message(code));
}

/// Whether it is a pipe, if it is of a kind that may be read.
Result<bool> is_pipe(int descriptor, const std::filesystem::path& file, FileKinds kinds) {
    struct stat status{};
    if (::fstat(descriptor, &status) != 0) return system_failure(errno);
    const bool pipe = S_ISFIFO(status.st_mode);
    if (pipe && kinds == FileKinds::regular)
        return fail(ErrorCode::invalid,
                    "{} is a pipe, which gives its content only once: what is read again while the program "
                    "runs has to be in regular files",
                    quoted(file.string()));
    if (!pipe && !S_ISREG(status.st_mode))
        return fail(ErrorCode::invalid, "{} is not a regular file", quoted(file.string()));
    return pipe;
}

/// Waits until a pipe has something or its writers are gone. One that nobody writes to yet says nothing.
Status wait_for(int pipe, Steady::time_point until) {
    for (;;) {
        const auto left = std::chrono::ceil<Duration>(until - Steady::now());
        if (left <= Duration::zero())
            return fail(ErrorCode::timeout,
                        "it is a pipe whose writer didn't write all and close it in time");
        pollfd entry{.fd = pipe, .events = POLLIN, .revents = 0};
        const int ready = ::poll(&entry, 1, static_cast<int>(left.count()));
        if (ready > 0) return {};
        if (ready < 0 && errno != EINTR) return system_failure(errno);
    }
}

}  // namespace

Result<std::string> read_file(const std::filesystem::path& file, std::size_t cap, FileKinds kinds,
                              Duration patience) {
    const auto until = Steady::now() + patience;
    // Without O_NONBLOCK opening a pipe would wait for somebody to write to it.
    const Descriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (!descriptor.open()) return system_failure(errno);
    const auto pipe = is_pipe(descriptor.get(), file, kinds);
    if (!pipe) return fail(pipe.error());
    std::string content;
    while (content.size() <= cap) {
        if (*pipe)
            if (const auto ready = wait_for(descriptor.get(), until); !ready) return fail(ready.error());
        constexpr std::size_t chunk = std::size_t{16} << 10;
        const std::size_t size = content.size();
        content.resize(size + chunk);
        const ssize_t got = ::read(descriptor.get(), content.data() + size, chunk);
        content.resize(size + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
        if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        if (got < 0) return system_failure(errno);
        if (got > 0) continue;
        if (*pipe && content.empty())
            return fail(ErrorCode::invalid, "nothing came through the pipe {}", quoted(file.string()));
        return content;
    }
    return fail(ErrorCode::too_large, "it is larger than {} KiB", cap / 1024);
}

}  // namespace rm::config
