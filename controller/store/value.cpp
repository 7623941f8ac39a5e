// SPDX-License-Identifier: Apache-2.0
#include "store/value.h"

#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "core/text.h"

namespace rm::store {
namespace {

/// How many bytes follow the first byte of a UTF-8 sequence; nothing if no sequence begins with it.
std::optional<std::size_t> bytes_after(std::uint8_t first) {
    if (first < 0x80) return 0;
    if (first < 0xc2 || first > 0xf4) return std::nullopt;
    if (first < 0xe0) return 1;
    return first < 0xf0 ? 2 : 3;
}

/// The second byte has a narrower range where the sequence would be overlong, a surrogate or past U+10FFFF.
bool second_fits(std::uint8_t first, std::uint8_t second) {
    if (first == 0xe0) return second >= 0xa0;
    if (first == 0xed) return second < 0xa0;
    if (first == 0xf0) return second >= 0x90;
    if (first == 0xf4) return second < 0x90;
    return true;
}

bool is_utf8(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    for (std::size_t i = 0; i < text.size();) {
        const auto following = bytes_after(byte(i));
        if (!following || i + *following >= text.size()) return false;
        for (std::size_t k = 1; k <= *following; ++k)
            if ((byte(i + k) & 0xc0) != 0x80) return false;
        if (*following > 0 && !second_fits(byte(i), byte(i + 1))) return false;
        i += *following + 1;
    }
    return true;
}

}  // namespace

std::int64_t Value::to_milliseconds(WallTime time) {
    return std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

WallTime Value::to_time(std::int64_t milliseconds) {
    return WallTime(std::chrono::milliseconds(milliseconds));
}

Status check_storable(const Param& param) {
    if (const auto* real = std::get_if<double>(&param.value.cell()); real != nullptr && !std::isfinite(*real))
        return fail(ErrorCode::invalid, "the value of {} is {}; only finite numbers can be stored",
                    quoted(param.name), *real);
    const auto* text = std::get_if<std::string>(&param.value.cell());
    if (text == nullptr) return {};
    if (text->find('\0') != std::string::npos)
        return fail(ErrorCode::invalid, "the text of {} contains a NUL byte and cannot be stored",
                    quoted(param.name));
    if (!is_utf8(*text))
        return fail(ErrorCode::invalid, "the text of {} is not UTF-8 and cannot be stored: {}",
                    quoted(param.name), quoted(*text));
    return {};
}

}  // namespace rm::store
