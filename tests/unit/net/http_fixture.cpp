// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/net/http_fixture.h"

#include <condition_variable>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <stdexcept>

#include <arpa/inet.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

namespace rm::net {
namespace {

struct Resolver {
    std::mutex mutex;
    std::condition_variable changed;
    bool slow = false;
    int waiting = 0;
};

Resolver& resolver() {
    static auto* resolver = new Resolver;  // outlives the threads of libcurl
    return *resolver;
}

}  // namespace

Folder::Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "rm-http-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = name;
}

Folder::~Folder() {
    std::filesystem::remove_all(path_);
}

std::string Folder::file(std::string_view name, std::string_view text) const {
    std::ofstream(path_ / name) << text;
    return *this / name;
}

DeafPeer::DeafPeer() : listener_(lab::listen_on({}, 0).value()) {}

std::string DeafPeer::address() const {
    return "127.0.0.1:" + std::to_string(lab::port_of(listener_));
}

void DeafPeer::fill_backlog() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(lab::port_of(listener_));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (bool taken = true; taken;) {
        waiting_.emplace_back(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
        const int begun =
            connect(waiting_.back().get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
        pollfd connected{.fd = waiting_.back().get(), .events = POLLOUT, .revents = 0};
        taken = begun == 0 || poll(&connected, 1, 200) == 1;
    }
}

SlowNames::SlowNames() {
    const std::scoped_lock lock(resolver().mutex);
    resolver().slow = true;
}

SlowNames::~SlowNames() {
    std::unique_lock lock(resolver().mutex);
    resolver().slow = false;
    resolver().changed.notify_all();
    resolver().changed.wait(lock, [] { return resolver().waiting == 0; });
}

void SlowNames::wait_for_question() {
    std::unique_lock lock(resolver().mutex);
    resolver().changed.wait(lock, [] { return resolver().waiting > 0; });
}

}  // namespace rm::net

/// Stands before the C library's, for libcurl too.
extern "C" int getaddrinfo(const char* name, const char* service, const addrinfo* req, addrinfo** pai) {
    using Lookup = int (*)(const char*, const char*, const addrinfo*, addrinfo**);
    static const auto real = reinterpret_cast<Lookup>(dlsym(RTLD_NEXT, "getaddrinfo"));
    if (name == nullptr || !std::string_view(name).ends_with(".slow.test"))
        return real(name, service, req, pai);
    auto& resolver = rm::net::resolver();
    std::unique_lock lock(resolver.mutex);
    ++resolver.waiting;
    resolver.changed.notify_all();
    resolver.changed.wait(lock, [&] { return !resolver.slow; });
    --resolver.waiting;
    resolver.changed.notify_all();
    return EAI_NONAME;
}
