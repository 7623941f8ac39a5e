// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cerrno>
#include <climits>
#include <csignal>
#include <system_error>

#include <fcntl.h>
#include <grp.h>
#include <linux/sched.h>
#include <pwd.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/text.h"
#include "tests/lab/keeper/launch.h"
#include "tests/lab/message.h"

namespace rm::lab {

namespace {

struct Account {
    bool other = false;
    uid_t user = 0;
    gid_t group = 0;
};

/// What the child reports through a pipe when it can't become the program; nothing when it could.
struct Trouble {
    std::array<char, 32> step;
    int number;
};

/// Everything the child needs, ready before the fork.
struct Prepared {
    std::vector<char*> argv;
    std::vector<char*> environment;
    Account account;
    Descriptor log;
    Descriptor input;
    int trouble = -1;
    pid_t keeper = 0;
};

std::vector<char*> pointers(const std::vector<std::string>& words) {
    std::vector<char*> result;
    result.reserve(words.size() + 1);
    for (const std::string& word : words)
        result.push_back(const_cast<char*>(word.c_str()));  // NOLINT: exec's type
    result.push_back(nullptr);
    return result;
}

Result<Account> find_account(const std::string& user) {
    if (user.empty()) return Account{};
    const passwd* entry = ::getpwnam(user.c_str());
    if (entry == nullptr) return fail(ErrorCode::not_found, "there is no user {}", quoted(user));
    return Account{.other = entry->pw_uid != ::geteuid(), .user = entry->pw_uid, .group = entry->pw_gid};
}

[[noreturn]] void give_up(int trouble, std::string_view step) {
    Trouble report{.step = {}, .number = errno};
    step.copy(report.step.data(), report.step.size() - 1);
    static_cast<void>(::write(trouble, &report, sizeof report) < 0);
    ::_exit(127);
}

void restore_signals() {
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    for (int number = 1; number < NSIG; ++number) static_cast<void>(std::signal(number, SIG_DFL));
}

[[noreturn]] void become_program(const Launch& launch, Prepared& prepared) {
    const int trouble = prepared.trouble;
    ::setsid();
    restore_signals();
    if (::dup2(prepared.input.get(), STDIN_FILENO) < 0) give_up(trouble, "redirect");
    if (::dup2(prepared.log.get(), STDOUT_FILENO) < 0) give_up(trouble, "redirect");
    if (::dup2(prepared.log.get(), STDERR_FILENO) < 0) give_up(trouble, "redirect");
    if (prepared.account.other) {
        if (::setgroups(0, nullptr) != 0) give_up(trouble, "setgroups");
        if (::setgid(prepared.account.group) != 0) give_up(trouble, "setgid");
        if (::setuid(prepared.account.user) != 0) give_up(trouble, "setuid");
    }
    // After setuid, which would clear it. In another pid namespace the parent's pid reads 0; there the
    // space's first process ends with the keeper and takes everybody along.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (launch.space < 0 && ::getppid() != prepared.keeper) ::_exit(127);
    if (::chdir(launch.directory.empty() ? "/" : launch.directory.c_str()) != 0) give_up(trouble, "chdir");
    ::umask(022);
    ::syscall(SYS_close_range, 3U, UINT_MAX, 4U /* CLOSE_RANGE_CLOEXEC */);
    ::execve(prepared.argv.front(), prepared.argv.data(), prepared.environment.data());
    give_up(trouble, "execute");
}

/// A process can't move itself into a pid namespace, only its children: so a middleman enters the space and
/// makes a child there, with CLONE_PARENT ours and not its own. Returns the child's pid as we see it.
pid_t start_inside(const Launch& launch, Prepared& prepared) {
    std::array<int, 2> report{};
    if (::pipe2(report.data(), O_CLOEXEC) != 0) return -1;
    const Descriptor reading(report[0]);
    Descriptor writing(report[1]);
    const pid_t middleman = ::fork();
    if (middleman < 0) return -1;
    if (middleman == 0) {
        if (::setns(launch.space, CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWPID) != 0)
            give_up(prepared.trouble, "enter the space");
        clone_args how{};
        how.flags = CLONE_PARENT;
        const auto child = static_cast<pid_t>(::syscall(SYS_clone3, &how, sizeof how));
        if (child == 0) become_program(launch, prepared);
        if (child < 0) give_up(prepared.trouble, "fork");
        static_cast<void>(::write(writing.get(), &child, sizeof child) < 0);
        ::_exit(0);
    }
    writing.close();
    pid_t child = -1;
    if (::read(reading.get(), &child, sizeof child) != static_cast<ssize_t>(sizeof child)) child = -1;
    ::waitpid(middleman, nullptr, 0);
    return child;
}

pid_t start_outside(const Launch& launch, Prepared& prepared) {
    const pid_t child = ::fork();
    if (child == 0) become_program(launch, prepared);
    return child;
}

Result<Prepared> prepare(const Launch& launch) {
    Prepared prepared;
    auto account = find_account(launch.user);
    if (!account) return fail(account.error());
    prepared.account = *account;
    prepared.argv = pointers(launch.argv);
    prepared.environment = pointers(launch.environment);
    prepared.keeper = ::getpid();
    prepared.input = Descriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    prepared.log = Descriptor(::open(launch.log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
    if (!prepared.log.open() || !prepared.input.open())
        return system_failure("open the log " + quoted(launch.log));
    return prepared;
}

}  // namespace

Result<pid_t> start_program(const Launch& launch) {
    auto prepared = prepare(launch);
    if (!prepared) return fail(prepared.error());
    std::array<int, 2> trouble{};
    if (::pipe2(trouble.data(), O_CLOEXEC) != 0) return system_failure("make a pipe");
    const Descriptor reading(trouble[0]);
    Descriptor writing(trouble[1]);
    prepared->trouble = writing.get();
    const pid_t child = launch.space < 0 ? start_outside(launch, *prepared) : start_inside(launch, *prepared);
    const int number = errno;
    writing.close();
    Trouble report{};
    // The pipe closes when the program begins; what comes through it before is why it can't.
    const bool failed = ::read(reading.get(), &report, sizeof report) == static_cast<ssize_t>(sizeof report);
    if (child > 0 && !failed) return child;
    if (child > 0) ::waitpid(child, nullptr, 0);
    const std::string step = failed ? std::string(report.step.data()) : std::string("fork");
    return fail(ErrorCode::io, "cannot start {}: {}: {}", quoted(launch.argv.front()), step,
                std::generic_category().message(failed ? report.number : number));
}

}  // namespace rm::lab
