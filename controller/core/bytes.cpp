// SPDX-License-Identifier: Apache-2.0
#include "core/bytes.h"

#include <array>
#include <optional>

#include "core/decimal.h"
#include "core/text.h"

namespace rm {
namespace {

struct ByteUnit {
    char letter;
    int shift;
};

constexpr std::array byte_units{ByteUnit{'t', 40}, ByteUnit{'g', 30}, ByteUnit{'m', 20}, ByteUnit{'k', 10}};

std::optional<int> shift_of(std::string_view suffix) {
    if (suffix.empty() || suffix == "b") return 0;
    for (const ByteUnit unit : byte_units) {
        if (suffix[0] != unit.letter) continue;
        const std::string_view rest = suffix.substr(1);
        if (rest.empty() || rest == "b" || rest == "ib") return unit.shift;
    }
    return std::nullopt;
}

}  // namespace

Result<Bytes> Bytes::parse(std::string_view text) {
    std::string_view rest = text;
    if (const auto number = Decimal::take(rest)) {
        if (rest.size() > 1 && rest.front() == ' ') rest.remove_prefix(1);
        const auto shift = shift_of(lower(rest));
        const auto count = shift ? number->times(std::int64_t{1} << *shift) : std::nullopt;
        if (count) return Bytes(*count);
    }
    return fail(ErrorCode::invalid,
                "{} is not an amount of memory: write it like 64M, 768MiB, 1g or in bytes", quoted(text));
}

std::string print(Bytes bytes) {
    for (const ByteUnit unit : byte_units) {
        const std::int64_t size = std::int64_t{1} << unit.shift;
        if (bytes.count() != 0 && bytes.count() % size == 0)
            return fmt::format("{}{}", bytes.count() / size, static_cast<char>(unit.letter - 'a' + 'A'));
    }
    return fmt::format("{}", bytes.count());
}

std::string print_rounded(Bytes bytes) {
    constexpr double almost_one = 1023.95 / 1024;  // of a unit: what would round to 1024 of the one below
    for (const ByteUnit unit : byte_units) {
        const double amount =
            static_cast<double>(bytes.count()) / static_cast<double>(std::int64_t{1} << unit.shift);
        if (amount < almost_one) continue;
        std::string number = fmt::format("{:.1f}", amount);
        if (number.ends_with(".0")) number.resize(number.size() - 2);
        return number + static_cast<char>(unit.letter - 'a' + 'A');
    }
    return fmt::format("{}B", bytes.count());
}

}  // namespace rm
