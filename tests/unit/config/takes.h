// SPDX-License-Identifier: Apache-2.0
// What a kind of value takes.
#pragma once

#include <string>
#include <string_view>

#include "config/kind.h"

namespace rm::config::test {

/// Whether `kind` reads `text`.
template <class T>
bool takes(const Kind<T>& kind, std::string_view text) {
    return kind.read(string(std::string(text))).has_value();
}

}  // namespace rm::config::test
