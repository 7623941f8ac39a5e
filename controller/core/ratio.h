// SPDX-License-Identifier: Apache-2.0
// Ratio: a dimensionless factor or share, never negative, always finite. 0.8 and 80% are the same.
#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "core/result.h"

namespace rm {

class Ratio {
public:
    constexpr Ratio() = default;

    /// The caller vouches that `value` is finite and not negative; texts go through `parse`.
    explicit constexpr Ratio(double value) : value_(value) {}

    /// `0.8`, `80%`, `1.25`.
    static Result<Ratio> parse(std::string_view text);

    [[nodiscard]] constexpr double value() const { return value_; }

    friend constexpr auto operator<=>(Ratio, Ratio) = default;

private:
    double value_ = 0;
};

/// `0.8`; what `parse` reads back as the same ratio.
std::string print(Ratio ratio);

}  // namespace rm
