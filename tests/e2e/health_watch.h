// SPDX-License-Identifier: Apache-2.0
// HealthWatch: asks a lab's engine again and again, in a thread of its own, whether a service has a healthy
// container, and remembers when it had none. Thread-safe.
#pragma once

#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/lab/engine.h"

namespace rm::e2e {

class HealthWatch {
public:
    /// `engine` must outlive it.
    HealthWatch(const lab::Engine& engine, std::string service);

    /// Nothing counts until `resume`: whoever takes the engine away takes the containers away, too.
    void pause();
    /// From when the service is healthy again; false if that took too long.
    [[nodiscard]] bool resume();

    /// When and for how long there was none, in words; and how often was looked.
    [[nodiscard]] std::vector<std::string> gaps() const;
    [[nodiscard]] int looks() const;

private:
    enum class Seen { healthy, none, nothing };
    [[nodiscard]] Seen look() const;
    void follow(const std::stop_token& stop);
    void note(Seen seen);

    const lab::Engine& engine_;
    const std::string service_;
    mutable std::mutex mutex_;  // guards what follows
    bool paused_ = false;
    int looks_ = 0;
    bool in_gap_ = false;
    std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
    std::vector<std::string> gaps_;
    std::jthread thread_;  // last, so that it ends first
};

}  // namespace rm::e2e
