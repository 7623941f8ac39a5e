// SPDX-License-Identifier: Apache-2.0
#include "net/resolve.h"

#include <condition_variable>
#include <cstring>
#include <memory>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include <netdb.h>

#include "core/ip_address.h"
#include "core/text.h"

namespace rm::net {
namespace {

struct Found {
    int code = 0;  // of getaddrinfo
    std::vector<ResolvedAddress> addresses = {};
};

/// Shared with the thread that looks it up, whichever of the two ends first.
struct Lookup {
    std::mutex mutex;
    std::condition_variable_any changed;
    std::optional<Found> found;
};

Found look_up(const std::string& host, std::uint16_t port, int flags) {
    const addrinfo hints{.ai_flags = flags | AI_NUMERICSERV,
                         .ai_family = AF_UNSPEC,
                         .ai_socktype = SOCK_STREAM,
                         .ai_protocol = 0,
                         .ai_addrlen = 0,
                         .ai_addr = nullptr,
                         .ai_canonname = nullptr,
                         .ai_next = nullptr};
    addrinfo* list = nullptr;
    Found found{.code = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &list)};
    if (found.code != 0) return found;
    for (const addrinfo* one = list; one != nullptr; one = one->ai_next) {
        if (one->ai_addrlen > sizeof(sockaddr_storage)) continue;
        ResolvedAddress address{.size = one->ai_addrlen};
        std::memcpy(&address.bytes, one->ai_addr, one->ai_addrlen);
        found.addresses.push_back(address);
    }
    ::freeaddrinfo(list);
    return found;
}

Result<std::vector<ResolvedAddress>> checked(Found found, const std::string& host) {
    if (found.code != 0)
        return fail(ErrorCode::unavailable, "{} is not known: {}", quoted(host), ::gai_strerror(found.code));
    if (found.addresses.empty()) return fail(ErrorCode::unavailable, "{} has no address", quoted(host));
    return std::move(found.addresses);
}

}  // namespace

Result<std::vector<ResolvedAddress>> resolve(const std::string& host, std::uint16_t port,
                                             const Vigil& vigil) {
    if (is_ipv4(host) || is_ipv6(host)) return checked(look_up(host, port, AI_NUMERICHOST), host);
    auto lookup = std::make_shared<Lookup>();
    try {
        std::thread([lookup, host, port] {
            auto found = look_up(host, port, AI_ADDRCONFIG);
            const std::scoped_lock lock(lookup->mutex);
            lookup->found = std::move(found);
            lookup->changed.notify_all();
        }).detach();
    } catch (const std::system_error& error) {
        return fail(ErrorCode::unavailable, "{} can't be looked up: {}", quoted(host), error.what());
    }
    std::unique_lock lock(lookup->mutex);
    if (!lookup->changed.wait_until(lock, vigil.stop(), vigil.until(),
                                    [&] { return lookup->found.has_value(); }))
        return fail(vigil.stop().stop_requested() ? Vigil::cancelled() : vigil.timed_out());
    return checked(*std::move(lookup->found), host);
}

}  // namespace rm::net
