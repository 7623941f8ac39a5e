// SPDX-License-Identifier: Apache-2.0
#include "core/decimal.h"

#include <cstddef>
#include <limits>

#include "core/text.h"

namespace rm {
namespace {

__extension__ using Wide = unsigned __int128;

constexpr int max_digits = 18;  // 10^18 - 1 fits every integer here

Wide power_of_ten(int exponent) {
    Wide power = 1;
    for (int i = 0; i < exponent; ++i) power *= 10;
    return power;
}

struct Scaled {
    Wide quotient;
    bool exact;
};

Scaled scale(std::uint64_t digits, int places, std::int64_t unit) {
    const Wide product = Wide{digits} * static_cast<Wide>(unit);
    const Wide divisor = power_of_ten(places);
    return {.quotient = product / divisor, .exact = product % divisor == 0};
}

std::optional<std::int64_t> narrow(Wide value) {
    if (value > static_cast<Wide>(std::numeric_limits<std::int64_t>::max())) return std::nullopt;
    return static_cast<std::int64_t>(value);
}

}  // namespace

std::optional<Decimal> Decimal::take(std::string_view& text) {
    Decimal decimal;
    std::size_t at = 0;
    int digits = 0;
    const auto take_digits = [&] {
        const std::size_t from = at;
        for (; at < text.size() && is_digit(text[at]) && digits < max_digits; ++at, ++digits)
            decimal.digits_ = decimal.digits_ * 10 + static_cast<std::uint64_t>(text[at] - '0');
        return static_cast<int>(at - from);
    };

    const int whole = take_digits();
    if (whole > 1 && text[0] == '0') return std::nullopt;  // 010 is neither ten nor eight
    if (at < text.size() && text[at] == '.') {
        ++at;
        decimal.places_ = take_digits();
        if (decimal.places_ == 0) return std::nullopt;
    } else if (whole == 0) {
        return std::nullopt;
    }
    if (at < text.size() && is_digit(text[at])) return std::nullopt;  // more digits than we can keep
    text.remove_prefix(at);
    return decimal;
}

std::optional<std::int64_t> Decimal::times_exactly(std::int64_t unit) const {
    const Scaled scaled = scale(digits_, places_, unit);
    if (!scaled.exact) return std::nullopt;
    return narrow(scaled.quotient);
}

std::optional<std::int64_t> Decimal::times(std::int64_t unit) const {
    return narrow(scale(digits_, places_, unit).quotient);
}

std::string print_decimal(std::int64_t value, int places) {
    const auto divisor = static_cast<std::uint64_t>(power_of_ten(places));
    const auto number = static_cast<std::uint64_t>(value);
    const std::uint64_t magnitude = value < 0 ? 0 - number : number;
    std::string text = (value < 0 ? "-" : "") + std::to_string(magnitude / divisor);
    if (magnitude % divisor == 0) return text;
    const std::string part = std::to_string(magnitude % divisor);
    text += '.';
    text.append(static_cast<std::size_t>(places) - part.size(), '0');
    text += part;
    text.erase(text.find_last_not_of('0') + 1);
    return text;
}

}  // namespace rm
