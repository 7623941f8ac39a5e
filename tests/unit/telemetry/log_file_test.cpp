// SPDX-License-Identifier: Apache-2.0
#include "telemetry/log_file.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

namespace rm::log {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

namespace fs = std::filesystem;

/// A log file in a folder of its own, and a time that passes when the test says so.
class LogFileTest : public testing::Test {
public:
    LogFileTest() { fs::create_directories(folder_); }
    ~LogFileTest() override { fs::remove_all(folder_); }
    LogFileTest(const LogFileTest&) = delete;
    LogFileTest& operator=(const LogFileTest&) = delete;
    LogFileTest(LogFileTest&&) = delete;
    LogFileTest& operator=(LogFileTest&&) = delete;

    [[nodiscard]] fs::path path(const std::string& name = "rm.log") const { return folder_ / name; }

    [[nodiscard]] LogFile open(int keep = 2) const {
        auto log = LogFile::open({.path = path().string(), .rotate_at = Bytes(10), .keep = keep}, now_);
        EXPECT_TRUE(log) << log.error().message;
        return *std::move(log);
    }

    [[nodiscard]] static std::string text(const fs::path& file) {
        std::ifstream stream(file);
        return {std::istreambuf_iterator<char>(stream), {}};
    }

    fs::path folder_ = fs::path(testing::TempDir()) / ("log_file_test." + std::to_string(getpid()));
    SteadyTime now_ = SteadyTime(1h);
};

TEST_F(LogFileTest, appends_and_is_not_for_the_world) {
    open().write("one\n", now_);
    open().write("two\n", now_);
    EXPECT_EQ(text(path()), "one\ntwo\n");
    struct stat state{};
    ASSERT_EQ(stat(path().c_str(), &state), 0);
    EXPECT_EQ(state.st_mode & 07, 0U);
}

TEST_F(LogFileTest, a_full_file_is_put_aside_and_the_oldest_goes) {
    LogFile log = open();
    for (const auto* line : {"11111111\n", "22222222\n", "33333333\n", "44444444\n"}) log.write(line, now_);
    EXPECT_EQ(text(path()), "44444444\n");
    EXPECT_EQ(text(path("rm.1.log")), "33333333\n");
    EXPECT_EQ(text(path("rm.2.log")), "22222222\n");
    EXPECT_FALSE(fs::exists(path("rm.3.log")));
}

TEST_F(LogFileTest, where_none_is_kept_a_full_file_begins_anew) {
    LogFile log = open(0);
    for (const auto* line : {"11111111\n", "22222222\n"}) log.write(line, now_);
    EXPECT_EQ(text(path()), "22222222\n");
    EXPECT_FALSE(fs::exists(path("rm.1.log")));
}

TEST_F(LogFileTest, one_that_cannot_be_put_aside_goes_on_over_its_size_and_tries_again_later) {
    LogFile log = open(1);
    fs::create_directories(path("rm.1.log"));
    log.write("11111111\n", now_);
    log.write("22222222\n", now_);
    log.write("33333333\n", now_ + 1s);
    EXPECT_EQ(text(path()), "11111111\n22222222\n33333333\n");
    EXPECT_THAT(log.trouble(), HasSubstr("rm.log' is full and cannot be put aside"));

    fs::remove_all(path("rm.1.log"));
    log.write("44444444\n", now_ + 30s);
    EXPECT_EQ(text(path()), "44444444\n");
    EXPECT_EQ(log.trouble(), "");
}

TEST_F(LogFileTest, a_deleted_one_is_made_again) {
    LogFile log = open();
    log.write("one\n", now_);
    fs::remove_all(folder_);
    log.write("two\n", now_ + 2s);
    EXPECT_EQ(text(path()), "two\n");
}

TEST_F(LogFileTest, one_that_was_moved_away_is_left_there) {
    LogFile log = open();
    log.write("one\n", now_);
    fs::rename(path(), path("moved"));
    log.write("two\n", now_ + 2s);
    EXPECT_EQ(text(path()), "two\n");
    EXPECT_EQ(text(path("moved")), "one\n");
}

TEST_F(LogFileTest, a_folder_that_became_a_file_is_trouble_until_it_is_a_folder_again) {
    LogFile log = open();
    fs::remove_all(folder_);
    std::ofstream(folder_).close();
    EXPECT_TRUE(log.write("00000000\n", now_));  // nobody has looked yet
    for (int i = 1; i < 5; ++i) EXPECT_FALSE(log.write("11111111\n", now_ + i * 1s));
    EXPECT_THAT(log.trouble(), HasSubstr("cannot be made again"));

    fs::remove(folder_);
    EXPECT_TRUE(log.write("22222222\n", now_ + 10s));
    EXPECT_EQ(text(path()), "22222222\n");
    EXPECT_EQ(log.trouble(), "");
}

TEST_F(LogFileTest, a_device_is_no_log_file) {
    const auto log = LogFile::open({.path = "/dev/null"}, now_);
    ASSERT_FALSE(log);
    EXPECT_THAT(log.error().message, HasSubstr("not a regular file"));
}

}  // namespace
}  // namespace rm::log
