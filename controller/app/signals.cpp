// SPDX-License-Identifier: Apache-2.0
#include "app/signals.h"

#include <csignal>
#include <ctime>

namespace rm::app {
namespace {

sigset_t handled() {
    sigset_t set;
    sigemptyset(&set);
    for (const int number : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set, number);
    return set;
}

}  // namespace

void block_signals() {
    const sigset_t set = handled();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    (void)std::signal(SIGPIPE, SIG_IGN);
}

std::optional<Signal> wait_for_signal(Duration timeout) {
    const sigset_t set = handled();
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(timeout);
    const timespec limit{.tv_sec = seconds.count(),
                         .tv_nsec = std::chrono::nanoseconds(timeout - seconds).count()};
    switch (sigtimedwait(&set, nullptr, &limit)) {
        case SIGTERM:
        case SIGINT:
            return Signal::stop;
        case SIGHUP:
            return Signal::reload;
        default:
            return std::nullopt;  // the time is over, or another signal was handled
    }
}

}  // namespace rm::app
