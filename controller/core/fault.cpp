// SPDX-License-Identifier: Apache-2.0
#include "core/fault.h"

#include <utility>

namespace rm {

Gap gap_of(ErrorCode code) {
    switch (code) {
        case ErrorCode::timeout:
            return Gap::timeout;
        case ErrorCode::protocol:
        case ErrorCode::too_large:
        case ErrorCode::corrupt:
            return Gap::bad_reply;
        case ErrorCode::not_found:
            return Gap::absent;
        case ErrorCode::invalid:
        case ErrorCode::conflict:
        case ErrorCode::permission:
        case ErrorCode::cancelled:
        case ErrorCode::unavailable:
        case ErrorCode::io:
        case ErrorCode::unsupported:
        case ErrorCode::internal:
            return Gap::unavailable;
    }
    return Gap::unavailable;
}

Fault fault_of(std::string what, const Error& error) {
    return {.what = std::move(what), .cause = gap_of(error.code), .message = error.message};
}

}  // namespace rm
