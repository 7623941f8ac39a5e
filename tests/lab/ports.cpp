// SPDX-License-Identifier: Apache-2.0
#include "tests/lab/ports.h"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <system_error>
#include <utility>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "core/descriptor.h"
#include "tests/lab/message.h"

namespace rm::lab {

namespace fs = std::filesystem;

namespace {

/// Binds to a port of 127.0.0.1 (0: any) and lets it go again. The port, or why it can't be had.
Result<std::uint16_t> try_port(std::uint16_t port) {
    const Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (!socket.open() || ::bind(socket.get(), generic, size) != 0 ||
        ::getsockname(socket.get(), generic, &size) != 0)
        return system_failure(fmt::format("bind to port {}", port));
    return ntohs(address.sin_port);
}

/// The inodes of the sockets that listen on `port`, as /proc shows them: a table with the local address in
/// the second column ("0100007F:1F90"), the state in the fourth (0A is listening) and the inode in the tenth.
std::set<std::string> listeners(const fs::path& table, std::uint16_t port) {
    std::set<std::string> inodes;
    const std::string ending = fmt::format(":{:04X}", port);
    std::ifstream file(table);
    for (std::string line; std::getline(file, line);) {
        std::istringstream words(line);
        std::string slot, local, remote, state, queues, timer, retransmits, user, timeout, inode;  // NOLINT
        words >> slot >> local >> remote >> state >> queues >> timer >> retransmits >> user >> timeout >>
            inode;
        if (state == "0A" && local.ends_with(ending)) inodes.insert(fmt::format("socket:[{}]", inode));
    }
    return inodes;
}

}  // namespace

Result<std::uint16_t> free_port() {
    return try_port(0);
}

bool listens_on(pid_t pid, std::uint16_t port) {
    const fs::path process = fmt::format("/proc/{}", pid);
    std::set<std::string> sockets = listeners(process / "net" / "tcp", port);
    sockets.merge(listeners(process / "net" / "tcp6", port));
    if (sockets.empty()) return false;
    std::error_code wrong;
    for (const auto& entry : fs::directory_iterator(process / "fd", wrong))
        if (sockets.contains(fs::read_symlink(entry.path(), wrong).string())) return true;
    return false;
}

Result<OnPort> start_on_free_port(const std::function<Program(std::uint16_t)>& program,
                                  const std::function<bool(std::uint16_t)>& ready, Duration deadline) {
    constexpr int attempts = 5;
    for (int attempt = 1;; ++attempt) {
        auto port = free_port();
        if (!port) return fail(port.error());
        const Program wanted = program(*port);
        auto process = PeerProcess::start(wanted);
        if (!process) return fail(process.error());
        const Status up =
            process->wait_ready([&] { return listens_on(process->pid(), *port) && ready(*port); }, deadline);
        if (up) return OnPort{.process = std::move(*process), .port = *port};
        const bool taken = wanted.inside == nullptr && !process->running() && !try_port(*port);
        if (!taken || attempt == attempts) return fail(up.error());
    }
}

}  // namespace rm::lab
