// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cerrno>
#include <climits>
#include <csignal>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <linux/sched.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/lab/keeper/launch.h"
#include "tests/lab/message.h"

namespace rm::lab {

namespace {

bool raise_loopback() {
    const Descriptor socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    ifreq request{};
    std::string_view("lo").copy(&request.ifr_name[0], IFNAMSIZ - 1);
    request.ifr_flags = IFF_UP | IFF_RUNNING;
    return socket.open() && ::ioctl(socket.get(), SIOCSIFFLAGS, &request) == 0;
}

bool furnish() {
    constexpr unsigned long careful = MS_NOSUID | MS_NODEV | MS_NOEXEC;
    return ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
           ::mount("proc", "/proc", "proc", careful, nullptr) == 0 &&
           ::mount("tmpfs", "/run", "tmpfs", MS_NOSUID | MS_NODEV, "mode=755") == 0 && raise_loopback();
}

/// The first process of a space. Orphans inside become its children and are buried by the kernel, SIGCHLD
/// being ignored. When it ends, the kernel kills everybody inside and takes the mounts and interfaces away.
[[noreturn]] void hold_space(int lifeline, int ready) {
    ::setsid();
    static_cast<void>(std::signal(SIGCHLD, SIG_IGN));
    const int number = furnish() ? 0 : errno;
    static_cast<void>(::write(ready, &number, sizeof number) < 0);
    if (number != 0) ::_exit(1);
    // It must hold nothing of the keeper's, above all not the other end of a lifeline.
    ::dup2(lifeline, STDIN_FILENO);
    ::syscall(SYS_close_range, 1U, UINT_MAX, 0U);
    char nothing = 0;
    while (::read(STDIN_FILENO, &nothing, 1) < 0 && errno == EINTR) continue;
    ::_exit(0);
}

}  // namespace

Result<pid_t> start_space(int lifeline) {
    std::array<int, 2> ready{};
    if (::pipe2(ready.data(), O_CLOEXEC) != 0) return system_failure("make a pipe");
    const Descriptor reading(ready[0]);
    Descriptor writing(ready[1]);
    clone_args how{};
    how.flags = CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWPID;
    how.exit_signal = SIGCHLD;
    const auto child = static_cast<pid_t>(::syscall(SYS_clone3, &how, sizeof how));
    if (child == 0) hold_space(lifeline, writing.get());
    if (child < 0) return system_failure("make namespaces (this needs root)");
    writing.close();
    int number = 0;
    if (::read(reading.get(), &number, sizeof number) == static_cast<ssize_t>(sizeof number) && number == 0)
        return child;
    ::waitpid(child, nullptr, 0);
    return fail(ErrorCode::io, "cannot furnish the namespaces: {}", std::generic_category().message(number));
}

}  // namespace rm::lab
