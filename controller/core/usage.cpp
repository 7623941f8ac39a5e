// SPDX-License-Identifier: Apache-2.0
#include "core/usage.h"

namespace rm {

std::string_view to_string(Gap gap) {
    switch (gap) {
        case Gap::absent:
            return "absent";
        case Gap::warming_up:
            return "warming_up";
        case Gap::stale:
            return "stale";
        case Gap::not_a_number:
            return "not_a_number";
        case Gap::infinite:
            return "infinite";
        case Gap::negative:
            return "negative";
        case Gap::ambiguous:
            return "ambiguous";
        case Gap::bad_reply:
            return "bad_reply";
        case Gap::timeout:
            return "timeout";
        case Gap::unavailable:
            return "unavailable";
        case Gap::not_applicable:
            return "not_applicable";
    }
    return "unknown";
}

std::string_view describe(Gap gap) {
    switch (gap) {
        case Gap::absent:
            return "the source knows nothing of it";
        case Gap::warming_up:
            return "the container has not run long enough";
        case Gap::stale:
            return "the last sample is too old";
        case Gap::not_a_number:
            return "the sample is not a number";
        case Gap::infinite:
            return "the sample is infinite";
        case Gap::negative:
            return "the sample is negative";
        case Gap::ambiguous:
            return "several samples could be meant";
        case Gap::bad_reply:
            return "the source answered what it should not";
        case Gap::timeout:
            return "the source did not answer in time";
        case Gap::unavailable:
            return "the source could not be asked";
        case Gap::not_applicable:
            return "it does not apply";
    }
    return "unknown";
}

}  // namespace rm
