// SPDX-License-Identifier: Apache-2.0
#include "tests/lab/temp_folder.h"

#include <cstdint>
#include <fstream>
#include <system_error>
#include <utility>

#include <pwd.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "core/text.h"
#include "tests/lab/keeper.h"
#include "tests/lab/message.h"
#include "tests/lab/traces.h"

namespace rm::lab {

namespace fs = std::filesystem;

namespace {

bool has_plenty_of_memory() {
    constexpr std::uint64_t plenty = 1UL << 30;
    constexpr auto in_memory = 0x01021994;  // the magic number of tmpfs
    struct statfs about{};
    return ::statfs("/dev/shm", &about) == 0 && about.f_type == in_memory &&
           ::access("/dev/shm", W_OK) == 0 &&
           about.f_bavail * static_cast<std::uint64_t>(about.f_bsize) > plenty;
}

}  // namespace

TempFolder::TempFolder(fs::path path) : path_(std::move(path)) {}
TempFolder::TempFolder(TempFolder&& other) noexcept : path_(std::exchange(other.path_, fs::path())) {}

TempFolder& TempFolder::operator=(TempFolder&& other) noexcept {
    std::swap(path_, other.path_);
    return *this;
}

TempFolder::~TempFolder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
}

Result<TempFolder> TempFolder::make(const std::string& name) {
    auto folder = new_folder(name);
    if (!folder) return fail(folder.error());
    return TempFolder(std::move(*folder));
}

Result<TempFolder> TempFolder::make_in_memory(const std::string& name) {
    if (!has_plenty_of_memory()) return make(name);
    auto reserved = new_file(name);
    if (!reserved) return fail(reserved.error());
    const fs::path all = memory_folder(reserved->parent_path().filename());
    const fs::path folder = all / reserved->filename();
    std::error_code wrong;
    fs::create_directory(all, wrong);
    fs::permissions(all, fs::perms::owner_all | fs::perms::group_exec | fs::perms::others_exec, wrong);
    if (!fs::create_directory(folder, wrong)) return make(name);
    return TempFolder(folder);
}

Status TempFolder::give_to(const std::string& user) const {
    const passwd* entry = ::getpwnam(user.c_str());
    if (entry == nullptr) return fail(ErrorCode::not_found, "there is no user {}", quoted(user));
    if (::chown(path_.c_str(), entry->pw_uid, entry->pw_gid) != 0)
        return system_failure("give " + path_.string() + " to " + user);
    return {};
}

Status write_file(const fs::path& path, std::string_view text) {
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << text;
    file.close();
    if (!file) return fail(ErrorCode::io, "cannot write {}", path.string());
    return {};
}

}  // namespace rm::lab
