// SPDX-License-Identifier: Apache-2.0
#include "config/read_file.h"

#include <filesystem>
#include <fstream>
#include <thread>

#include <gtest/gtest.h>
#include <sys/stat.h>
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

class Pipe : public testing::Test {
protected:
    void SetUp() override {
        std::filesystem::remove(pipe_);
        ASSERT_EQ(::mkfifo(pipe_.c_str(), 0600), 0);
    }
    void TearDown() override { std::filesystem::remove(pipe_); }

    const std::filesystem::path pipe_ =
        std::filesystem::path(testing::TempDir()) / ("read_file_pipe." + std::to_string(::getpid()));
};

TEST_F(Pipe, is_read_to_its_end) {
    const std::string text(200'000, 'x');
    const std::jthread writer([&] { std::ofstream(pipe_) << text; });
    EXPECT_EQ(read_file(pipe_, 200'000).value(), text);
}

TEST_F(Pipe, that_nobody_writes_to_does_not_hold_us) {
    const auto nothing = read_file(pipe_, 10, FileKinds::regular_or_pipe, Duration(20));
    ASSERT_FALSE(nothing);
    EXPECT_EQ(nothing.error().code, ErrorCode::timeout);
}

TEST_F(Pipe, that_stays_open_does_not_hold_us) {
    std::fstream writer(pipe_);
    writer << "half of" << std::flush;
    const auto half = read_file(pipe_, 10, FileKinds::regular_or_pipe, Duration(20));
    ASSERT_FALSE(half);
    EXPECT_EQ(half.error().code, ErrorCode::timeout);
}

TEST_F(Pipe, without_content_is_no_empty_file) {
    const std::jthread writer([&] { const std::ofstream nothing(pipe_); });
    EXPECT_EQ(read_file(pipe_, 10).error().code, ErrorCode::invalid);
}

TEST_F(Pipe, is_refused_where_only_files_can_be_read_again) {
    const auto refused = read_file(pipe_, 10, FileKinds::regular);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("is a pipe, which gives its content only once"),
              std::string::npos);
}

}  // namespace
}  // namespace rm::config
