// SPDX-License-Identifier: Apache-2.0
// Exact decimal numbers as people write them, for the unit parsers: `1`, `1.5`, `.5`. No sign, no exponent,
// no leading zeros, no spaces; nothing is ever rounded through a double.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rm {

class Decimal {
public:
    /// Takes a decimal from the front of `text` and moves `text` behind it; nothing if there is none.
    static std::optional<Decimal> take(std::string_view& text);

    /// This times `unit`, if it is a whole number and fits.
    [[nodiscard]] std::optional<std::int64_t> times_exactly(std::int64_t unit) const;

    /// This times `unit`, rounded down, if it fits.
    [[nodiscard]] std::optional<std::int64_t> times(std::int64_t unit) const;

private:
    std::uint64_t digits_ = 0;  // all digits, without the point
    int places_ = 0;            // how many of them stand behind the point
};

/// `value / 10^places`, without trailing zeros: (1500, 3) -> "1.5".
std::string print_decimal(std::int64_t value, int places);

}  // namespace rm
