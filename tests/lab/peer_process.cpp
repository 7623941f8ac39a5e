// SPDX-License-Identifier: Apache-2.0
#include "tests/lab/peer_process.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <fstream>
#include <iterator>
#include <system_error>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/text.h"
#include "tests/lab/keeper.h"
#include "tests/lab/message.h"
#include "tests/lab/space.h"
#include "tests/lab/temp_folder.h"

namespace rm::lab {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

namespace {

constexpr auto poll_pause = std::chrono::milliseconds(5);

Result<fs::path> program_file(const std::string& name) {
    if (name.starts_with('/')) return fs::path(name);
    fs::path found = find_program(name);
    if (found.empty())
        return fail(ErrorCode::not_found, "there is no program {} in {}", quoted(name), program_path);
    return found;
}

void give_unless_set(std::vector<std::string>& environment, std::string_view name, std::string_view value) {
    const std::string start = fmt::format("{}=", name);
    for (const std::string& each : environment)
        if (each.starts_with(start)) return;
    environment.push_back(fmt::format("{}{}", start, value));
}

std::string end_of_file(const fs::path& file, std::size_t bytes) {
    std::ifstream in(file, std::ios::binary);
    in.seekg(0, std::ios::end);
    const auto size = static_cast<std::size_t>(std::max<std::streamoff>(in.tellg(), 0));
    in.seekg(static_cast<std::streamoff>(size - std::min(size, bytes)));
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

bool is_stopped(const fs::path& thread) {
    std::ifstream file(thread / "stat");
    std::string line;
    std::getline(file, line);
    const auto name_end = line.rfind(") ");
    return name_end == std::string::npos || line.substr(name_end + 2, 1) == "T";
}

/// A busy machine takes its time until the last thread has noticed; one of them may answer a request
/// meanwhile.
Status wait_until_stopped(const std::string& name, pid_t pid) {
    const auto until = steady_clock::now() + std::chrono::seconds(10);
    const fs::path threads = fmt::format("/proc/{}/task", pid);
    while (steady_clock::now() < until) {
        std::error_code gone;
        const fs::directory_iterator all(threads, gone);
        if (gone || std::ranges::all_of(all, [](const auto& thread) { return is_stopped(thread.path()); }))
            return {};
        std::this_thread::sleep_for(poll_pause);
    }
    return fail(ErrorCode::timeout, "{} does not stop", name);
}

}  // namespace

struct PeerProcess::State {
    std::string name;
    fs::path log;
    Kept kept;
};

PeerProcess::PeerProcess(std::unique_ptr<State> state) : state_(std::move(state)) {}
PeerProcess::PeerProcess(PeerProcess&&) noexcept = default;

PeerProcess& PeerProcess::operator=(PeerProcess&& other) noexcept {
    std::swap(state_, other.state_);
    return *this;
}

PeerProcess::~PeerProcess() {
    if (!state_) return;
    stop();
    std::error_code ignored;
    fs::remove(state_->log, ignored);
}

Result<PeerProcess> PeerProcess::start(const Program& program) {
    if (program.argv.empty()) return fail(ErrorCode::invalid, "{}: no program was named", program.name);
    auto file = program_file(program.argv.front());
    if (!file) return fail(file.error());
    auto folder = lab_folder();
    if (!folder) return fail(folder.error());
    auto log = new_file(program.name + ".log");
    if (!log) return fail(log.error());

    KeeperStart start{.argv = program.argv,
                      .environment = program.environment,
                      .user = program.user,
                      .directory = program.directory.empty() ? *folder : program.directory,
                      .log = *log,
                      .space = std::nullopt};
    start.argv.front() = file->string();
    give_unless_set(start.environment, "PATH", program_path);
    give_unless_set(start.environment, "HOME", folder->string());
    if (program.inside != nullptr) start.space = program.inside->number();
    auto kept = start_kept(start);
    if (!kept) return fail(kept.error().with_prefix(program.name));
    return PeerProcess(std::make_unique<State>(State{program.name, *log, std::move(*kept)}));
}

Status PeerProcess::wait_ready(const std::function<bool()>& ready, Duration deadline) const {
    const auto end = steady_clock::now() + deadline;
    while (true) {
        if (!running())
            return fail(ErrorCode::unavailable, "{} ended before it was ready ({}); its log says:\n{}",
                        state_->name, wait(Duration(0)).value_or("?"), log_tail());
        if (ready()) return {};
        if (steady_clock::now() > end)
            return fail(ErrorCode::timeout, "{} is not ready after {}; its log says:\n{}", state_->name,
                        print(deadline), log_tail());
        std::this_thread::sleep_for(poll_pause);
    }
}

bool PeerProcess::running() const {
    return !wait_ended(state_->kept, Duration(0));
}

Status PeerProcess::signal(int number) const {
    if (::syscall(SYS_pidfd_send_signal, state_->kept.pidfd.get(), number, nullptr, 0U) != 0)
        return system_failure("signal " + state_->name);
    return number == SIGSTOP ? wait_until_stopped(state_->name, state_->kept.pid) : Status();
}

Result<std::string> PeerProcess::wait(Duration deadline) const {
    if (!wait_ended(state_->kept, deadline))
        return fail(ErrorCode::timeout, "{} still runs after {}", state_->name, print(deadline));
    return kept_state(state_->kept);
}

void PeerProcess::stop(Duration grace, int number) {
    if (running()) {
        static_cast<void>(signal(number));
        // A stopped process would not see the signal.
        static_cast<void>(signal(SIGCONT));
        if (!wait_ended(state_->kept, grace)) {
            static_cast<void>(signal(SIGKILL));
            wait_ended(state_->kept, std::chrono::seconds(30));
        }
    }
    // Buries it, and ends its group.
    static_cast<void>(kept_state(state_->kept));
}

pid_t PeerProcess::pid() const {
    return state_->kept.pid;
}
const fs::path& PeerProcess::log_file() const {
    return state_->log;
}
std::string PeerProcess::log_tail(std::size_t bytes) const {
    return end_of_file(state_->log, bytes);
}

Result<Output> run_program(const Program& program, Duration deadline) {
    constexpr std::size_t output_cap = 16UL * 1024 * 1024;
    auto process = PeerProcess::start(program);
    if (!process) return fail(process.error());
    auto ended = process->wait(deadline);
    if (!ended)
        return fail(ErrorCode::timeout, "{}; it said:\n{}", ended.error().message, process->log_tail());
    constexpr std::string_view exited = "exited ";
    if (!ended->starts_with(exited))
        return fail(ErrorCode::io, "{} was {}; it said:\n{}", program.name, *ended, process->log_tail());
    return Output{.exit_code = std::stoi(ended->substr(exited.size())),
                  .text = process->log_tail(output_cap)};
}

Result<std::string> run_well(const Program& program, Duration deadline) {
    auto output = run_program(program, deadline);
    if (!output) return fail(output.error());
    if (output->exit_code != 0)
        return fail(ErrorCode::io, "{} failed with exit code {}; it said:\n{}", program.name,
                    output->exit_code, output->text);
    return std::move(output->text);
}

fs::path find_program(std::string_view name) {
    std::string_view rest = program_path;
    while (!rest.empty()) {
        const auto colon = std::min(rest.find(':'), rest.size());
        fs::path candidate = fs::path(rest.substr(0, colon)) / name;
        if (::access(candidate.c_str(), X_OK) == 0) return candidate;
        rest.remove_prefix(std::min(colon + 1, rest.size()));
    }
    return {};
}

}  // namespace rm::lab
