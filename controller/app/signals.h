// SPDX-License-Identifier: Apache-2.0
// Signals as values. A thread of their own takes them from the first moment on, so that a start or a reload
// that hangs cannot keep anybody from ending the program; no handler ever interrupts other code. Make it on
// the main thread before any other thread starts: all inherit its mask.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>

#include "core/clock.h"

namespace rm::app {

enum class Signal { stop, reload };  // SIGTERM or SIGINT; SIGHUP

class Signals {
public:
    /// Ends the program, saying why.
    using CutShort = std::function<void(std::string_view why)>;

    struct Times {
        Duration grace = std::chrono::seconds(1);        // for the first one to be taken
        Duration echo = std::chrono::milliseconds(100);  // a second one within this is the same, sent twice
    };

    /// Blocks the signals and SIGPIPE. `cut_short` is called on the second signal that asks to stop, and when
    /// nobody takes the first one in time.
    explicit Signals(CutShort cut_short) : Signals(std::move(cut_short), Times()) {}
    Signals(CutShort cut_short, Times times);
    ~Signals();
    Signals(const Signals&) = delete;
    Signals& operator=(const Signals&) = delete;
    Signals(Signals&&) = delete;
    Signals& operator=(Signals&&) = delete;

    /// Takes the next signal, one that came before included; nothing after `timeout`.
    std::optional<Signal> wait(Duration timeout);

    /// Whether one that asks to stop has come, taken or not.
    [[nodiscard]] bool stop_asked() const;

private:
    enum class Stop { none, asked, taken };

    void watch();
    void arrived(int number);

    const CutShort cut_short_;
    const Times times_;
    mutable std::mutex mutex_;
    std::condition_variable news_;
    Stop stop_ = Stop::none;
    SteadyTime asked_at_;
    bool reload_ = false;
    bool over_ = false;
    std::thread thread_;  // last: it uses the others
};

}  // namespace rm::app
