// SPDX-License-Identifier: Apache-2.0
#include "net/subprocess_environment.h"

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace rm::net {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Pair;
using testing::UnorderedElementsAre;

class FindProgram : public testing::Test {
protected:
    void SetUp() override {
        fs::create_directories(folder / "first");
        fs::create_directories(folder / "second");
    }
    void TearDown() override { fs::remove_all(folder); }

    static void write(const fs::path& file, bool executable) {
        std::ofstream(file) << "#!/bin/sh\n";
        fs::permissions(file, executable ? fs::perms::owner_all : fs::perms::owner_read);
    }

    [[nodiscard]] Environment path() const {
        return {{"PATH", (folder / "first").string() + "::bin:" + (folder / "second").string()}};
    }

    fs::path folder = fs::path(testing::TempDir()) / ("find_program_" + std::to_string(::getpid()));
};

TEST(Environment, only_the_allowed_variables_are_picked) {
    const Environment from{{"PATH", "/bin"}, {"TOKEN", "secret"}, {"LANG", "C"}, {"PATHX", "x"}};
    constexpr std::array<std::string_view, 3> allowed{"PATH", "LANG", "MISSING"};
    EXPECT_THAT(pick(from, allowed), UnorderedElementsAre(Pair("PATH", "/bin"), Pair("LANG", "C")));
}

TEST(Environment, our_own_is_read_with_its_empty_and_odd_values) {
    ::setenv("RM_TEST_EMPTY", "", 1);
    ::setenv("RM_TEST_ODD", "a=b\nc", 1);
    const Environment own = current_environment();
    EXPECT_EQ(own.at("RM_TEST_EMPTY"), "");
    EXPECT_EQ(own.at("RM_TEST_ODD"), "a=b\nc");
}

TEST_F(FindProgram, the_first_folder_that_has_it_wins) {
    write(folder / "first" / "tool", true);
    write(folder / "second" / "tool", true);
    EXPECT_EQ(find_program("tool", path()), (folder / "first" / "tool").string());
}

TEST_F(FindProgram, what_cannot_be_run_is_passed_over) {
    write(folder / "first" / "tool", false);
    write(folder / "second" / "tool", true);
    EXPECT_EQ(find_program("tool", path()), (folder / "second" / "tool").string());
}

TEST_F(FindProgram, an_absolute_path_needs_no_search) {
    write(folder / "first" / "tool", true);
    const std::string tool = (folder / "first" / "tool").string();
    EXPECT_EQ(find_program(tool, {}), tool);
}

TEST_F(FindProgram, a_missing_program_is_named_with_where_it_was_looked_for) {
    const auto found = find_program("tool", path());
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code, ErrorCode::not_found);
    EXPECT_THAT(found.error().message, HasSubstr("'tool'"));
    EXPECT_THAT(found.error().message, HasSubstr("second"));
}

TEST_F(FindProgram, a_program_that_is_not_executable_is_named_with_its_folder) {
    write(folder / "second" / "tool", false);
    const auto found = find_program("tool", path());
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code, ErrorCode::permission);
    EXPECT_THAT(found.error().message, HasSubstr("second/tool'"));
    EXPECT_THAT(found.error().message, HasSubstr("not executable"));
}

TEST_F(FindProgram, a_folder_is_not_a_program) {
    const auto found = find_program((folder / "first").string(), {});
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code, ErrorCode::permission);
}

TEST_F(FindProgram, without_a_PATH_only_absolute_paths_work) {
    const auto found = find_program("sh", {{"HOME", "/"}});
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code, ErrorCode::not_found);
    EXPECT_THAT(found.error().message, HasSubstr("no PATH"));
}

TEST_F(FindProgram, relative_paths_are_refused_wherever_they_come_from) {
    const fs::path before = fs::current_path();
    fs::create_directories(folder / "bin");
    write(folder / "bin" / "tool", true);
    fs::current_path(folder);
    EXPECT_FALSE(find_program("bin/tool", path()));
    EXPECT_FALSE(find_program("./bin/tool", path()));
    EXPECT_FALSE(find_program("tool", path())) << "found in the relative folder of PATH";
    fs::current_path(before);
}

}  // namespace
}  // namespace rm::net
