// SPDX-License-Identifier: Apache-2.0
#include "telemetry/log.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>
#include <vector>

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rm::log {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

namespace fs = std::filesystem;

/// A log in a directory of its own; what it wrote is read back from the file.
class Log : public testing::Test {
public:
    Log() { fs::create_directories(directory_); }
    ~Log() override {
        (void)start({});
        fs::remove_all(directory_);
    }
    Log(const Log&) = delete;
    Log& operator=(const Log&) = delete;
    Log(Log&&) = delete;
    Log& operator=(Log&&) = delete;

    [[nodiscard]] std::string path() const { return (directory_ / "rm.log").string(); }

    [[nodiscard]] std::string written() const {
        std::ifstream file(path());
        return {std::istreambuf_iterator<char>(file), {}};
    }

    fs::path directory_ = fs::path(testing::TempDir()) / ("log_test." + std::to_string(getpid()));
};

TEST_F(Log, text_is_one_line_with_time_level_part_message_and_fields) {
    ASSERT_TRUE(start({.file = path()}));
    info("serve", "listening", {{"port", 8000}, {"name", "two words"}});
    EXPECT_THAT(
        written(),
        ContainsRegex(
            "^20[0-9-]+T[0-9:]+\\.[0-9]+Z info    serve     listening port=8000 name=\"two words\"\n$"));
}

TEST_F(Log, text_cannot_be_forged_by_a_field) {
    ASSERT_TRUE(start({.file = path()}));
    info("watch", "container",
         {{"name", "x\n2026-01-01T00:00:00.000Z error forged"}, {"quote", "a\"b\\"}, {"esc", "\x1b[2J"}});
    const std::string text = written();
    EXPECT_EQ(std::ranges::count(text, '\n'), 1);
    EXPECT_THAT(
        text, HasSubstr(R"(name="x\x0a2026-01-01T00:00:00.000Z error forged" quote="a\"b\\" esc="\x1b[2J")"));
}

TEST_F(Log, json_lines_are_json_whatever_they_hold) {
    ASSERT_TRUE(start({.format = Format::json, .file = path()}));
    warning("net", "odd \"text\"",
            {{"bytes", "a\nb\t\x01\xff\x7f"}, {"count", 3}, {"ratio", 0.5}, {"on", true}});
    const std::string text = written();
    EXPECT_EQ(std::ranges::count(text, '\n'), 1);
    const auto line = boost::json::parse(text).as_object();
    EXPECT_EQ(line.at("level").as_string(), "warning");
    EXPECT_EQ(line.at("part").as_string(), "net");
    EXPECT_EQ(line.at("message").as_string(), "odd \"text\"");
    EXPECT_EQ(line.at("bytes").as_string(), "a\nb\t\x01\xef\xbf\xbd\x7f");
    EXPECT_EQ(line.at("count").as_int64(), 3);
    EXPECT_EQ(line.at("on").as_bool(), true);
}

TEST_F(Log, messages_below_the_level_are_not_written) {
    ASSERT_TRUE(start({.level = Level::warning, .file = path()}));
    info("app", "quiet");
    EXPECT_FALSE(enabled(Level::info));
    error("app", "loud");
    EXPECT_THAT(written(), Not(HasSubstr("quiet")));
    EXPECT_THAT(written(), HasSubstr("loud"));
}

TEST_F(Log, a_full_file_is_renamed_and_old_ones_go) {
    ASSERT_TRUE(start({.file = path(), .rotate_at = Bytes(2000), .keep = 2}));
    for (int i = 0; i < 200; ++i) info("app", "a line to fill the file", {{"i", i}});
    EXPECT_TRUE(fs::exists(directory_ / "rm.1.log"));
    EXPECT_TRUE(fs::exists(directory_ / "rm.2.log"));
    EXPECT_FALSE(fs::exists(directory_ / "rm.3.log"));
    EXPECT_LE(fs::file_size(path()), 2000U);
}

TEST_F(Log, a_file_that_cannot_be_opened_is_an_error_and_the_old_log_stays) {
    ASSERT_TRUE(start({.file = path()}));
    const auto status = start({.file = "/proc/no/such/place.log"});
    ASSERT_FALSE(status);
    EXPECT_THAT(status.error().message, HasSubstr("/proc/no/such/place.log"));
    info("app", "still here");
    EXPECT_THAT(written(), HasSubstr("still here"));
}

TEST_F(Log, a_file_that_cannot_be_put_aside_is_trouble_that_can_be_asked) {
    ASSERT_TRUE(start({.file = path(), .rotate_at = Bytes(200), .keep = 1}));
    EXPECT_EQ(trouble(), "");
    fs::create_directories(directory_ / "rm.1.log");
    for (int i = 0; i < 10; ++i) info("app", "a line to fill the file", {{"i", i}});
    EXPECT_THAT(trouble(), HasSubstr("rm.log' is full and cannot be put aside"));
    EXPECT_THAT(written(), HasSubstr("i=0\n"));
    EXPECT_THAT(written(), HasSubstr("i=9\n"));
}

TEST_F(Log, threads_write_whole_lines_also_while_the_log_is_replaced) {
    ASSERT_TRUE(start({.format = Format::json, .file = path()}));
    {
        constexpr int threads = 4;
        std::vector<std::jthread> writers;
        writers.reserve(threads);
        for (int thread = 0; thread < threads; ++thread)
            writers.emplace_back([thread] {
                for (int i = 0; i < 100; ++i) info("app", "line", {{"thread", thread}, {"i", i}});
            });
        for (int i = 0; i < 5; ++i) ASSERT_TRUE(start({.format = Format::json, .file = path()}));
    }
    std::istringstream lines(written());
    int count = 0;
    for (std::string line; std::getline(lines, line); ++count)
        EXPECT_NO_THROW((void)boost::json::parse(line)) << line;
    EXPECT_EQ(count, 400);
}

}  // namespace
}  // namespace rm::log
