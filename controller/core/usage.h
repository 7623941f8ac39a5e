// SPDX-License-Identifier: Apache-2.0
// Usage: what a container uses, as a metrics source saw it. Missing data is never zero: each reading is a
// value, or the gap that stands in its place.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "core/bytes.h"
#include "core/cores.h"
#include "core/ratio.h"

namespace rm {

/// Why there is no number. The names are stable: they are labels of metrics and codes in the API.
enum class Gap {
    absent,          // the source knows nothing of it
    warming_up,      // the container runs for less than the window that was asked for
    stale,           // the last sample is too old
    not_a_number,    // a sample that is no number
    infinite,        // a sample without bound
    negative,        // less than nothing
    ambiguous,       // several samples could be meant
    bad_reply,       // the source answered what it should not
    timeout,         // the source did not answer in time
    unavailable,     // the source could not be reached, or refused
    not_applicable,  // what is not limited is not throttled
};

/// `not_a_number`
std::string_view to_string(Gap gap);

/// `the source did not answer in time`
std::string_view describe(Gap gap);

template <class T>
using Reading = tl::expected<T, Gap>;

struct Usage {
    Reading<Cores> cpu = tl::unexpected(Gap::absent);               // averaged over the window
    Reading<Bytes> memory = tl::unexpected(Gap::absent);            // the highest of the window
    Reading<Ratio> throttled = tl::unexpected(Gap::absent);         // share of its periods, over the window
    Reading<std::int64_t> oom_kills = tl::unexpected(Gap::absent);  // counted since some point; only
                                                                    // differences mean something
    Reading<Cores> cpu_trend = tl::unexpected(Gap::absent);         // averaged over the trend window
    Reading<Bytes> memory_trend = tl::unexpected(Gap::absent);      // averaged over the trend window
};

/// A signal, or all of them, that could not be had for any container.
struct Fault {
    std::string what;  // the signal or the call: `cpu_usage`, `engine`
    Gap cause = Gap::unavailable;
    std::string message;  // for people, without secrets
};

}  // namespace rm
