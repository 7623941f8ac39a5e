// SPDX-License-Identifier: Apache-2.0
// Our two outputs as spdlog wants them: standard error, and a file. Thread-safe.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <utility>

#include <spdlog/sinks/base_sink.h>

#include "telemetry/log_file.h"
#include "telemetry/log_screen.h"

namespace rm::log {

class ScreenSink final : public spdlog::sinks::base_sink<std::mutex> {
public:
    ScreenSink();

    /// As LogScreen::take_dropped.
    std::uint64_t take_dropped();

private:
    void sink_it_(const spdlog::details::log_msg& message) override;
    void flush_() override {}

    LogScreen screen_;
};

class FileSink final : public spdlog::sinks::base_sink<std::mutex> {
public:
    explicit FileSink(LogFile file) : file_(std::move(file)) {}

    /// As LogFile::trouble.
    std::string trouble();

private:
    void sink_it_(const spdlog::details::log_msg& message) override;
    void flush_() override {}

    LogFile file_;
};

}  // namespace rm::log
