// SPDX-License-Identifier: Apache-2.0
#include "app/log_options.h"

namespace rm::app {
namespace {

log::Level level_of(config::LogLevel level) {
    switch (level) {
        case config::LogLevel::debug:
            return log::Level::debug;
        case config::LogLevel::info:
            return log::Level::info;
        case config::LogLevel::warning:
            return log::Level::warning;
        case config::LogLevel::error:
            return log::Level::error;
    }
    return log::Level::info;
}

}  // namespace

log::Options log_options(const config::Logging& logging) {
    return {.level = level_of(logging.level),
            .format = logging.format == config::LogFormat::json ? log::Format::json : log::Format::text,
            .file = logging.file.string(),
            .rotate_at = logging.rotate_at,
            .keep = static_cast<int>(logging.keep)};
}

}  // namespace rm::app
