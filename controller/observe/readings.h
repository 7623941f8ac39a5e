// SPDX-License-Identifier: Apache-2.0
// What the samples of one signal say of each target, and how that becomes the readings of a Usage. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/usage.h"
#include "observe/metrics_source.h"
#include "observe/queries.h"

namespace rm::observe {

/// One signal's values, target by target.
class SignalValues {
public:
    /// Nothing is known of any of `targets` yet.
    explicit SignalValues(std::size_t targets) : values_(targets), kinds_(targets, Kind::none) {}

    /// Takes a sample of a target. Of several with its id the largest number counts: they are the same
    /// container under an old and a new name. Several that only share its name are ambiguous.
    void add(std::size_t target, double value, bool by_id);

    /// Makes `cause` the gap of all targets, as when the answer turned out to be bad.
    void fail(Gap cause) { fault_ = cause; }
    [[nodiscard]] std::optional<Gap> fault() const { return fault_; }

    /// A number that is finite and not negative, or the gap.
    [[nodiscard]] Reading<double> at(std::size_t target) const;

    /// Whether any target has a number.
    [[nodiscard]] bool any() const;

private:
    enum class Kind : std::uint8_t { none, by_id, by_name, ambiguous };

    std::vector<double> values_;
    std::vector<Kind> kinds_;
    std::optional<Gap> fault_;
};

/// All signals, in the order of `Signal`.
using AllValues = std::vector<SignalValues>;

struct Freshness {
    double evaluated_at = 0;  // by Prometheus' clock, in seconds since 1970
    Duration limit{};         // what is older is stale
};

/// The usage of the target of that index.
Usage usage_of(const AllValues& values, std::size_t index, const Target& target, const Windows& windows,
               const Freshness& freshness, WallTime now);

// A plain number of a signal as what it stands for; gaps for what does not fit.
Reading<Cores> cores_from(double value);
Reading<Bytes> bytes_from(double value);
Reading<Ratio> share_from(double value);
Reading<std::int64_t> count_from(double value);

}  // namespace rm::observe
