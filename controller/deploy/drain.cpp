// SPDX-License-Identifier: Apache-2.0
#include "deploy/drain.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "core/text.h"
#include "deploy/haproxy.h"
#include "deploy/probe.h"
#include "deploy/reach.h"
#include "docker/tar.h"

namespace rm::deploy {
namespace {

constexpr Duration command_limit = std::chrono::minutes(1);
constexpr std::string_view state_in_command = "{state}";
constexpr std::string_view nowhere = ".resource-manager-drain-is-over";

struct DrainFile {
    std::string folder;
    std::string name;
};

DrainFile split(const std::string& path) {
    const auto slash = path.rfind('/');
    return {.folder = slash == 0 ? "/" : path.substr(0, slash), .name = path.substr(slash + 1)};
}

/// In a tmpfs the engine's file would not be seen, and what is mounted green has, too.
Status check_is_own(docker::Engine& engine, const docker::Container& container, const std::string& path,
                    const std::stop_token& stop) {
    const auto surroundings = surroundings_of(engine, container, stop);
    if (!surroundings) return fail(surroundings.error());
    const docker::MountPoint* const mount = docker::mount_of(*surroundings, path);
    if (mount == nullptr) return {};
    return fail(ErrorCode::invalid, "the drain file {} can't be in {}, which is {}", quoted(path),
                quoted(mount->target),
                mount->in_memory ? "a tmpfs, where the engine can't write"
                                 : "mounted: other containers may have it, too");
}

Result<std::string> put(docker::Engine& engine, const docker::Container& container, const std::string& path,
                        docker::TarEntry entry, const std::stop_token& stop) {
    DrainFile file = split(path);
    entry.path = std::move(file.name);
    const auto tar = docker::write_tar(std::array{std::move(entry)});
    if (!tar) return fail(tar.error());
    if (auto done = engine.put_archive(container.id, file.folder, *tar, stop); !done)
        return fail(std::move(done).error());
    return path;
}

Result<std::string> put_file(docker::Engine& engine, const docker::Container& container,
                             const std::string& path, const std::stop_token& stop) {
    if (auto own = check_is_own(engine, container, path, stop); !own) return fail(std::move(own).error());
    return put(engine, container, path,
               {.path = {}, .content = "resource-manager takes this container out of the traffic\n"}, stop);
}

/// Nothing to do where there is none, or where that was done already.
Result<bool> is_there(docker::Engine& engine, const docker::Container& container, const std::string& path,
                      const std::stop_token& stop) {
    const auto archive = engine.get_archive(container.id, path, stop);
    if (!archive && archive.error().code == ErrorCode::not_found) return false;
    if (!archive) return fail(archive.error());
    const auto entries = docker::read_tar(*archive);
    if (!entries) return fail(ErrorCode::protocol, "{}", entries.error().message);
    return !entries->empty() && entries->front().kind != docker::TarEntry::Kind::link;
}

Result<std::string> hide_file(docker::Engine& engine, const docker::Container& container,
                              const std::string& path, const std::stop_token& stop) {
    const auto there = is_there(engine, container, path, stop);
    if (!there) return fail(there.error());
    if (!*there) return path + " is not there";
    return put(
        engine, container, path,
        {.path = {}, .content = std::string(nowhere), .kind = docker::TarEntry::Kind::link, .mode = 0777},
        stop);
}

/// `drain` or `ready` in the place of {state}.
config::Argv with_state(config::Argv argv, std::string_view state) {
    for (std::string& argument : argv)
        for (auto at = argument.find(state_in_command); at != std::string::npos;
             at = argument.find(state_in_command, at + state.size()))
            argument.replace(at, state_in_command.size(), state);
    return argv;
}

bool can_be_taken_back(const config::Argv& argv) {
    return std::ranges::any_of(
        argv, [](const std::string& one) { return one.find(state_in_command) != std::string::npos; });
}

Result<std::string> in_haproxy(docker::Engine& engine, const docker::Container& container,
                               const config::Haproxy& haproxy, bool drained, const std::stop_token& stop) {
    const auto addresses = addresses_of(engine, container, stop);
    if (!addresses) return fail(addresses.error());
    return drained ? drain_in_haproxy(haproxy, *addresses, stop)
                   : undrain_in_haproxy(haproxy, *addresses, stop);
}

}  // namespace

Result<std::string> begin_drain(docker::Engine& engine, const docker::Container& container,
                                const config::Deployment& wanted, const std::stop_token& stop) {
    switch (wanted.drain_by) {
        case config::DrainBy::wait:
            break;
        case config::DrainBy::file:
            return put_file(engine, container, wanted.drain_file, stop);
        case config::DrainBy::command:
            return run_inside(engine, container, with_state(wanted.drain_command, "drain"), command_limit,
                              stop);
        case config::DrainBy::haproxy:
            return in_haproxy(engine, container, wanted.haproxy, true, stop);
    }
    return std::string();
}

Result<std::string> end_drain(docker::Engine& engine, const docker::Container& container,
                              const config::Deployment& wanted, const std::stop_token& stop) {
    switch (wanted.drain_by) {
        case config::DrainBy::wait:
            break;
        case config::DrainBy::file:
            return hide_file(engine, container, wanted.drain_file, stop);
        case config::DrainBy::command:
            if (!can_be_taken_back(wanted.drain_command))
                return std::string("deployment.drain_command has no {state} by which it could take it back");
            return run_inside(engine, container, with_state(wanted.drain_command, "ready"), command_limit,
                              stop);
        case config::DrainBy::haproxy:
            return in_haproxy(engine, container, wanted.haproxy, false, stop);
    }
    return std::string();
}

}  // namespace rm::deploy
