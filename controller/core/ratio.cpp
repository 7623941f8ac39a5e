// SPDX-License-Identifier: Apache-2.0
#include "core/ratio.h"

#include <array>
#include <charconv>
#include <cmath>

#include "core/text.h"

namespace rm {
namespace {

bool plain_decimal(std::string_view text) {
    const auto point = text.find('.');
    const std::string_view whole = text.substr(0, point);
    const std::string_view places = point == std::string_view::npos ? "0" : text.substr(point + 1);
    const auto only_digits = [](std::string_view s) {
        return s.find_first_not_of("0123456789") == std::string_view::npos;
    };
    if (!only_digits(whole) || !only_digits(places) || places.empty()) return false;
    if (whole.empty()) return point == 0;
    return whole.size() == 1 || whole[0] != '0';
}

}  // namespace

Result<Ratio> Ratio::parse(std::string_view text) {
    const bool percent = text.ends_with('%');
    const std::string_view number = percent ? text.substr(0, text.size() - 1) : text;
    double value = 0;
    if (plain_decimal(number)) {
        const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
        if (error == std::errc() && end == number.data() + number.size() && std::isfinite(value))
            return Ratio(percent ? value / 100 : value);
    }
    return fail(ErrorCode::invalid, "{} is not a ratio: write it like 0.8 or 80%", quoted(text));
}

std::string print(Ratio ratio) {
    std::array<char, 1100> buffer{};  // the smallest double has 1074 places
    const auto [end, error] =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), ratio.value(), std::chars_format::fixed);
    return error == std::errc() ? std::string(buffer.data(), end) : std::string("0");
}

}  // namespace rm
