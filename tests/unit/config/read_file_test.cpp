// SPDX-License-Identifier: Apache-2.0
#include "config/read_file.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

namespace rm::config {
namespace {

TEST(ReadFile, gives_the_whole_content_up_to_the_cap) {
    const auto file =
        std::filesystem::path(testing::TempDir()) / ("read_file_test." + std::to_string(::getpid()));
    const std::string text(100'000, 'x');
    std::ofstream(file) << text;
    EXPECT_EQ(read_file(file, 100'000).value(), text);
    EXPECT_EQ(read_file(file, 99'999).error().code, ErrorCode::too_large);
    std::filesystem::remove(file);
}

TEST(ReadFile, says_why_there_is_no_content) {
    EXPECT_EQ(read_file("/nowhere/at/all", 10).error().message, "No such file or directory");
    EXPECT_EQ(read_file("/nowhere/at/all", 10).error().code, ErrorCode::not_found);
    EXPECT_EQ(read_file(testing::TempDir(), 10).error().code, ErrorCode::invalid);
    EXPECT_EQ(read_file("/dev/zero", 10).error().code, ErrorCode::invalid);
}

}  // namespace
}  // namespace rm::config
