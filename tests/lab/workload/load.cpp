// SPDX-License-Identifier: Apache-2.0
#include "tests/lab/workload/load.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include <sys/mman.h>

namespace workload {

namespace {

double cpu_seconds() {
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + (static_cast<double>(time.tv_nsec) / 1e9);
}

void burn_share(const std::stop_token& stop, double share) {
    using Clock = std::chrono::steady_clock;
    constexpr auto tick = std::chrono::milliseconds(5);
    constexpr double longest_debt = 0.1;  // seconds of CPU
    auto since = Clock::now();
    double used_before = cpu_seconds();
    volatile unsigned work = 0;
    while (!stop.stop_requested()) {
        const double due = share * std::chrono::duration<double>(Clock::now() - since).count();
        double debt = due - (cpu_seconds() - used_before);
        if (debt > longest_debt) {
            since = Clock::now();
            used_before = cpu_seconds();
        }
        constexpr double slice = 0.02;
        debt = std::min(debt, slice);
        const double until = cpu_seconds() + debt;
        while (debt > 0 && cpu_seconds() < until)
            for (int i = 0; i < 5000; ++i) work = work + 1;
        if (share < 1) std::this_thread::sleep_for(tick);
    }
}

/// The number in a cgroup's file; nothing for "max" or no file.
double limit_in(const char* file) {
    std::FILE* in = std::fopen(file, "re");
    if (in == nullptr) return 0;
    std::array<char, 64> text{};
    const std::size_t got = std::fread(text.data(), 1, text.size() - 1, in);
    static_cast<void>(std::fclose(in));
    return got == 0 ? 0 : std::strtod(text.data(), nullptr);
}

}  // namespace

void Burner::burn(double cores) {
    if (cores == cores_) return;
    cores_ = cores;
    threads_.clear();
    const int whole = static_cast<int>(cores);
    const auto add = [this](double share) {
        threads_.emplace_back([share](const std::stop_token& stop) { burn_share(stop, share); });
    };
    for (int i = 0; i < whole; ++i) add(1.0);
    if (cores > whole) add(cores - whole);
}

Holder::Holder() : thread_([this](const std::stop_token& stop) { run(stop); }) {}

void Holder::hold(std::size_t bytes) {
    const std::scoped_lock lock(mutex_);
    wanted_ = bytes;
    changed_.notify_all();
}

void Holder::run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        std::size_t wanted = 0;
        {
            std::unique_lock lock(mutex_);
            changed_.wait(lock, stop, [this] { return wanted_ != held_; });
            wanted = wanted_;
        }
        // A step at a time, so that a smaller number is heard on the way to a larger one.
        constexpr std::size_t step = 8UL << 20;
        if (!stop.stop_requested()) resize(wanted > held_ ? std::min(wanted, held_ + step) : wanted);
    }
}

void Holder::resize(std::size_t bytes) {
    constexpr std::size_t page = 4096;
    const std::size_t before = held_;
    void* moved = nullptr;
    if (bytes == 0) {
        ::munmap(memory_, before);
    } else if (before == 0) {
        moved = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    } else {
        moved = ::mremap(memory_, before, bytes, MREMAP_MAYMOVE);
    }
    if (moved == MAP_FAILED) {
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        return;
    }
    memory_ = static_cast<char*>(moved);
    for (std::size_t at = before; at < bytes; at += page) memory_[at] = 1;
    held_ = bytes;
}

bool has_memory_limit() {
    constexpr double unlimited = 1e15;  // version 1 writes a huge number
    const double first = limit_in("/sys/fs/cgroup/memory/memory.limit_in_bytes");
    const double second = limit_in("/sys/fs/cgroup/memory.max");
    return (first > 0 && first < unlimited) || (second > 0 && second < unlimited);
}

}  // namespace workload
