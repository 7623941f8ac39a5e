// SPDX-License-Identifier: Apache-2.0
#include "telemetry/log_sinks.h"

#include <chrono>

#include <unistd.h>

namespace rm::log {
namespace {

std::string line_of(const spdlog::details::log_msg& message, spdlog::formatter& formatter) {
    spdlog::memory_buf_t buffer;
    formatter.format(message, buffer);
    return {buffer.data(), buffer.size()};
}

}  // namespace

ScreenSink::ScreenSink() : screen_(STDERR_FILENO) {}

std::uint64_t ScreenSink::take_dropped() {
    const std::scoped_lock lock(mutex_);
    return screen_.take_dropped();
}

void ScreenSink::sink_it_(const spdlog::details::log_msg& message) {
    screen_.write(line_of(message, *formatter_));
}

std::string FileSink::trouble() {
    const std::scoped_lock lock(mutex_);
    return file_.trouble();
}

void FileSink::sink_it_(const spdlog::details::log_msg& message) {
    (void)file_.write(line_of(message, *formatter_), std::chrono::steady_clock::now());
}

}  // namespace rm::log
