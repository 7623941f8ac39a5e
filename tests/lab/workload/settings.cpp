// SPDX-License-Identifier: Apache-2.0
#include "tests/lab/workload/settings.h"

#include <array>
#include <charconv>
#include <limits>
#include <optional>
#include <utility>

namespace workload {

namespace {

using Unit = std::pair<std::string_view, double>;

/// A number with one of the units behind it, the first of which is the one that may be left out.
template <std::size_t N>
std::optional<double> quantity(std::string_view text, const std::array<Unit, N>& units) {
    double number = 0;
    const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (wrong != std::errc() || number < 0 || number > std::numeric_limits<int>::max() * 1e3)
        return std::nullopt;
    const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
    if (unit.empty()) return number * units[0].second;
    for (const auto& [name, factor] : units)
        if (name == unit) return number * factor;
    return std::nullopt;
}

constexpr std::array<Unit, 1> cores{{{"", 1.0}}};
constexpr std::array<Unit, 5> bytes{
    {{"b", 1.0}, {"k", 1024.0}, {"m", 1048576.0}, {"M", 1048576.0}, {"g", 1073741824.0}}};
constexpr std::array<Unit, 2> time{{{"ms", 1.0}, {"s", 1000.0}}};

bool set_time(Milliseconds& target, std::string_view value) {
    const auto number = quantity(value, time);
    if (number) target = Milliseconds(static_cast<Milliseconds::rep>(*number));
    return number.has_value();
}

bool set_number(Settings& settings, std::string_view key, std::string_view value) {
    constexpr double most_cores = 256;
    if (key == "cpu") {
        const auto number = quantity(value, cores);
        if (number && *number <= most_cores) settings.cpu = *number;
        return number && *number <= most_cores;
    }
    if (key == "memory") {
        const auto number = quantity(value, bytes);
        if (number) settings.memory = static_cast<std::size_t>(*number);
        return number.has_value();
    }
    const auto [end, wrong] = std::from_chars(value.data(), value.data() + value.size(), settings.exit_code);
    return wrong == std::errc() && end == value.data() + value.size();
}

bool set_word(Settings& settings, std::string_view key, std::string_view value) {
    if (key == "health") {
        settings.healthy = value == "healthy";
        return settings.healthy || value == "unhealthy";
    }
    if (value == "drain") settings.on_term = OnTerm::drain;
    if (value == "exit") settings.on_term = OnTerm::exit;
    if (value == "ignore") settings.on_term = OnTerm::ignore;
    return value == "drain" || value == "exit" || value == "ignore";
}

Milliseconds* time_named(Settings& settings, std::string_view key) {
    if (key == "start_delay") return &settings.start_delay;
    if (key == "answer_delay") return &settings.answer_delay;
    if (key == "linger") return &settings.linger;
    if (key == "drain") return &settings.drain;
    if (key == "exit_after") return &settings.exit_after;
    return nullptr;
}

std::string_view name_of(OnTerm what) {
    switch (what) {
        case OnTerm::drain:
            return "drain";
        case OnTerm::exit:
            return "exit";
        case OnTerm::ignore:
            return "ignore";
    }
    return "?";
}

std::string line(std::string_view key, std::string_view value) {
    return std::string(key) + "=" + std::string(value) + "\n";
}

}  // namespace

std::string set(Settings& settings, std::string_view key, std::string_view value) {
    bool good = false;
    if (Milliseconds* time_setting = time_named(settings, key)) {
        good = set_time(*time_setting, value);
    } else if (key == "cpu" || key == "memory" || key == "exit_code") {
        good = set_number(settings, key, value);
    } else if (key == "health" || key == "on_term") {
        good = set_word(settings, key, value);
    } else if (key == "drain_file") {
        settings.drain_file = value;
        good = true;
    } else {
        return "there is no setting " + std::string(key) + "\n";
    }
    return good ? std::string() : std::string(value) + " is no value for " + std::string(key) + "\n";
}

std::string set_all(Settings& settings, std::string_view query) {
    Settings changed = settings;
    while (!query.empty()) {
        const std::string_view part = query.substr(0, query.find('&'));
        query.remove_prefix(part.size() < query.size() ? part.size() + 1 : query.size());
        const auto equals = part.find('=');
        if (equals == std::string_view::npos) return "expected key=value: " + std::string(part) + "\n";
        if (std::string wrong = set(changed, part.substr(0, equals), part.substr(equals + 1)); !wrong.empty())
            return wrong;
    }
    settings = changed;
    return {};
}

std::string print(const Settings& settings) {
    const auto milliseconds = [](Milliseconds time_setting) {
        return std::to_string(time_setting.count()) + "ms";
    };
    return line("cpu", std::to_string(settings.cpu)) + line("memory", std::to_string(settings.memory)) +
           line("health", settings.healthy ? "healthy" : "unhealthy") +
           line("start_delay", milliseconds(settings.start_delay)) +
           line("answer_delay", milliseconds(settings.answer_delay)) +
           line("on_term", name_of(settings.on_term)) + line("linger", milliseconds(settings.linger)) +
           line("drain", milliseconds(settings.drain)) +
           line("exit_after", milliseconds(settings.exit_after)) +
           line("exit_code", std::to_string(settings.exit_code)) + line("drain_file", settings.drain_file);
}

}  // namespace workload
