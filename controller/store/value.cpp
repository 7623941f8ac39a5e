// SPDX-License-Identifier: Apache-2.0
#include "store/value.h"

#include <chrono>
#include <cmath>

#include "core/text.h"

namespace rm::store {

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
