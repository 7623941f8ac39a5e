// SPDX-License-Identifier: Apache-2.0
#include "deploy/memory_guard.h"

#include <algorithm>

namespace rm::deploy {
namespace {

constexpr Bytes margin = Bytes::mebi(16);
constexpr std::int64_t largest_page = 64 << 10;  // of the platforms that Docker runs on

}  // namespace

std::optional<Bytes> least_memory(const docker::Stats& usage) {
    const auto& in_use = usage.memory_working_set ? usage.memory_working_set : usage.memory_usage;
    if (!in_use) return std::nullopt;
    return Bytes(in_use->count() + in_use->count() / 10 + margin.count());
}

Bytes step_down(Bytes now, Bytes target) {
    return std::max(target, Bytes(now.count() - now.count() / 4));
}

bool is_in_force(Bytes kernel, Bytes wanted) {
    return kernel <= wanted && wanted.count() - kernel.count() < largest_page;
}

}  // namespace rm::deploy
