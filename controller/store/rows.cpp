// SPDX-License-Identifier: Apache-2.0
#include "store/rows.h"

#include <algorithm>
#include <array>
#include <optional>
#include <type_traits>

#include <fmt/ranges.h>

#include "core/text.h"

namespace rm::store {
namespace {

constexpr std::array<std::string_view, 5> kind_names = {"null", "an integer", "a real number", "a bool",
                                                        "a text"};

template <class T>
constexpr std::string_view wanted = "a text";
template <>
constexpr std::string_view wanted<std::int64_t> = "an integer";
template <>
constexpr std::string_view wanted<double> = "a real number";
template <>
constexpr std::string_view wanted<bool> = "a bool";
template <>
constexpr std::string_view wanted<WallTime> = "a time";

template <class T>
std::optional<T> as(const Cell& cell) {
    const auto* integer = std::get_if<std::int64_t>(&cell);
    if constexpr (std::is_same_v<T, double>) {
        if (integer != nullptr) return static_cast<double>(*integer);
    } else if constexpr (std::is_same_v<T, bool>) {
        if (integer != nullptr && (*integer == 0 || *integer == 1)) return *integer == 1;
    } else if constexpr (std::is_same_v<T, WallTime>) {
        return integer == nullptr ? std::nullopt : std::optional(Value::to_time(*integer));
    }
    if constexpr (!std::is_same_v<T, WallTime>)
        if (const T* exact = std::get_if<T>(&cell)) return *exact;
    return std::nullopt;
}

template <class T>
struct Inner {
    using Type = T;
    static constexpr bool optional = false;
};
template <class T>
struct Inner<std::optional<T>> {
    using Type = T;
    static constexpr bool optional = true;
};

}  // namespace

Result<const Cell*> Row::find(std::string_view column) const {
    const auto found = std::ranges::find(*columns_, column);
    if (found == columns_->end())
        return fail(ErrorCode::internal, "the result has no column {}; it has {}", quoted(column),
                    fmt::join(*columns_, ", "));
    return &cells_[static_cast<std::size_t>(found - columns_->begin())];
}

template <class T>
Result<T> Row::get(std::string_view column) const {
    using Wanted = typename Inner<T>::Type;
    const auto cell = find(column);
    if (!cell) return fail(cell.error());
    if (std::holds_alternative<Null>(**cell)) {
        if constexpr (Inner<T>::optional) return T{};
        return fail(ErrorCode::corrupt, "column {} is null where there must be {}", quoted(column),
                    wanted<Wanted>);
    }
    if (auto value = as<Wanted>(**cell)) {
        if constexpr (Inner<T>::optional) {
            return value;
        } else {
            return *std::move(value);
        }
    }
    return fail(ErrorCode::corrupt, "column {} holds {}, not {}", quoted(column),
                kind_names[(*cell)->index()], wanted<Wanted>);
}

template Result<std::int64_t> Row::get(std::string_view) const;
template Result<double> Row::get(std::string_view) const;
template Result<bool> Row::get(std::string_view) const;
template Result<std::string> Row::get(std::string_view) const;
template Result<WallTime> Row::get(std::string_view) const;
template Result<std::optional<std::int64_t>> Row::get(std::string_view) const;
template Result<std::optional<double>> Row::get(std::string_view) const;
template Result<std::optional<bool>> Row::get(std::string_view) const;
template Result<std::optional<std::string>> Row::get(std::string_view) const;
template Result<std::optional<WallTime>> Row::get(std::string_view) const;

}  // namespace rm::store
