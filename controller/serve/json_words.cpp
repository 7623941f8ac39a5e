// SPDX-License-Identifier: Apache-2.0
#include "serve/json_words.h"

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdint>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "core/text.h"

namespace rm::serve {
namespace {

namespace json = boost::json;

void write(std::string& text, double number) {
    if (!std::isfinite(number)) {
        text += "null";
        return;
    }
    std::array<char, 400> buffer{};  // the longest number in fixed notation has 309 digits
    const auto [end, error] =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), number, std::chars_format::fixed);
    text += error == std::errc() ? std::string_view(buffer.data(), end) : std::string_view("0");
}

// As deep as the values that we make ourselves; nothing foreign comes here but decisions' details, which the
// parser has limited.
void write(std::string& text, const json::value& value) {
    const auto list = [&](char open, char close, const auto& items, const auto& each) {
        text += open;
        bool first = true;
        for (const auto& item : items) {
            if (!first) text += ',';
            first = false;
            each(item);
        }
        text += close;
    };
    if (const auto* object = value.if_object())
        list('{', '}', *object, [&](const auto& member) {
            text += json::serialize(member.key()) + ':';
            write(text, member.value());
        });
    else if (const auto* array = value.if_array())
        list('[', ']', *array, [&](const json::value& item) { write(text, item); });
    else if (value.is_double())
        write(text, value.get_double());
    else
        text += json::serialize(value);
}

}  // namespace

std::string print(const json::value& value) {
    std::string text;
    write(text, value);
    return text += '\n';
}

std::string print_time(WallTime time) {
    const auto whole = std::chrono::floor<std::chrono::seconds>(time);
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::chrono::system_clock::to_time_t(whole)));
}

json::value words(std::string_view text) {
    json::value made(valid_utf8(text));
    return made;
}

json::value words_or_null(std::string_view text) {
    return text.empty() ? json::value(nullptr) : words(text);
}

json::value time(const std::optional<WallTime>& time) {
    return time ? json::value(print_time(*time)) : json::value(nullptr);
}

json::value amount(const std::optional<Cores>& cores) {
    return cores ? plain(*cores) : json::value(nullptr);
}

json::value amount(const std::optional<Bytes>& bytes) {
    return bytes ? plain(*bytes) : json::value(nullptr);
}

json::value amount(const std::optional<Ratio>& ratio) {
    return ratio ? plain(*ratio) : json::value(nullptr);
}

double seconds(Duration duration) {
    return std::chrono::duration<double>(duration).count();
}

json::object limits(const Limits& limits) {
    return {{"cpu_cores", amount(limits.cpu)}, {"memory_bytes", amount(limits.memory)}};
}

json::value plain(Cores cores) {
    return cores.value();
}

json::value plain(Bytes bytes) {
    return bytes.count();
}

json::value plain(Ratio ratio) {
    return ratio.value();
}

json::value plain(std::int64_t count) {
    return count;
}

}  // namespace rm::serve
