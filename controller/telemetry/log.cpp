// SPDX-License-Identifier: Apache-2.0
#include "telemetry/log.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include <boost/json.hpp>
#include <spdlog/spdlog.h>

#include "core/text.h"
#include "telemetry/log_sinks.h"

namespace rm::log {
namespace {

/// One opened log. Replaced as a whole, so a writer sees the old one or the new one.
struct Output {
    Format format = Format::text;
    std::shared_ptr<ScreenSink> screen;
    std::shared_ptr<FileSink> file;  // may be null
    std::shared_ptr<spdlog::logger> logger;
};

spdlog::level::level_enum to_spdlog(Level level) {
    switch (level) {
        case Level::debug:
            return spdlog::level::debug;
        case Level::info:
            return spdlog::level::info;
        case Level::warning:
            return spdlog::level::warn;
        case Level::error:
            return spdlog::level::err;
    }
    return spdlog::level::info;
}

std::string_view name_of(Level level) {
    switch (level) {
        case Level::debug:
            return "debug";
        case Level::info:
            return "info";
        case Level::warning:
            return "warning";
        case Level::error:
            return "error";
    }
    return "info";
}

Result<Output> open(const Options& options) {
    // One for the life of the program, so that a change of the log forgets no dropped line.
    static const auto screen = std::make_shared<ScreenSink>();
    Output output{.format = options.format, .screen = screen, .file = {}, .logger = {}};
    std::vector<spdlog::sink_ptr> sinks{output.screen};
    if (!options.file.empty()) {
        auto file =
            LogFile::open({.path = options.file, .rotate_at = options.rotate_at, .keep = options.keep},
                          std::chrono::steady_clock::now());
        if (!file) return fail(std::move(file).error());
        output.file = std::make_shared<FileSink>(*std::move(file));
        sinks.push_back(output.file);
    }
    output.logger = std::make_shared<spdlog::logger>("resource-manager", sinks.begin(), sinks.end());
    output.logger->set_pattern("%v");
    output.logger->set_level(to_spdlog(options.level));
    return output;
}

/// The log in use. The level stands beside it so that a disabled message costs one load.
class Current {
public:
    void set(Output output, Level level) {
        const std::scoped_lock lock(mutex_);
        output_ = std::move(output);
        level_.store(level, std::memory_order_relaxed);
    }

    Output get() {
        const std::scoped_lock lock(mutex_);
        if (!output_.logger) output_ = *open({});  // standard error needs no opening
        return output_;
    }

    [[nodiscard]] Level level() const { return level_.load(std::memory_order_relaxed); }

private:
    std::mutex mutex_;
    Output output_;
    std::atomic<Level> level_ = Level::info;
};

Current& current() {
    static Current instance;
    return instance;
}

std::string timestamp() {
    using namespace std::chrono;
    const auto now = floor<milliseconds>(system_clock::now());
    const auto day = floor<days>(now);
    const year_month_day date(day);
    const hh_mm_ss time(now - day);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                       time.hours().count(), time.minutes().count(), time.seconds().count(),
                       time.subseconds().count());
}

/// Printable characters as they are; everything that could end a line, a quote or move a cursor as an escape.
void append_escaped(std::string& line, std::string_view text) {
    while (!text.empty()) {
        const std::size_t length = printable_prefix(text);
        if (text[0] == '"' || text[0] == '\\')
            (line += '\\') += text[0];
        else if (length == 0)
            line += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[0]));
        else
            line += text.substr(0, length);
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
}

bool is_plain_word(std::string_view text) {
    const auto plain = [](char c) { return c > ' ' && c < 0x7f && c != '"' && c != '=' && c != '\\'; };
    return !text.empty() && std::ranges::all_of(text, plain);
}

std::string text_line(Level level, std::string_view part, std::string_view message, Fields fields) {
    std::string line = fmt::format("{} {:<7} {:<9} ", timestamp(), name_of(level), part);
    append_escaped(line, message);
    for (const Field& field : fields) {
        line += fmt::format(" {}=", field.key);
        if (is_plain_word(field.value)) {
            line += field.value;
        } else {
            line += '"';
            append_escaped(line, field.value);
            line += '"';
        }
    }
    return line;
}

std::string json_string(std::string_view text) {
    return boost::json::serialize(boost::json::string(valid_utf8(text)));
}

std::string json_line(Level level, std::string_view part, std::string_view message, Fields fields) {
    std::string line = fmt::format(R"({{"time":"{}","level":"{}","part":{},"message":{})", timestamp(),
                                   name_of(level), json_string(part), json_string(message));
    for (const Field& field : fields)
        line += fmt::format(",{}:{}", json_string(field.key),
                            field.number ? field.value : json_string(field.value));
    return line += '}';
}

void put(const Output& output, Level level, std::string_view part, std::string_view message, Fields fields) {
    output.logger->log(to_spdlog(level), output.format == Format::json
                                             ? json_line(level, part, message, fields)
                                             : text_line(level, part, message, fields));
}

}  // namespace

Status start(const Options& options) {
    auto output = open(options);
    if (!output)
        return fail(output.error().code, "the log file {} cannot be opened: {}", quoted(options.file),
                    output.error().message);
    current().set(*std::move(output), options.level);
    return {};
}

std::string trouble() {
    const Output output = current().get();
    return output.file ? output.file->trouble() : std::string();
}

void write(Level level, std::string_view part, std::string_view message, Fields fields) {
    if (!enabled(level)) return;
    const Output output = current().get();
    if (const auto dropped = output.screen->take_dropped(); dropped > 0)
        put(output, Level::warning, "telemetry", "lines were dropped here, nobody read them",
            {{"lines", dropped}});
    put(output, level, part, message, fields);
}

bool enabled(Level level) {
    return level >= current().level();
}

}  // namespace rm::log
