// SPDX-License-Identifier: Apache-2.0
// Value: one cell of a table, or one parameter of a statement: null, an integer, a real, a bool or a text.
// Times are integers: milliseconds since 1970 UTC. Both backends keep each of them exactly.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/clock.h"
#include "core/result.h"

namespace rm::store {

using Null = std::monostate;
using Cell = std::variant<Null, std::int64_t, double, bool, std::string>;

class Value {
public:
    Value(std::nullopt_t) {}
    Value(bool truth) : cell_(truth) {}
    Value(std::string text) : cell_(std::move(text)) {}
    Value(std::string_view text) : cell_(std::string(text)) {}
    Value(const char* text) : cell_(std::string(text)) {}
    Value(WallTime time) : cell_(to_milliseconds(time)) {}

    template <std::floating_point T>
    Value(T number) : cell_(static_cast<double>(number)) {}

    /// Any integer that an int64 always holds.
    template <std::integral T>
        requires(!std::same_as<T, bool> && (std::signed_integral<T> || sizeof(T) < sizeof(std::int64_t)))
    Value(T number) : cell_(static_cast<std::int64_t>(number)) {}

    /// Null when there is nothing in it.
    template <class T>
    Value(const std::optional<T>& maybe) {
        if (maybe) cell_ = Value(*maybe).cell_;
    }

    [[nodiscard]] const Cell& cell() const { return cell_; }

    static std::int64_t to_milliseconds(WallTime time);
    static WallTime to_time(std::int64_t milliseconds);

private:
    Cell cell_;
};

/// A named parameter: `{"id", 7}` stands for `:id` in a statement.
struct Param {
    std::string_view name;
    Value value;
};

using Params = std::vector<Param>;

/// Whether both backends can keep it: a text is UTF-8 without NUL, a real is finite.
Status check_storable(const Param& param);

}  // namespace rm::store
