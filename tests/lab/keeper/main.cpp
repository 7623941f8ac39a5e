// SPDX-License-Identifier: Apache-2.0
// The keeper: the one process that outlives a test. It starts everything a lab needs, on request over a
// socket, and when the test process has gone, in whatever way, it kills all of it and removes the lab's
// folder and cgroups.
//
// It leaves the test's session and process tree, so that whoever kills those whole (ctest at a timeout,
// Ctrl-C) does not kill it too. If it is killed nevertheless, the kernel kills its children, and the next
// keeper removes the rest.
//
//     rm_lab_keeper SOCKET-DESCRIPTOR PID-OF-THE-TEST FOLDER-OF-LABS
#include <algorithm>
#include <array>
#include <climits>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sched.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/lab/keeper/children.h"
#include "tests/lab/message.h"
#include "tests/lab/traces.h"

namespace rm::lab {
namespace {

namespace fs = std::filesystem;

struct Lab {
    fs::path folder;
    Descriptor lock;
};

/// A new folder with a lock file held by us. Between making and locking it a sweep may take it for a dead one
/// and remove it: seen by the missing file, and tried again.
Result<Lab> make_lab(const fs::path& labs) {
    constexpr int attempts = 10;
    for (int attempt = 0; attempt < attempts; ++attempt) {
        std::string name = (labs / fmt::format("{}XXXXXX", lab_prefix)).string();
        if (::mkdtemp(name.data()) == nullptr) return system_failure("make a folder in " + labs.string());
        const fs::path folder(name);
        Lab lab{.folder = folder,
                .lock = Descriptor(::open((folder / lock_file).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600))};
        struct stat about{};
        const bool held = lab.lock.open() && ::flock(lab.lock.get(), LOCK_EX | LOCK_NB) == 0 &&
                          ::stat((folder / lock_file).c_str(), &about) == 0;
        // Peers that run as another user (PostgreSQL) must be able to walk through.
        if (held && ::chmod(name.c_str(), 0711) == 0) return lab;
    }
    return fail(ErrorCode::io, "cannot make and lock a folder in {}", labs.string());
}

Result<Started> start(Children& children, const std::vector<std::string>& words) {
    constexpr std::size_t fixed = 6;
    if (words.size() <= fixed) return fail(ErrorCode::invalid, "a start without a program");
    Launch launch{.user = words[2], .directory = words[3], .log = words[4]};
    const auto count = static_cast<std::size_t>(std::strtoul(words[5].c_str(), nullptr, 10));
    const auto rest = words.begin() + fixed;
    if (count == 0 || count > words.size() - fixed)
        return fail(ErrorCode::invalid, "a start without a program");
    launch.argv.assign(rest, rest + static_cast<std::ptrdiff_t>(count));
    launch.environment.assign(rest + static_cast<std::ptrdiff_t>(count), words.end());
    if (!words[1].empty()) {
        auto space = children.space(static_cast<int>(std::strtol(words[1].c_str(), nullptr, 10)));
        if (!space) return fail(space.error());
        launch.space = *space;
    }
    return children.start(launch);
}

Message refusal(const Error& error) {
    return {.words = {"error", error.message}, .attached = {}};
}

Message answer(Children& children, const Lab& lab, const std::vector<std::string>& words) {
    const std::string verb = words.empty() ? "" : words.front();
    if (verb == "hello") return {.words = {"ok", lab.folder.string()}, .attached = {}};
    if (verb == "state" && words.size() == 2) {
        children.reap();
        auto state = children.state(static_cast<int>(std::strtol(words[1].c_str(), nullptr, 10)));
        return state ? Message{.words = {"ok", *state}, .attached = {}} : refusal(state.error());
    }
    if (verb != "start" && verb != "space") return {.words = {"error", "unknown request"}, .attached = {}};
    auto started = verb == "start" ? start(children, words) : children.open_space();
    if (!started) return refusal(started.error());
    return {.words = {"ok", std::to_string(started->number), std::to_string(started->pid)},
            .attached = std::move(started->pidfd)};
}

/// Until the test process has gone or we are told to end.
void serve(int socket, int test, int signals, Children& children, const Lab& lab) {
    std::array<pollfd, 3> events{{{.fd = signals, .events = POLLIN, .revents = 0},
                                  {.fd = socket, .events = POLLIN, .revents = 0},
                                  {.fd = test, .events = POLLIN, .revents = 0}}};
    while (true) {
        if (::poll(events.data(), events.size(), -1) < 0) continue;
        if (events[0].revents != 0) {
            signalfd_siginfo about{};
            const bool got = ::read(signals, &about, sizeof about) == static_cast<ssize_t>(sizeof about);
            if (got && about.ssi_signo != SIGCHLD) return;
            children.reap();
        }
        if (events[2].revents != 0) return;
        if (events[1].revents == 0) continue;
        auto request = receive_message(socket);
        if (!request || !send_message(socket, answer(children, lab, request->words))) return;
    }
}

/// Out of the test's session and process tree, with nothing of its but the socket.
void detach(int& socket) {
    if (::fork() != 0) ::_exit(0);
    ::setsid();
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    // Shared memory of programs that are killed (PostgreSQL's) stays until its namespace goes: so it gets one
    // of ours. Without root this fails, and so may the tidiness.
    static_cast<void>(::unshare(CLONE_NEWIPC) != 0);
    if (::dup2(socket, 3) == 3) socket = 3;
    ::syscall(SYS_close_range, 5U, UINT_MAX, 0U);  // 4 is the test's pidfd
    if (const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC); null >= 0) {
        for (int each = 0; each < 3; ++each) ::dup2(null, each);
        ::close(null);
    }
    ::fcntl(socket, F_SETFD, FD_CLOEXEC);
    static_cast<void>(::chdir("/") != 0);
    ::umask(022);
}

int block_signals() {
    sigset_t wanted;
    sigemptyset(&wanted);
    for (const int number : {SIGCHLD, SIGTERM, SIGINT, SIGHUP, SIGQUIT}) sigaddset(&wanted, number);
    ::sigprocmask(SIG_BLOCK, &wanted, nullptr);
    static_cast<void>(std::signal(SIGPIPE, SIG_IGN));
    return ::signalfd(-1, &wanted, SFD_CLOEXEC);
}

int keep(int socket, pid_t test, const fs::path& labs) {
    // The test waits for our first self, so its pid is still its own here.
    const int early = static_cast<int>(::syscall(SYS_pidfd_open, test, 0U));
    // Whoever runs the tests may leave descriptor 3 open (ctest does), and then the pidfd is 4 already.
    const int watched = early == 4 ? early : ::dup3(early, 4, O_CLOEXEC);
    if (watched < 0) return 1;
    detach(socket);
    const Descriptor signals(block_signals());
    for (const fs::path& place : {labs, fs::path("/tmp")}) sweep_dead_labs(place);
    auto lab = make_lab(labs);
    if (!lab) {
        static_cast<void>(receive_message(socket));
        static_cast<void>(send_message(socket, refusal(lab.error())));
        return 1;
    }
    // Named like the lab, as are the first processes of its spaces: so that `traces` and people see whose
    // they are.
    const std::string name = lab->folder.filename().string();
    ::prctl(PR_SET_NAME, name.c_str());
    Children children;
    serve(socket, watched, signals.get(), children, *lab);
    children.end_all();
    static_cast<void>(remove_cgroups(name));
    std::error_code ignored;
    fs::remove_all(memory_folder(name), ignored);
    fs::remove_all(lab->folder, ignored);
    return 0;
}

}  // namespace
}  // namespace rm::lab

int main(int argc, char** argv) {
    if (argc != 4) return 2;
    return rm::lab::keep(static_cast<int>(std::strtol(argv[1], nullptr, 10)),
                         static_cast<pid_t>(std::strtol(argv[2], nullptr, 10)), argv[3]);
}
