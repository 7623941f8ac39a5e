// SPDX-License-Identifier: Apache-2.0
// Sight: one resource of a service as this check sees it, over all replicas, and what its usage asks for.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/usage.h"
#include "decide/quantity.h"
#include "decide/verdict.h"
#include "decide/view.h"

namespace rm::decide {

/// A reading that a rule can count with: what is negative or no number became a gap.
Reading<Amount> usage_of(Resource resource, const Replica& replica);
Reading<Amount> trend_of(Resource resource, const Replica& replica);

struct Sight {
    std::optional<Amount> limit;  // in force
    Wish wish = Wish::keep;       // raise: a replica is above; lower: all of them are below
    bool complete = false;        // the usage of every replica is known
    std::size_t replicas = 0;
    std::size_t known = 0;
    std::optional<Amount> highest{};  // of the known usages
    std::optional<Amount> lowest{};
    std::optional<double> ratio{};      // the highest usage as a share of the limit
    std::optional<double> throttled{};  // the highest share
    bool above_by_throttling = false;   // throttling alone asks for more
    std::string missing{};  // "web-1: the last sample is too old", of the first replica without data
};

Sight look(const Sizing& sizing, const ServiceView& service, const Limits& in_force);

/// The real limits: per resource the largest of the replicas', unlimited if one of them is.
Limits real_limits(const ServiceView& service);

std::vector<Signal> signals_of(const ServiceView& service, const Limits& in_force);

}  // namespace rm::decide
