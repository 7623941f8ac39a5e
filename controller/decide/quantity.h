// SPDX-License-Identifier: Apache-2.0
// CPU and memory in the terms in which the same rules hold for both: amounts are nanocores or bytes, sized in
// steps of 0.01 core or 1 MiB. Never throws or overflows, whatever the numbers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "config/settings.h"
#include "core/limits.h"
#include "decide/verdict.h"

namespace rm::decide {

using Amount = std::int64_t;

/// What the configuration says about one resource of a service.
struct Sizing {
    Resource resource = Resource::cpu;
    double high = 0;
    double low = 0;
    std::optional<double> throttled;  // nothing for memory, and where it is turned off
    Amount min = 0;
    Amount max = 0;
    std::optional<Amount> baseline;
    std::optional<Amount> initial;
    Amount step = 1;
};

Sizing sizing_of(Resource resource, const config::ServicePolicy& policy);

/// The limit of `resource`; nothing where there is none. Zero and less are none: so does Docker read them.
std::optional<Amount> limit_of(Resource resource, const Limits& limits);
void set_limit(Resource resource, Limits& limits, Amount amount);

/// `factor` times `amount`, at most what fits.
Amount scaled(Amount amount, double factor);
Amount sum(Amount a, Amount b);

/// The next multiple of `step` that is not less, and the one that is not more.
Amount round_up(Amount amount, Amount step);
Amount round_down(Amount amount, Amount step);

/// `CPU`, `memory`: as in a sentence. `to_string` gives the code.
std::string_view word_for(Resource resource);
/// `bounds.cpu.min`, `bounds.cpu.max`, `baseline.cpu`
std::string_view min_name(Resource resource);
std::string_view max_name(Resource resource);
std::string_view baseline_name(Resource resource);
/// `0.63`, `768M`; what is not a whole step is rounded.
std::string print_amount(Resource resource, Amount amount);
/// `91%`, `0.4%`
std::string percent(double share);

}  // namespace rm::decide
