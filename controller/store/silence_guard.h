// SPDX-License-Identifier: Apache-2.0
// SilenceGuard: libpq waits for ever for a server that is stopped or hangs but whose kernel still holds the
// connection, and nobody can call it off. The guard shuts the socket down when an answer is overdue or no
// longer wanted, which libpq reports as a lost connection: a thread of its own does so when the time has
// come, the one that requests the stop does so at once. Used by one thread, the one that asks the server.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

#include "core/descriptor.h"
#include "core/duration.h"
#include "store/patience.h"

namespace rm::store {

class SilenceGuard {
public:
    /// Throws std::system_error when there can be no thread.
    explicit SilenceGuard(const Patience& patience);
    SilenceGuard(const SilenceGuard&) = delete;
    SilenceGuard& operator=(const SilenceGuard&) = delete;
    SilenceGuard(SilenceGuard&&) = delete;
    SilenceGuard& operator=(SilenceGuard&&) = delete;
    ~SilenceGuard();

    /// Takes this one in place of the patience it had. Not between a question and its answer.
    void set(const Patience& patience);

    /// From now on guards `socket`, by a descriptor of its own, so that it can't hit another one.
    void watch(int socket);

    /// A question is put: cuts when the answer isn't there within `limit`, or sooner if patience ends.
    void expect_answer_within(Duration limit);
    void answered();

    /// How long the last answer was or is waited for.
    [[nodiscard]] Duration limit() const;

    /// Whether the socket was shut down.
    [[nodiscard]] bool cut() const;

private:
    using Time = std::chrono::steady_clock::time_point;

    void count_down(const std::stop_token& ended);
    void stop_asking();
    void shut_down();

    mutable std::mutex mutex_;
    std::condition_variable_any changed_;
    Descriptor socket_;
    Patience patience_;
    Duration limit_ = Duration::zero();
    std::optional<Time> deadline_;  // of the question that is open
    Time wakes_at_ = Time::max();   // when the thread looks again by itself
    bool cut_ = false;
    std::jthread thread_;  // the next one and this one use all of the above
    std::optional<std::stop_callback<std::function<void()>>> on_stop_;
};

}  // namespace rm::store
