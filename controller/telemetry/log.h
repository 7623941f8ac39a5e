// SPDX-License-Identifier: Apache-2.0
// The program's log: one event a line, as text for people or as JSON for machines. A message is a fixed
// sentence; whatever varies goes into fields, which are escaped, so that untrusted text can't forge a line.
// Thread-safe. Nobody is held up by a reader of stderr who does not keep up: lines are dropped there, and
// their number is told once there is room. Before `start` everything from info up goes to stderr as text.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>

#include <fmt/format.h>

#include "core/bytes.h"
#include "core/result.h"

namespace rm::log {

enum class Level { debug, info, warning, error };
enum class Format { text, json };

struct Options {
    Level level = Level::info;
    Format format = Format::text;
    std::string file;                   // empty: stderr; else appended to, in addition to stderr
    Bytes rotate_at = Bytes::mebi(10);  // at this size rm.log becomes rm.1.log
    int keep = 5;                       // how many renamed files stay

    friend bool operator==(const Options&, const Options&) = default;
};

/// Opens the log as asked. May be called again to change it; on an error the log stays as it was.
Status start(const Options& options);

/// Why lines do not reach the file as they should; empty if they do, or where there is none.
std::string trouble();

struct Field {
    template <class T>
    Field(std::string_view name, const T& what)
        : key(name),
          value(fmt::format("{}", what)),
          number(std::is_integral_v<T> && !std::is_same_v<T, char>) {}

    std::string_view key;
    std::string value;
    bool number;  // written without quotes in JSON
};

using Fields = std::initializer_list<Field>;

/// `part` is the folder that speaks: "serve", "config".
void write(Level level, std::string_view part, std::string_view message, Fields fields = {});

[[nodiscard]] bool enabled(Level level);

inline void debug(std::string_view part, std::string_view message, Fields fields = {}) {
    if (enabled(Level::debug)) write(Level::debug, part, message, fields);
}
inline void info(std::string_view part, std::string_view message, Fields fields = {}) {
    write(Level::info, part, message, fields);
}
inline void warning(std::string_view part, std::string_view message, Fields fields = {}) {
    write(Level::warning, part, message, fields);
}
inline void error(std::string_view part, std::string_view message, Fields fields = {}) {
    write(Level::error, part, message, fields);
}

}  // namespace rm::log
