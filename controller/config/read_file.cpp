// SPDX-License-Identifier: Apache-2.0
#include "config/read_file.h"

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/descriptor.h"
#include "core/text.h"

namespace rm::config {
namespace {

ErrorCode kind_of(int code) {
    if (code == ENOENT) return ErrorCode::not_found;
    return code == EACCES ? ErrorCode::permission : ErrorCode::io;
}

tl::unexpected<Error> system_failure(int code) {
    return fail(kind_of(code), "{}", std::generic_category().message(code));
}

}  // namespace

Result<std::string> read_file(const std::filesystem::path& file, std::size_t cap) {
    const Descriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (!descriptor.open()) return system_failure(errno);
    struct stat status{};
    if (::fstat(descriptor.get(), &status) != 0) return system_failure(errno);
    if (!S_ISREG(status.st_mode) && !S_ISFIFO(status.st_mode))
        return fail(ErrorCode::invalid, "{} is not a regular file", quoted(file.string()));
    std::string content;
    while (content.size() <= cap) {
        constexpr std::size_t chunk = std::size_t{16} << 10;
        const std::size_t size = content.size();
        content.resize(size + chunk);
        const ssize_t got = ::read(descriptor.get(), content.data() + size, chunk);
        content.resize(size + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return system_failure(errno);
        if (got == 0) return content;
    }
    return fail(ErrorCode::too_large, "it is larger than {} KiB", cap / 1024);
}

}  // namespace rm::config
