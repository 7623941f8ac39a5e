// SPDX-License-Identifier: Apache-2.0
// Result<T>: a value or an Error. Used at every edge: I/O, configuration, parsing.
#pragma once

#include <utility>

#include <fmt/format.h>
#include <tl/expected.hpp>

#include "core/error.h"

namespace rm {

template <class T>
using Result = tl::expected<T, Error>;

/// For operations that either work or don't.
using Status = Result<void>;

/// `return fail(ErrorCode::invalid, "'{}' is not a size", text);`
template <class... Args>
[[nodiscard]] tl::unexpected<Error> fail(ErrorCode code, fmt::format_string<Args...> format, Args&&... args) {
    return tl::unexpected<Error>(Error{code, fmt::format(format, std::forward<Args>(args)...)});
}

/// `return fail(result.error().with_prefix("store"));`
[[nodiscard]] inline tl::unexpected<Error> fail(Error error) {
    return tl::unexpected<Error>(std::move(error));
}

}  // namespace rm
