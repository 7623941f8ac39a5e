// SPDX-License-Identifier: Apache-2.0
// TargetIndex: finds the target that a sample is of. The id in a sample decides; a name counts only where
// there is no id, as a whole: after a rename exporters still tell the old one. The targets must outlive it.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>

#include "observe/metrics_source.h"
#include "observe/reply_reader.h"

namespace rm::observe {

class TargetIndex {
public:
    explicit TargetIndex(std::span<const Target> targets);

    struct Match {
        std::size_t target;
        bool by_id;
    };
    /// Nothing: it is of no target of ours.
    [[nodiscard]] std::optional<Match> find(const Sample& sample) const;

private:
    std::unordered_map<std::string_view, std::size_t> by_id_;
    std::unordered_map<std::string_view, std::size_t> by_name_;
};

}  // namespace rm::observe
