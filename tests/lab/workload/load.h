// SPDX-License-Identifier: Apache-2.0
// What a workload costs: cores burnt and bytes held, by threads of its own, so that requests are answered
// meanwhile.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <thread>
#include <vector>

namespace workload {

/// Burns CPU time at a given rate. What it did not get (a limit, a busy host) it tries to make up for, but
/// not for more than a short while.
class Burner {
public:
    void burn(double cores);

private:
    double cores_ = 0;
    std::vector<std::jthread> threads_;
};

/// Holds memory, every page of it written to.
class Holder {
public:
    Holder();
    void hold(std::size_t bytes);
    [[nodiscard]] std::size_t held() const { return held_; }

private:
    void run(const std::stop_token& stop);
    void resize(std::size_t bytes);

    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::size_t wanted_ = 0;
    std::atomic<std::size_t> held_ = 0;
    char* memory_ = nullptr;
    std::jthread thread_;
};

/// Whether the kernel would stop us, rather than our neighbours suffer, when we take all the memory there is.
bool has_memory_limit();

}  // namespace workload
