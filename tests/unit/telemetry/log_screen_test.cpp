// SPDX-License-Identifier: Apache-2.0
#include "telemetry/log_screen.h"

#include <array>
#include <string>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "core/descriptor.h"

namespace rm::log {
namespace {

struct Pipe {
    Pipe() {
        std::array<int, 2> ends{};
        EXPECT_EQ(pipe2(ends.data(), O_CLOEXEC), 0);
        reader = Descriptor(ends[0]);
        writer = Descriptor(ends[1]);
    }

    /// Everything that is in it now.
    [[nodiscard]] std::string drain() const {
        EXPECT_EQ(fcntl(reader.get(), F_SETFL, O_NONBLOCK), 0);
        std::string text;
        std::array<char, 65536> part{};
        for (ssize_t count = 0; (count = read(reader.get(), part.data(), part.size())) > 0;)
            text.append(part.data(), static_cast<std::size_t>(count));
        return text;
    }

    Descriptor reader;
    Descriptor writer;
};

TEST(LogScreen, writes_lines_of_any_length) {
    const Pipe pipe;
    LogScreen screen(pipe.writer.get());
    const std::string line = std::string(20000, 'x') + "\n";
    screen.write(line);
    EXPECT_EQ(pipe.drain(), line);
    EXPECT_EQ(screen.take_dropped(), 0U);
}

TEST(LogScreen, what_nobody_reads_is_dropped_and_told_once_there_is_room) {
    const Pipe pipe;
    LogScreen screen(pipe.writer.get());
    for (int i = 0; i < 100; ++i) screen.write(std::string(999, 'x') + "\n");
    EXPECT_EQ(screen.take_dropped(), 0U) << "there is no room to tell it";

    const std::string text = pipe.drain();
    const auto dropped = screen.take_dropped();
    EXPECT_GT(dropped, 0U);
    EXPECT_GE(text.size(), (100 - dropped) * 1000);
    EXPECT_EQ(screen.take_dropped(), 0U);
}

TEST(LogScreen, a_line_after_a_torn_one_begins_a_line) {
    const Pipe pipe;
    LogScreen screen(pipe.writer.get());
    screen.write(std::string(1000000, 'x') + "\n");
    EXPECT_THAT(pipe.drain(), testing::EndsWith("x"));
    screen.write("next\n");
    EXPECT_EQ(pipe.drain(), "\nnext\n");
}

}  // namespace
}  // namespace rm::log
