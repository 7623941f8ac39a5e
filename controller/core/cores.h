// SPDX-License-Identifier: Apache-2.0
// Cores: an amount of CPU, exact to the billionth of a core that Docker's NanoCpus counts in.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.h"

namespace rm {

class Cores {
public:
    constexpr Cores() = default;

    static constexpr std::int64_t nanos_per_core = 1'000'000'000;

    static constexpr Cores from_nanos(std::int64_t nanos) { return Cores(nanos); }
    static constexpr Cores whole(std::int64_t cores) { return Cores(cores * nanos_per_core); }

    /// `1.5`, `.5`, `2`, `500m`.
    static Result<Cores> parse(std::string_view text);

    [[nodiscard]] constexpr std::int64_t nanos() const { return nanos_; }
    [[nodiscard]] constexpr double value() const {
        return static_cast<double>(nanos_) / static_cast<double>(nanos_per_core);
    }

    friend constexpr auto operator<=>(Cores, Cores) = default;

private:
    explicit constexpr Cores(std::int64_t nanos) : nanos_(nanos) {}

    std::int64_t nanos_ = 0;
};

/// `1.5`; what `parse` reads back as the same amount.
std::string print(Cores cores);

}  // namespace rm
