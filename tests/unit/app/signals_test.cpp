// SPDX-License-Identifier: Apache-2.0
#include "app/signals.h"

#include <csignal>
#include <future>
#include <string>

#include <gtest/gtest.h>
#include <unistd.h>

namespace rm::app {
namespace {

using namespace std::chrono_literals;

/// What Signals says when it would end the program.
class LastWords {
public:
    Signals::CutShort listener() {
        return [this](std::string_view why) { said_.set_value(std::string(why)); };
    }

    std::string wait() {
        auto words = said_.get_future();
        return words.wait_for(10s) == std::future_status::ready ? words.get() : "(nothing)";
    }

private:
    std::promise<std::string> said_;
};

void never(std::string_view why) {
    ADD_FAILURE() << "cut short: " << why;
}

TEST(Signals, arrive_as_values) {
    for (const int number : {SIGTERM, SIGINT}) {
        Signals signals(never);
        EXPECT_FALSE(signals.stop_asked());
        kill(getpid(), number);
        EXPECT_EQ(signals.wait(10s), Signal::stop);
        EXPECT_TRUE(signals.stop_asked());
        EXPECT_EQ(signals.wait(0ms), std::nullopt);
    }
    Signals signals(never);
    kill(getpid(), SIGHUP);
    EXPECT_EQ(signals.wait(10s), Signal::reload);
    EXPECT_EQ(signals.wait(0ms), std::nullopt);
}

TEST(Signals, one_that_comes_while_nobody_waits_is_remembered) {
    LastWords words;
    Signals signals(words.listener(), {.grace = 1ms, .echo = 1h});
    kill(getpid(), SIGHUP);
    kill(getpid(), SIGTERM);
    EXPECT_EQ(words.wait(), "it was busy, with starting or reloading") << "both have been seen by now";
    EXPECT_EQ(signals.wait(0ms), Signal::stop);
    EXPECT_EQ(signals.wait(0ms), Signal::reload);
}

TEST(Signals, a_second_one_cuts_short_whatever_the_main_thread_does) {
    LastWords words;
    Signals signals(words.listener(), {.grace = 1h, .echo = 0ms});
    kill(getpid(), SIGTERM);
    ASSERT_EQ(signals.wait(10s), Signal::stop);
    kill(getpid(), SIGINT);
    EXPECT_EQ(words.wait(), "a second signal");
}

TEST(Signals, one_that_is_sent_twice_at_once_is_one) {
    Signals signals(never, {.grace = 1h, .echo = 1h});
    kill(getpid(), SIGTERM);
    ASSERT_EQ(signals.wait(10s), Signal::stop);
    kill(getpid(), SIGTERM);
    kill(getpid(), SIGHUP);
    EXPECT_EQ(signals.wait(10s), Signal::reload) << "both have been seen by now";
}

}  // namespace
}  // namespace rm::app
