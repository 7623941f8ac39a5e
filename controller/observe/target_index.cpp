// SPDX-License-Identifier: Apache-2.0
#include "observe/target_index.h"

#include "observe/cgroup_id.h"

namespace rm::observe {

TargetIndex::TargetIndex(std::span<const Target> targets) {
    by_id_.reserve(targets.size());
    by_name_.reserve(targets.size());
    for (std::size_t i = 0; i < targets.size(); ++i) {
        by_id_.emplace(targets[i].id.full(), i);
        by_name_.emplace(targets[i].name, i);
    }
}

std::optional<TargetIndex::Match> TargetIndex::find(const Sample& sample) const {
    if (sample.id) {
        const auto found = by_id_.find(container_of(*sample.id));
        return found == by_id_.end() ? std::nullopt : std::optional(Match{found->second, true});
    }
    if (!sample.name) return std::nullopt;
    const auto found = by_name_.find(*sample.name);
    return found == by_name_.end() ? std::nullopt : std::optional(Match{found->second, false});
}

}  // namespace rm::observe
