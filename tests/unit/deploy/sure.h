// SPDX-License-Identifier: Apache-2.0
// What tests of deployments count on: a value, or the end of the test with the reason.
#pragma once

#include <stdexcept>
#include <utility>

#include "core/result.h"

namespace rm::deploy::test {

template <class T>
T sure(Result<T> value) {
    if (!value) throw std::runtime_error(value.error().message);
    return *std::move(value);
}

inline void sure(const Status& done) {
    if (!done) throw std::runtime_error(done.error().message);
}

}  // namespace rm::deploy::test
