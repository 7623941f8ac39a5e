// SPDX-License-Identifier: Apache-2.0
#include "net/subprocess_environment.h"

#include <cerrno>
#include <cstring>
#include <optional>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/text.h"

namespace rm::net {
namespace {

/// Why `path` can't be run; nothing if it can.
std::optional<Error> obstacle(const std::string& path) {
    struct stat info{};
    if (::stat(path.c_str(), &info) != 0) {
        const int error = errno;
        if (error == ENOENT || error == ENOTDIR) return Error{ErrorCode::not_found, "there is no such file"};
        return Error{error == EACCES ? ErrorCode::permission : ErrorCode::io, std::strerror(error)};
    }
    if (!S_ISREG(info.st_mode)) return Error{ErrorCode::permission, "it is not a file that can be run"};
    if (::faccessat(AT_FDCWD, path.c_str(), X_OK, AT_EACCESS) != 0)
        return Error{ErrorCode::permission, "it is not executable for us (chmod +x?)"};
    return std::nullopt;
}

/// The absolute folders of PATH; an empty or relative one would mean "wherever we happen to be".
std::vector<std::string> folders(std::string_view path) {
    std::vector<std::string> absolute;
    while (!path.empty()) {
        const std::string_view folder = path.substr(0, path.find(':'));
        path.remove_prefix(std::min(folder.size() + 1, path.size()));
        if (folder.starts_with('/')) absolute.emplace_back(folder);
    }
    return absolute;
}

Result<std::string> search_path(std::string_view name, std::string_view path) {
    std::optional<Error> refused;
    for (const std::string& folder : folders(path)) {
        std::string candidate = fmt::format("{}/{}", folder, name);
        auto why = obstacle(candidate);
        if (!why) return candidate;
        if (why->code == ErrorCode::permission && !refused)
            refused = why->with_prefix(fmt::format("cannot run {}", quoted(candidate)));
    }
    if (refused) return fail(*refused);
    return fail(ErrorCode::not_found, "cannot run {}: it is in none of the folders of its PATH, {}",
                quoted(name), quoted(path));
}

}  // namespace

Environment current_environment() {
    Environment all;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        const std::string_view text(*entry);
        const auto equals = text.find('=');
        if (equals != std::string_view::npos && equals != 0)
            all.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
    return all;
}

Environment pick(const Environment& from, std::span<const std::string_view> allowed) {
    Environment picked;
    for (const std::string_view name : allowed) {
        if (const auto found = from.find(name); found != from.end()) picked.insert(*found);
    }
    return picked;
}

Result<std::string> find_program(std::string_view name, const Environment& environment) {
    if (name.empty()) return fail(ErrorCode::invalid, "cannot run a program without a name");
    if (name.starts_with('/')) {
        if (auto why = obstacle(std::string(name)))
            return fail(why->with_prefix(fmt::format("cannot run {}", quoted(name))));
        return std::string(name);
    }
    if (name.find('/') != std::string_view::npos)
        return fail(ErrorCode::invalid,
                    "cannot run {}: give an absolute path, or a bare name to look up in PATH", quoted(name));
    const auto path = environment.find("PATH");
    if (path == environment.end())
        return fail(ErrorCode::not_found,
                    "cannot run {}: its environment has no PATH to look it up in; give an absolute path",
                    quoted(name));
    return search_path(name, path->second);
}

}  // namespace rm::net
