// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include "core/result.h"

namespace rm::docker::test {

/// For what a test does and has to work.
inline void done(const Status& status) {
    EXPECT_TRUE(status) << status.error().message;
}

}  // namespace rm::docker::test
