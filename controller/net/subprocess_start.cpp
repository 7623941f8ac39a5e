// SPDX-License-Identifier: Apache-2.0
// The only file that knows Boost.Process, of which it uses the fork, the exec, and the pipe that carries a
// failed exec's errno back. Everything else it offers is done here, because
// - its environment, search and redirections allocate or close in ways that break with threads,
// - its child object reaps on its own terms, and would leave a zombie when exec fails,
// - a failing pipe(2) is not reported at all.
#include "net/subprocess_start.h"

#include <array>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <system_error>
#include <utility>
#include <vector>

#include <boost/process/child.hpp>
#include <boost/process/error.hpp>
#include <boost/process/extend.hpp>
#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/text.h"
#include "net/subprocess_group.h"

namespace rm::net {
namespace {

/// Waits for one child, or for one of a group if `pid` is negative; its wait status, or -1 and errno.
int wait_for(pid_t pid) {
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0) {
        if (errno != EINTR) return -1;
    }
    return status;
}

/// All that the child needs, made ready before the fork: between fork and exec nothing may allocate or lock.
struct Launch : boost::process::extend::handler {
    const char* program = nullptr;
    char** argv = nullptr;
    char** environment = nullptr;
    int in = -1;
    int out = -1;
    int err = -1;
    int directory = -1;

    template <class Executor>
    void on_setup(Executor& executor) const {
        executor.exe = program;
        executor.cmd_line = argv;
        executor.env = environment;
    }

    template <class Executor>
    void on_exec_setup(Executor& executor) const {
        if (prepare()) return;
        executor.set_error(std::error_code(errno, std::system_category()), "prepare");
        ::_exit(127);
    }

    /// When exec failed, the library looks once for the dead child; more often than not it is too early.
    template <class Executor>
    void on_error(Executor& executor, const std::error_code&) const {
        if (executor.pid > 0) wait_for(executor.pid);
    }

private:
    /// In the child, with all signals still blocked.
    [[nodiscard]] bool prepare() const {
        if (::setpgid(0, 0) != 0) return false;
        struct sigaction standard{};
        standard.sa_handler = SIG_DFL;
        for (int signal = 1; signal < NSIG; ++signal)
            ::sigaction(signal, &standard, nullptr);  // not all exist
        if (directory >= 0 && ::fchdir(directory) != 0) return false;
        if (::dup2(in, STDIN_FILENO) < 0 || ::dup2(out, STDOUT_FILENO) < 0 || ::dup2(err, STDERR_FILENO) < 0)
            return false;
        // Marked and not closed: the pipe that reports a failing exec has to live until then.
        if (::close_range(STDERR_FILENO + 1, UINT_MAX, CLOSE_RANGE_CLOEXEC) != 0) return false;
        sigset_t none;
        sigemptyset(&none);
        return ::sigprocmask(SIG_SETMASK, &none, nullptr) == 0;
    }
};

/// Blocks all signals in this thread, so that no handler of ours runs in the child before it is reset.
class SignalsBlocked {
public:
    SignalsBlocked() {
        sigset_t all;
        sigfillset(&all);
        ::pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    SignalsBlocked(const SignalsBlocked&) = delete;
    SignalsBlocked& operator=(const SignalsBlocked&) = delete;
    SignalsBlocked(SignalsBlocked&&) = delete;
    SignalsBlocked& operator=(SignalsBlocked&&) = delete;
    ~SignalsBlocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

private:
    sigset_t before_{};
};

Error start_error(const std::string& program, int error) {
    const auto because = [&](ErrorCode code, std::string_view why) {
        return Error{code, fmt::format("cannot run {}: {}", quoted(program), why)};
    };
    switch (error) {
        case E2BIG:
            return because(ErrorCode::too_large,
                           "its arguments and environment are larger than the system allows");
        case ENOENT:
            return because(ErrorCode::not_found, "the interpreter that it needs does not exist");
        case ENOEXEC:
            return because(
                ErrorCode::invalid,
                "it is not a program for this machine; a script needs a first line such as #!/bin/sh");
        case ENOSYS:
            return because(ErrorCode::unsupported, "this needs Linux 5.11 or newer");
        case EACCES:
        case EPERM:
            return because(ErrorCode::permission, std::strerror(error));
        case EMFILE:
        case ENFILE:
        case EAGAIN:
        case ENOMEM:
        case ETXTBSY:
            return because(ErrorCode::unavailable, std::strerror(error));
        default:
            return because(ErrorCode::io, std::strerror(error));
    }
}

/// What the child gets as descriptors 0, 1, 2, and our ends of the pipes.
struct Streams {
    std::vector<Descriptor> null;  // the last one is the child's stdin
    Descriptor out_read, out_write, err_read, err_write;
};

bool open_pipe(Descriptor& read, Descriptor& write) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return false;
    read = Descriptor(ends[0]);
    write = Descriptor(ends[1]);
    // Only our end: that a pipe doesn't block is a property of the end and would surprise the child.
    return ::fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0;
}

/// False with errno. If one of our own 0, 1, 2 is closed it is filled first: a pipe there, ours or the
/// library's, would be overwritten in the child.
bool open_streams(Streams& streams) {
    do {
        Descriptor null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
        if (!null.open()) return false;
        streams.null.push_back(std::move(null));
    } while (streams.null.back().get() <= STDERR_FILENO);
    return open_pipe(streams.out_read, streams.out_write) && open_pipe(streams.err_read, streams.err_write);
}

Result<Descriptor> open_directory(const std::string& program, const Command& command) {
    if (!command.directory) return Descriptor();
    const std::string path = command.directory->string();
    Descriptor directory(::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (directory.open() && ::faccessat(directory.get(), ".", X_OK, AT_EACCESS) == 0) return directory;
    const int error = errno;
    Error why = start_error(program, error);
    if (error == ENOENT) why.code = ErrorCode::not_found;
    why.message =
        fmt::format("cannot run {} in directory {}: {}", quoted(program), quoted(path), std::strerror(error));
    return fail(std::move(why));
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> array;
    array.reserve(texts.size() + 1);
    for (std::string& text : texts) array.push_back(text.data());
    array.push_back(nullptr);
    return array;
}

/// The new process, or the errno.
tl::expected<pid_t, int> spawn(Launch& launch) {
    try {
        const SignalsBlocked blocked;
        std::error_code error;
        boost::process::child child(launch, error);
        child.detach();  // or it would reap on its own
        if (error) return tl::unexpected(error.value());
        if (child.id() <= 0) return tl::unexpected(EMFILE);  // its pipe(2) failed, which it keeps to itself
        return child.id();
    } catch (const std::exception&) {
        return tl::unexpected(ENOMEM);  // nothing else is thrown when there is an error_code to set
    }
}

/// While SIGCHLD is ignored the kernel forgets exit codes. It may have been so already when we were started.
void keep_exit_codes() {
    struct sigaction current{};
    if (::sigaction(SIGCHLD, nullptr, &current) != 0) return;
    const bool ignored = current.sa_handler == SIG_IGN;
    if (!ignored && (current.sa_flags & SA_NOCLDWAIT) == 0) return;
    if (ignored) current.sa_handler = SIG_DFL;
    current.sa_flags &= ~SA_NOCLDWAIT;
    ::sigaction(SIGCHLD, &current, nullptr);
}

}  // namespace

Process::Process(pid_t pid, Descriptor out_end, Descriptor err_end)
    : out(std::move(out_end)), err(std::move(err_end)), pid_(pid) {}

Process::Process(Process&& other) noexcept
    : out(std::move(other.out)),
      err(std::move(other.err)),
      pid_(std::exchange(other.pid_, -1)),
      exit_(std::move(other.exit_)) {}

Process::~Process() {
    if (pid_ > 0) static_cast<void>(reap());
}

bool Process::watch_exit() {
    // glibc 2.36 declares pidfd_open for C only.
    exit_ = Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
    return exit_.open();
}

void Process::send(int signal) const {
    if (pid_ <= 0) return;
    const bool sent = ::kill(-pid_, signal) == 0;
    // It may have left its group. Twice the same signal is harmless only if it is this one.
    if (!sent || signal == SIGKILL) ::kill(pid_, signal);
}

bool Process::has_company() const {
    return pid_ > 0 && has_running_members(pid_);
}

Result<int> Process::reap() {
    if (pid_ <= 0) return fail(ErrorCode::internal, "it was reaped before");
    send(SIGKILL);
    const pid_t group = -std::exchange(pid_, -1);
    const int status = wait_for(-group);
    const int error = errno;
    // Orphans of the group are our children if we are the first process of a container.
    while (wait_for(group) >= 0) continue;
    if (status >= 0) return status;
    return fail(ErrorCode::internal, "its exit code is lost, something else in this process took it: {}",
                std::strerror(error));
}

Result<Process> start(const Command& command) {
    const auto program = find_program(command.argv.front(), command.environment);
    if (!program) return fail(program.error());
    const auto directory = open_directory(*program, command);
    if (!directory) return fail(directory.error());
    Streams streams;
    if (!open_streams(streams)) return fail(start_error(*program, errno));

    std::vector<std::string> arguments = command.argv;
    std::vector<std::string> variables;
    for (const auto& [name, value] : command.environment)
        variables.push_back(fmt::format("{}={}", name, value));
    const auto argv = pointers(arguments);
    const auto environment = pointers(variables);
    Launch launch;
    launch.program = program->c_str();
    launch.argv = const_cast<char**>(argv.data());
    launch.environment = const_cast<char**>(environment.data());
    launch.in = streams.null.back().get();
    launch.out = streams.out_write.get();
    launch.err = streams.err_write.get();
    launch.directory = directory->get();

    keep_exit_codes();
    const auto pid = spawn(launch);
    if (!pid) return fail(start_error(*program, pid.error()));
    Process process(*pid, std::move(streams.out_read), std::move(streams.err_read));
    if (!process.watch_exit()) return fail(start_error(*program, errno));
    return process;
}

}  // namespace rm::net
