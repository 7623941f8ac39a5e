// SPDX-License-Identifier: Apache-2.0
#include "app/pid_file.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace rm::app {
namespace {

using testing::HasSubstr;

namespace fs = std::filesystem;

fs::path fresh_path(const std::string& name) {
    const fs::path path = fs::path(testing::TempDir()) / (name + "." + std::to_string(getpid()));
    fs::remove(path);
    return path;
}

std::string text_of(const fs::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

TEST(PidFile, holds_our_pid_and_goes_with_us) {
    const fs::path path = fresh_path("pid_goes");
    {
        const auto file = PidFile::create(path);
        ASSERT_TRUE(file) << file.error().message;
        EXPECT_EQ(text_of(path), std::to_string(getpid()) + "\n");
    }
    EXPECT_FALSE(fs::exists(path));
}

TEST(PidFile, a_second_daemon_is_refused_with_the_pid_of_the_first) {
    const fs::path path = fresh_path("pid_second");
    const auto first = PidFile::create(path);
    ASSERT_TRUE(first);
    const auto second = PidFile::create(path);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, ErrorCode::conflict);
    EXPECT_THAT(second.error().message, HasSubstr("process " + std::to_string(getpid())));
    EXPECT_EQ(text_of(path), std::to_string(getpid()) + "\n");
}

TEST(PidFile, a_file_left_by_a_crash_is_taken_over) {
    const fs::path path = fresh_path("pid_stale");
    std::ofstream(path) << "999999999999\n";
    const auto file = PidFile::create(path);
    ASSERT_TRUE(file);
    EXPECT_EQ(text_of(path), std::to_string(getpid()) + "\n");
}

TEST(PidFile, a_file_that_holds_something_else_is_left_alone) {
    const fs::path path = fresh_path("pid_other");
    for (const std::string& content :
         {std::string("http: {listen: 8000}\n"), std::string("12 34"), std::string(100, '1')}) {
        std::ofstream(path) << content;
        const auto file = PidFile::create(path);
        ASSERT_FALSE(file) << content;
        EXPECT_THAT(file.error().message, HasSubstr("something else than a process id"));
        EXPECT_EQ(text_of(path), content);
    }
    const fs::path link = fresh_path("pid_link");
    fs::create_symlink(path, link);
    EXPECT_THAT(PidFile::create(link).error().message, HasSubstr("symbolic link"));
    EXPECT_TRUE(fs::exists(path));
    EXPECT_THAT(PidFile::create("/dev/null").error().message, HasSubstr("not a regular file"));
    fs::remove(link);
    fs::remove(path);
}

TEST(PidFile, a_directory_that_is_not_there_is_an_error_that_names_it) {
    const auto file = PidFile::create("/no/such/directory/rm.pid");
    ASSERT_FALSE(file);
    EXPECT_THAT(file.error().message, HasSubstr("'/no/such/directory/rm.pid'"));
}

}  // namespace
}  // namespace rm::app
