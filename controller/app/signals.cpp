// SPDX-License-Identifier: Apache-2.0
#include "app/signals.h"

#include <csignal>
#include <ctime>
#include <utility>

namespace rm::app {
namespace {

sigset_t handled() {
    sigset_t set;
    sigemptyset(&set);
    for (const int number : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set, number);
    return set;
}

/// The number of the next signal, or -1 after `timeout`.
int next_signal(Duration timeout) {
    const sigset_t set = handled();
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(timeout);
    const timespec limit{.tv_sec = seconds.count(),
                         .tv_nsec = std::chrono::nanoseconds(timeout - seconds).count()};
    return sigtimedwait(&set, nullptr, &limit);
}

}  // namespace

Signals::Signals(CutShort cut_short, Times times) : cut_short_(std::move(cut_short)), times_(times) {
    const sigset_t set = handled();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    (void)std::signal(SIGPIPE, SIG_IGN);
    thread_ = std::thread([this] { watch(); });
}

Signals::~Signals() {
    {
        const std::scoped_lock lock(mutex_);
        over_ = true;
    }
    pthread_kill(thread_.native_handle(), SIGHUP);  // wakes it
    thread_.join();
}

/// `timeout` of coreutils is one that sends each signal to the process and then to its group.
void Signals::arrived(int number) {
    const SteadyTime now = std::chrono::steady_clock::now();
    bool second = false;
    {
        const std::scoped_lock lock(mutex_);
        if (number == SIGHUP) {
            reload_ = true;
        } else if (stop_ == Stop::none) {
            stop_ = Stop::asked;
            asked_at_ = now;
        } else {
            second = now - asked_at_ >= times_.echo;
        }
    }
    news_.notify_all();
    if (second) cut_short_("a second signal");
}

void Signals::watch() {
    constexpr Duration long_time = std::chrono::hours(1);
    Duration wait = long_time;
    for (;;) {
        const int number = next_signal(wait);
        Stop before = Stop::none;
        {
            const std::scoped_lock lock(mutex_);
            if (over_) return;
            before = stop_;
        }
        if (number > 0)
            arrived(number);
        else if (before == Stop::asked)
            cut_short_("it was busy, with starting or reloading");
        wait = number > 0 && before != Stop::taken ? times_.grace : long_time;
    }
}

std::optional<Signal> Signals::wait(Duration timeout) {
    std::unique_lock lock(mutex_);
    news_.wait_for(lock, timeout, [&] { return stop_ == Stop::asked || reload_; });
    if (stop_ == Stop::asked) {
        stop_ = Stop::taken;
        return Signal::stop;
    }
    return std::exchange(reload_, false) ? std::optional(Signal::reload) : std::nullopt;
}

bool Signals::stop_asked() const {
    const std::scoped_lock lock(mutex_);
    return stop_ != Stop::none;
}

}  // namespace rm::app
