// SPDX-License-Identifier: Apache-2.0
#include "tests/lab/engine.h"

#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "tests/lab/http.h"
#include "tests/lab/keeper.h"
#include "tests/lab/temp_folder.h"
#include "tests/lab/traces.h"

namespace rm::lab {

namespace fs = std::filesystem;

namespace {

/// Docker would decide by itself, but also for drivers nobody uses; so the one question that matters is
/// tried.
Result<std::string> choose_storage_driver(const Space& space, const fs::path& folder) {
    const fs::path trial = folder / "trial";
    std::error_code wrong;
    for (const char* part : {"lower", "upper", "work", "merged"}) fs::create_directories(trial / part, wrong);
    const std::string layers =
        fmt::format("lowerdir={0}/lower,upperdir={0}/upper,workdir={0}/work", trial.string());
    const std::string script = fmt::format("mount -t overlay overlay -o {} {}/merged && umount {}/merged",
                                           layers, trial.string(), trial.string());
    auto tried = run_program({.name = "overlay-trial", .argv = {"sh", "-c", script}, .inside = &space});
    fs::remove_all(trial, wrong);
    if (!tried) return fail(tried.error());
    return std::string(tried->exit_code == 0 ? "overlay2" : "vfs");
}

}  // namespace

struct Engine::State {
    State(TempFolder where, Space inside, std::string group, EngineOptions wanted)
        : folder(std::move(where)),
          space(std::move(inside)),
          cgroup(std::move(group)),
          options(std::move(wanted)),
          socket(folder.path() / "docker.sock") {}
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    State(State&&) = delete;
    State& operator=(State&&) = delete;
    ~State() {
        // With the space everything in it ends at once; asking the daemon first would only cost time.
        space.close();
        static_cast<void>(remove_cgroups(cgroup));
    }

    TempFolder folder;
    Space space;
    std::string cgroup;
    EngineOptions options;
    fs::path socket;
    std::string storage_driver;
    std::optional<PeerProcess> daemon;
};

Engine::Engine(std::unique_ptr<State> state) : state_(std::move(state)) {}
Engine::Engine(Engine&&) noexcept = default;
Engine& Engine::operator=(Engine&&) noexcept = default;
Engine::~Engine() = default;

Result<Engine> Engine::start(EngineOptions options) {
    auto folder = TempFolder::make("engine");
    if (!folder) return fail(folder.error());
    auto space = Space::open();
    if (!space) return fail(space.error());
    auto cgroup = new_cgroup_name();
    if (!cgroup) return fail(cgroup.error());
    auto driver = choose_storage_driver(*space, folder->path());
    if (!driver) return fail(driver.error());
    Engine engine(
        std::make_unique<State>(std::move(*folder), std::move(*space), *cgroup, std::move(options)));
    engine.state_->storage_driver = *driver;
    // An empty configuration file of its own, or it would read the machine's.
    if (Status written = write_file(engine.state_->folder.path() / "daemon.json", "{}\n"); !written)
        return fail(written.error());
    if (Status up = engine.start_daemon(); !up) return fail(up.error());
    return engine;
}

Status Engine::start_daemon() {
    const fs::path& folder = state_->folder.path();
    Program program{
        .name = "dockerd",
        .argv = {"dockerd", "--config-file", folder / "daemon.json", "--data-root", folder / "data",
                 "--exec-root", folder / "exec", "--pidfile", folder / "dockerd.pid", "--host", host(),
                 "--cgroup-parent", "/" + state_->cgroup, "--exec-opt", "native.cgroupdriver=cgroupfs",
                 "--storage-driver", state_->storage_driver, "--group", "root"},
        .inside = &state_->space};
    program.argv.insert(program.argv.end(), state_->options.arguments.begin(),
                        state_->options.arguments.end());
    std::error_code ignored;
    fs::remove(folder / "dockerd.pid", ignored);  // a killed one leaves it
    auto daemon = PeerProcess::start(program);
    if (!daemon) return fail(daemon.error());
    state_->daemon = std::move(*daemon);
    return state_->daemon->wait_ready([this] { return answers("/_ping", state_->socket); });
}

void Engine::stop_daemon(int signal) {
    constexpr auto patience = std::chrono::seconds(30);
    if (state_->daemon) state_->daemon->stop(patience, signal);
}

Result<std::string> Engine::docker(std::vector<std::string> arguments, Duration deadline) const {
    Program program{
        .name = "docker", .argv = {"docker"}, .environment = environment(), .inside = &state_->space};
    program.argv.insert(program.argv.end(), arguments.begin(), arguments.end());
    return run_well(program, deadline);
}

std::vector<std::string> Engine::environment() const {
    return {"DOCKER_HOST=" + host(), "DOCKER_BUILDKIT=0", "COMPOSE_HTTP_TIMEOUT=60", "COMPOSE_ANSI=never",
            "DOCKER_CONFIG=" + (state_->folder.path() / "client").string()};
}

const Space& Engine::space() const {
    return state_->space;
}
const fs::path& Engine::socket() const {
    return state_->socket;
}
std::string Engine::host() const {
    return "unix://" + state_->socket.string();
}
const PeerProcess& Engine::daemon() const {
    return *state_->daemon;
}
const std::string& Engine::cgroup() const {
    return state_->cgroup;
}
const std::string& Engine::storage_driver() const {
    return state_->storage_driver;
}

}  // namespace rm::lab
