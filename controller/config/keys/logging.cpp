// SPDX-License-Identifier: Apache-2.0
#include "config/keys/sections.h"
#include "config/number_kinds.h"
#include "config/text_kinds.h"

namespace rm::config {

Keys logging_keys() {
    return {
        general({.path = "logging.level",
                 .fallback = "info",
                 .about = "The least important messages that are written."},
                words<LogLevel>({{"debug", LogLevel::debug},
                                 {"info", LogLevel::info},
                                 {"warning", LogLevel::warning},
                                 {"error", LogLevel::error}}),
                [](Settings& s) -> auto& { return s.logging.level; }),
        general({.path = "logging.format",
                 .fallback = "text",
                 .about = "`text` for people, or `json` with one object a line for machines."},
                words<LogFormat>({{"text", LogFormat::text}, {"json", LogFormat::json}}),
                [](Settings& s) -> auto& { return s.logging.format; }),
        general(
            {.path = "logging.file",
             .about =
                 "A file to write to as well as to the standard error output. One that is deleted or moved "
                 "away is made again; trouble with it shows in /health."},
            path("the path of a file"), [](Settings& s) -> auto& { return s.logging.file; }),
        general({.path = "logging.rotate_at",
                 .fallback = "10M",
                 .about = "At this size a log file is renamed and a new one begun."},
                bytes(Bytes(std::int64_t{64} << 10), Bytes::mebi(10240)),
                [](Settings& s) -> auto& { return s.logging.rotate_at; }),
        general({.path = "logging.keep", .fallback = "5", .about = "How many renamed log files stay."},
                integer(0, 100), [](Settings& s) -> auto& { return s.logging.keep; }),
        general({.path = "logging.decisions_file",
                 .about = "A file that gets every decision with all numbers that led to it, one JSON object "
                          "a line. It "
                          "is renamed and made again as `logging.file` is."},
                path("the path of a file"), [](Settings& s) -> auto& { return s.logging.decisions_file; }),
    };
}

}  // namespace rm::config
