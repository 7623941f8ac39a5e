// SPDX-License-Identifier: Apache-2.0
#include "app/service_notify.h"

#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstring>

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/descriptor.h"
#include "telemetry/log.h"

namespace rm::app {
namespace {

constexpr std::chrono::microseconds shortest_watchdog = std::chrono::milliseconds(100);

std::string value_of(const std::map<std::string, std::string>& environment, const std::string& name) {
    const auto entry = environment.find(name);
    return entry == environment.end() ? std::string() : entry->second;
}

std::optional<std::int64_t> number(const std::string& text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

}  // namespace

ServiceNotify::ServiceNotify(const std::map<std::string, std::string>& environment)
    : socket_(value_of(environment, "NOTIFY_SOCKET")) {
    const auto micros = number(value_of(environment, "WATCHDOG_USEC"));
    const std::string pid = value_of(environment, "WATCHDOG_PID");
    const bool for_us = pid.empty() || number(pid) == getpid();
    if (!micros || *micros <= 0 || !for_us) return;
    if (std::chrono::microseconds(*micros) < shortest_watchdog)
        log::warning("app", "WATCHDOG_USEC is too short and is not served", {{"shortest", "100ms"}});
    else
        watchdog_interval_ = std::chrono::duration_cast<Duration>(std::chrono::microseconds(*micros) / 2);
}

void ServiceNotify::ready(std::string_view status) const {
    send(fmt::format("READY=1\nSTATUS={}", status));
}

void ServiceNotify::reloading() const {
    // The standard library's steady clock is CLOCK_MONOTONIC, which is what systemd compares with.
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(now).count();
    send(fmt::format("RELOADING=1\nMONOTONIC_USEC={}", micros));
}

void ServiceNotify::stopping() const {
    send("STOPPING=1");
}

void ServiceNotify::watchdog() const {
    send("WATCHDOG=1");
}

void ServiceNotify::send(std::string_view state) const {
    if (socket_.empty()) return;
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (socket_.size() >= sizeof address.sun_path || (socket_[0] != '/' && socket_[0] != '@')) {
        note("it is not a path that fits a socket address");
        return;
    }
    std::memcpy(address.sun_path, socket_.data(), socket_.size());
    if (socket_[0] == '@') address.sun_path[0] = '\0';  // the abstract namespace
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_.size());

    const Descriptor descriptor(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    const timeval patience{.tv_sec = 0, .tv_usec = 500'000};  // for a service manager that does not read
    setsockopt(descriptor.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    const bool sent = descriptor.open() && sendto(descriptor.get(), state.data(), state.size(), MSG_NOSIGNAL,
                                                  reinterpret_cast<const sockaddr*>(&address), length) >= 0;
    note(sent ? "" : std::strerror(errno));
}

/// An empty `trouble` is none.
void ServiceNotify::note(std::string_view trouble) const {
    const bool unheard = !trouble.empty();
    if (unheard_.exchange(unheard) == unheard) return;
    if (unheard)
        log::warning("app", "the service manager cannot be told", {{"socket", socket_}, {"error", trouble}});
    else
        log::info("app", "the service manager can be told again", {{"socket", socket_}});
}

}  // namespace rm::app
