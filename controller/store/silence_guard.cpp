// SPDX-License-Identifier: Apache-2.0
#include "store/silence_guard.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace rm::store {

SilenceGuard::SilenceGuard(int socket)
    : socket_(fcntl(socket, F_DUPFD_CLOEXEC, 0)),
      thread_([this](const std::stop_token& stop) { watch(stop); }) {}

SilenceGuard::~SilenceGuard() {
    thread_.request_stop();
    thread_.join();
    if (socket_ >= 0) close(socket_);
}

void SilenceGuard::expect_answer_within(Duration limit) {
    const std::lock_guard lock(mutex_);
    deadline_ = std::chrono::steady_clock::now() + limit;
    if (asleep_) changed_.notify_one();
}

void SilenceGuard::answered() {
    const std::lock_guard lock(mutex_);
    deadline_.reset();
}

bool SilenceGuard::cut() const {
    const std::lock_guard lock(mutex_);
    return cut_;
}

// A deadline that is met wakes nobody: the thread sleeps on until that moment, and only then looks for the
// next one. So a busy connection costs one wake-up per time limit, not two per statement. Limits are all
// alike, hence a later deadline never comes before an earlier one.
void SilenceGuard::watch(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (!stop.stop_requested() && !cut_) {
        if (!deadline_) {
            asleep_ = true;
            changed_.wait(lock, stop, [this] { return deadline_.has_value(); });
            asleep_ = false;
            continue;
        }
        const auto until = *deadline_;
        changed_.wait_until(lock, stop, until, [] { return false; });
        if (deadline_ && *deadline_ <= std::chrono::steady_clock::now() && !stop.stop_requested()) {
            if (socket_ >= 0) shutdown(socket_, SHUT_RDWR);
            cut_ = true;
        }
    }
}

}  // namespace rm::store
