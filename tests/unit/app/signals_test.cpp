// SPDX-License-Identifier: Apache-2.0
#include "app/signals.h"

#include <csignal>

#include <gtest/gtest.h>

namespace rm::app {
namespace {

using namespace std::chrono_literals;

TEST(Signals, arrive_as_values) {
    block_signals();
    for (const int number : {SIGTERM, SIGINT}) {
        (void)std::raise(number);
        EXPECT_EQ(wait_for_signal(1s), Signal::stop);
    }
    (void)std::raise(SIGHUP);
    EXPECT_EQ(wait_for_signal(1s), Signal::reload);
    EXPECT_EQ(wait_for_signal(0ms), std::nullopt);
}

}  // namespace
}  // namespace rm::app
