// SPDX-License-Identifier: Apache-2.0
// What the kernel really holds a container to, which is not always what inspecting says: the control group's
// files, with the checks and roundings of cgroup v1 and v2 and of the runtime that writes them. Pure.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>

#include "core/bytes.h"
#include "core/cores.h"
#include "core/result.h"
#include "docker/simulation/resources.h"

namespace rm::docker {

struct KernelLimits {
    static constexpr std::int64_t unlimited = std::numeric_limits<std::int64_t>::max();

    std::int64_t cpu_quota = -1;        // microseconds of CPU in a period; -1: unlimited
    std::int64_t cpu_period = 100'000;  // microseconds
    std::int64_t memory = unlimited;
    std::int64_t memory_and_swap = unlimited;

    [[nodiscard]] std::optional<Cores> cpu() const;

    friend bool operator==(const KernelLimits&, const KernelLimits&) = default;
};

/// Those of a container that starts; `conflict` where the kernel refuses them.
Result<KernelLimits> limits_at_start(const SimulatedResources& resources);

/// Those of a running container that uses `in_use` after `sent`; `conflict`, and nothing changed, where
/// the kernel refuses. It refuses less memory than is in use under cgroup v1 alone.
Result<KernelLimits> limits_after(const KernelLimits& present, const SimulatedResources& sent, Bytes in_use,
                                  int cgroup_version);

}  // namespace rm::docker
