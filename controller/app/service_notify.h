// SPDX-License-Identifier: Apache-2.0
// What we tell systemd (sd_notify's protocol: one datagram to $NOTIFY_SOCKET). Everything is a no-op where
// nobody listens. Written here because it is a dozen lines, and libsystemd would bring five libraries along.
#pragma once

#include <atomic>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/duration.h"

namespace rm::app {

class ServiceNotify {
public:
    /// Reads NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID. A watchdog that wants to hear more often than ten
    /// times a second is told nothing, with a warning.
    explicit ServiceNotify(const std::map<std::string, std::string>& environment);

    void ready(std::string_view status) const;
    void reloading() const;
    void stopping() const;
    void watchdog() const;

    /// How often `watchdog` has to be called, with room to spare; nothing if nobody asked.
    [[nodiscard]] std::optional<Duration> watchdog_interval() const { return watchdog_interval_; }

private:
    void send(std::string_view state) const;
    void note(std::string_view trouble) const;

    std::string socket_;
    mutable std::atomic<bool> unheard_ = false;  // so that only a change is logged
    std::optional<Duration> watchdog_interval_;
};

}  // namespace rm::app
