// SPDX-License-Identifier: Apache-2.0
#include "store/silence_guard.h"

#include <algorithm>

#include <fcntl.h>
#include <sys/socket.h>

namespace rm::store {

SilenceGuard::SilenceGuard(const Patience& patience)
    : thread_([this](const std::stop_token& ended) { count_down(ended); }) {
    set(patience);
}

SilenceGuard::~SilenceGuard() {
    on_stop_.reset();
    thread_.request_stop();
    thread_.join();
}

void SilenceGuard::set(const Patience& patience) {
    on_stop_.reset();  // outside the lock, which the callback takes
    {
        const std::lock_guard lock(mutex_);
        patience_ = patience;
    }
    on_stop_.emplace(patience.stop, [this] { stop_asking(); });
}

void SilenceGuard::watch(int socket) {
    Descriptor own(fcntl(socket, F_DUPFD_CLOEXEC, 0));
    const std::lock_guard lock(mutex_);
    socket_ = std::move(own);
    cut_ = false;
}

void SilenceGuard::expect_answer_within(Duration limit) {
    const std::lock_guard lock(mutex_);
    const Time now = std::chrono::steady_clock::now();
    const Time end = std::min(now + limit, patience_.end);
    limit_ = std::max(std::chrono::ceil<Duration>(end - now), Duration::zero());
    if (patience_.over()) {
        shut_down();
        return;
    }
    deadline_ = end;
    if (end < wakes_at_) changed_.notify_one();
}

Duration SilenceGuard::limit() const {
    const std::lock_guard lock(mutex_);
    return limit_;
}

void SilenceGuard::answered() {
    const std::lock_guard lock(mutex_);
    deadline_.reset();
}

bool SilenceGuard::cut() const {
    const std::lock_guard lock(mutex_);
    return cut_;
}

/// Between two questions the connection is left alone: it can still be used to say goodbye.
void SilenceGuard::stop_asking() {
    const std::lock_guard lock(mutex_);
    if (deadline_) shut_down();
}

void SilenceGuard::shut_down() {
    if (socket_.open()) shutdown(socket_.get(), SHUT_RDWR);
    cut_ = true;
    deadline_.reset();
}

// A deadline that is met wakes nobody: the thread sleeps on until that moment, and only then looks for the
// next one, unless that comes earlier. So a busy connection costs one wake-up per time limit, not two per
// statement.
void SilenceGuard::count_down(const std::stop_token& ended) {
    std::unique_lock lock(mutex_);
    while (!ended.stop_requested()) {
        wakes_at_ = deadline_.value_or(Time::max());
        const auto earlier = [this] { return deadline_ && *deadline_ < wakes_at_; };
        if (deadline_) {
            changed_.wait_until(lock, ended, wakes_at_, earlier);
        } else {
            changed_.wait(lock, ended, earlier);
        }
        if (deadline_ && *deadline_ <= std::chrono::steady_clock::now() && !ended.stop_requested())
            shut_down();
    }
}

}  // namespace rm::store
