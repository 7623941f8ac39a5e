// SPDX-License-Identifier: Apache-2.0
// Limits: what a container may use. A missing value is "unlimited", which is not the same as zero.
#pragma once

#include <optional>
#include <string>

#include "core/bytes.h"
#include "core/cores.h"

namespace rm {

struct Limits {
    std::optional<Cores> cpu;
    std::optional<Bytes> memory;

    friend bool operator==(const Limits&, const Limits&) = default;
};

/// `over`, and `limits` where that has none.
Limits overlaid(const Limits& limits, const Limits& over);

/// `1.5 CPU, 768M`, `unlimited CPU, 768M`.
std::string print(const Limits& limits);

}  // namespace rm
