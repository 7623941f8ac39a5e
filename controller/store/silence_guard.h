// SPDX-License-Identifier: Apache-2.0
// SilenceGuard: libpq waits for ever for a server that is stopped or hangs but whose kernel still holds the
// connection. The guard owns a thread that shuts the socket down when an answer is overdue, which libpq
// reports as a lost connection. It runs on real time, because it guards real I/O.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

#include "core/duration.h"

namespace rm::store {

class SilenceGuard {
public:
    /// Keeps a descriptor of its own for the socket, so that it can't hit another one.
    explicit SilenceGuard(int socket);
    SilenceGuard(const SilenceGuard&) = delete;
    SilenceGuard& operator=(const SilenceGuard&) = delete;
    SilenceGuard(SilenceGuard&&) = delete;
    SilenceGuard& operator=(SilenceGuard&&) = delete;
    ~SilenceGuard();

    void expect_answer_within(Duration limit);
    void answered();

    /// Whether the guard has shut the socket down.
    [[nodiscard]] bool cut() const;

private:
    void watch(const std::stop_token& stop);

    int socket_;
    mutable std::mutex mutex_;
    std::condition_variable_any changed_;
    std::optional<std::chrono::steady_clock::time_point> deadline_;
    bool asleep_ = false;  // the thread waits without a deadline and must be woken to see one
    bool cut_ = false;
    std::jthread thread_;  // last: it uses all of the above
};

}  // namespace rm::store
