// SPDX-License-Identifier: Apache-2.0
#include "core/error.h"

#include <utility>

namespace rm {

std::string_view to_string(ErrorCode code) {
    switch (code) {
        case ErrorCode::invalid:
            return "invalid";
        case ErrorCode::not_found:
            return "not_found";
        case ErrorCode::conflict:
            return "conflict";
        case ErrorCode::permission:
            return "permission";
        case ErrorCode::too_large:
            return "too_large";
        case ErrorCode::timeout:
            return "timeout";
        case ErrorCode::cancelled:
            return "cancelled";
        case ErrorCode::unavailable:
            return "unavailable";
        case ErrorCode::protocol:
            return "protocol";
        case ErrorCode::io:
            return "io";
        case ErrorCode::corrupt:
            return "corrupt";
        case ErrorCode::unsupported:
            return "unsupported";
        case ErrorCode::internal:
            return "internal";
    }
    return "internal";
}

Error Error::with_prefix(std::string_view prefix) const& {
    return Error(*this).with_prefix(prefix);
}

Error Error::with_prefix(std::string_view prefix) && {
    message.insert(0, ": ").insert(0, prefix);
    return std::move(*this);
}

}  // namespace rm
