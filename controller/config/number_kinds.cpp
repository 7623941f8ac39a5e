// SPDX-License-Identifier: Apache-2.0
#include "config/number_kinds.h"

#include <array>
#include <charconv>
#include <utility>
#include <vector>

namespace rm::config {
namespace {

constexpr std::string_view decimal = "([0-9]+(\\.[0-9]+)?|\\.[0-9]+)";

Node pattern(const std::string& text) {
    return map({{"type", string("string")}, {"pattern", string("^(" + text + ")$")}});
}

/// A number from `min` to `max`, or a string like `text`.
Node number_or(const std::string& min, const std::string& max, const std::string& text) {
    Node number = map({{"type", string("number")}, {"minimum", literal(min)}, {"maximum", literal(max)}});
    return map({{"anyOf", list({std::move(number), pattern(text)})}});
}

/// A T from its parser's result, if it is in the range.
template <class T>
std::optional<T> within(const Result<T>& value, T min, T max) {
    if (!value || *value < min || *value > max) return std::nullopt;
    return *value;
}

/// `5.0` as `5`: to JSON Schema they are the same.
std::string_view whole_part(std::string_view text) {
    const auto point = text.find('.');
    const bool only_zeros = point != std::string_view::npos && point + 1 < text.size() &&
                            text.find_first_not_of('0', point + 1) == std::string_view::npos;
    return only_zeros ? text.substr(0, point) : text;
}

/// `500ms` as 0.5.
std::string in_seconds(Duration duration) {
    return print(Ratio(static_cast<double>(duration.count()) / 1000));
}

constexpr double largest_reserve = 0.99;
// Up to largest_reserve.
constexpr std::string_view percent = R"(([0-9]|[1-8][0-9]|9[0-8])(\.[0-9]+)?%|99(\.0+)?%|\.[0-9]+%)";

/// A regular expression for the whole numbers below `limit`.
std::string below(std::int64_t limit) {
    const std::string digits = std::to_string(limit);
    std::vector<std::string> shapes;
    if (digits.size() > 1) shapes.push_back(fmt::format("[0-9]{{1,{}}}", digits.size() - 1));
    for (std::size_t i = 0; i < digits.size(); ++i)
        if (digits[i] > '0')
            shapes.push_back(fmt::format("{}[0-{}][0-9]{{{}}}", digits.substr(0, i),
                                         static_cast<char>(digits[i] - 1), digits.size() - i - 1));
    return fmt::format("0*({})", fmt::join(shapes, "|"));
}

struct ByteUnit {
    std::string_view suffix;
    int shift;
};

constexpr auto byte_units = std::to_array<ByteUnit>({{"[bB]?", 0},
                                                     {"[kK]([iI]?[bB])?", 10},
                                                     {"[mM]([iI]?[bB])?", 20},
                                                     {"[gG]([iI]?[bB])?", 30},
                                                     {"[tT]([iI]?[bB])?", 40}});

/// The amounts below `min`, in the units of which it is a multiple; the others can't be told by their digits.
std::string fewer_than(Bytes min) {
    std::vector<std::string> amounts;
    amounts.reserve(byte_units.size());
    for (const ByteUnit& unit : byte_units) {
        const std::int64_t size = std::int64_t{1} << unit.shift;
        if (min.count() % size == 0)
            amounts.push_back(fmt::format("({})?(\\.[0-9]+)? ?{}", below(min.count() / size), unit.suffix));
    }
    return fmt::format("^({})$", fmt::join(amounts, "|"));
}

/// `5%`, and not `5.000000000000001%`.
std::string print_percent(Ratio share) {
    std::string text = fmt::format("{:.8f}", share.value() * 100);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
    return text + '%';
}

template <class Amount>
Kind<Reserve<Amount>> reserve(const Kind<Amount>& amount, const std::string& expects) {
    Node schema = amount.schema;
    schema.items[0].items.push_back(pattern(std::string(percent)));
    return scalar<Reserve<Amount>>(
        {.form = Form::number,
         .expects = expects,
         .schema = std::move(schema),
         .parse = [read = amount.read](std::string_view text) -> std::optional<Reserve<Amount>> {
             if (text.ends_with('%')) {
                 const auto share = within(Ratio::parse(text), Ratio(0), Ratio(largest_reserve));
                 return share ? std::optional(Reserve<Amount>{*share}) : std::nullopt;
             }
             const auto value = read(bare(std::string(text)));
             return value ? std::optional(Reserve<Amount>{*value}) : std::nullopt;
         },
         .write =
             [write = amount.write](const Reserve<Amount>& value) {
                 if (const auto* share = std::get_if<Ratio>(&value.value)) return bare(print_percent(*share));
                 return write(std::get<Amount>(value.value));
             }});
}

}  // namespace

Kind<bool> boolean() {
    return scalar<bool>({.form = Form::boolean,
                         .expects = "true or false",
                         .schema = map({{"type", string("boolean")}}),
                         .parse = [](std::string_view text) -> std::optional<bool> {
                             if (text == "true") return true;
                             if (text == "false") return false;
                             return std::nullopt;
                         },
                         .write = [](const bool& value) { return literal(value ? "true" : "false"); },
                         .quotes = false});
}

Kind<std::int64_t> integer(std::int64_t min, std::int64_t max) {
    return scalar<std::int64_t>(
        {.form = Form::number,
         .expects = fmt::format("a whole number from {} to {}", min, max),
         .schema = map({{"type", string("integer")},
                        {"minimum", literal(std::to_string(min))},
                        {"maximum", literal(std::to_string(max))}}),
         .parse = [min, max](std::string_view text) -> std::optional<std::int64_t> {
             std::int64_t value = 0;
             text = whole_part(text);
             const bool leading_zero = text.size() > 1 && text[0] == '0';
             const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
             if (leading_zero || error != std::errc() || end != text.data() + text.size())
                 return std::nullopt;
             return value < min || value > max ? std::nullopt : std::optional(value);
         },
         .write = [](const std::int64_t& value) { return literal(std::to_string(value)); },
         .quotes = false});
}

Kind<Ratio> ratio(double min, double max) {
    const Ratio low(min);
    const Ratio high(max);
    return scalar<Ratio>(
        {.form = Form::number,
         .expects = fmt::format("a ratio from {} to {}, like {} or {}%", print(low), print(high),
                                max > 1 ? "1.25" : "0.8", max > 1 ? "125" : "80"),
         .schema = number_or(print(low), print(high), std::string(decimal) + "%?"),
         .parse = [low, high](std::string_view text) { return within(Ratio::parse(text), low, high); },
         .write = [](const Ratio& value) { return literal(print(value)); }});
}

Kind<Duration> duration(Duration min, Duration max) {
    return scalar<Duration>(
        {.form = Form::number,
         .expects =
             fmt::format("a duration from {} to {}, like 30s or 1h30m", rm::print(min), rm::print(max)),
         .schema = number_or(in_seconds(min), in_seconds(max),
                             fmt::format("({0}d)?({0}h)?({0}m)?({0}s)?({0}ms)?|{0}", decimal)),
         .parse = [min, max](std::string_view text) { return within(parse_duration(text), min, max); },
         .write = [](const Duration& value) { return bare(rm::print(value)); }});
}

Kind<Cores> cores(Cores min, Cores max) {
    return scalar<Cores>(
        {.form = Form::number,
         .expects = fmt::format("an amount of CPU from {} to {} cores, like 1.5 or 500m", rm::print(min),
                                rm::print(max)),
         .schema = number_or(rm::print(min), rm::print(max), std::string(decimal) + "m?"),
         .parse = [min, max](std::string_view text) { return within(Cores::parse(text), min, max); },
         .write = [](const Cores& value) { return literal(print(value)); }});
}

Kind<Bytes> bytes(Bytes min, Bytes max) {
    Node schema = number_or(std::to_string(min.count()), std::to_string(max.count()),
                            std::string(decimal) + " ?([kKmMgGtT]([iI]?[bB])?|[bB])?");
    if (min > Bytes()) schema.items[0].items[1].add("not", map({{"pattern", string(fewer_than(min))}}));
    return scalar<Bytes>(
        {.form = Form::number,
         .expects = fmt::format("an amount of memory from {} to {}, like 64M or 1.5G", rm::print(min),
                                rm::print(max)),
         .schema = std::move(schema),
         .parse = [min, max](std::string_view text) { return within(Bytes::parse(text), min, max); },
         .write = [](const Bytes& value) { return bare(rm::print(value)); }});
}

Kind<Reserve<Cores>> cores_or_percent() {
    return reserve(cores(Cores(), Cores::whole(1024)),
                   "an amount of CPU like 0.5, or a share of the host's like 5%");
}

Kind<Reserve<Bytes>> bytes_or_percent() {
    return reserve(bytes(Bytes(), Bytes::mebi(std::int64_t{64} << 20)),
                   "an amount of memory like 512M, or a share of the host's like 5%");
}

}  // namespace rm::config
