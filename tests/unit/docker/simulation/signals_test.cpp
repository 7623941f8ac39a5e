// SPDX-License-Identifier: Apache-2.0
#include "docker/simulation/signals.h"

#include <csignal>

#include <gtest/gtest.h>

namespace rm::docker {
namespace {

TEST(SignalNumber, knows_the_names_of_this_system) {
    EXPECT_EQ(signal_number("SIGTERM"), SIGTERM);
    EXPECT_EQ(signal_number("term"), SIGTERM);
    EXPECT_EQ(signal_number("KILL"), SIGKILL);
    EXPECT_EQ(signal_number("SIGHUP"), SIGHUP);
    EXPECT_EQ(signal_number("SIGUSR1"), SIGUSR1);
    EXPECT_EQ(signal_number("SIGQUIT"), SIGQUIT);
    EXPECT_EQ(signal_number("SIGWINCH"), SIGWINCH);
    EXPECT_EQ(signal_number("SIGSYS"), SIGSYS);
}

TEST(SignalNumber, takes_numbers) {
    EXPECT_EQ(signal_number("15"), 15);
    EXPECT_EQ(signal_number("64"), 64);
    EXPECT_EQ(signal_number("0"), std::nullopt);
    EXPECT_EQ(signal_number("65"), std::nullopt);
    EXPECT_EQ(signal_number("-9"), std::nullopt);
}

TEST(SignalNumber, refuses_the_rest) {
    for (const char* text : {"", "SIG", "FOO", "SIGTERMS", "15x"})
        EXPECT_EQ(signal_number(text), std::nullopt) << text;
}

}  // namespace
}  // namespace rm::docker
