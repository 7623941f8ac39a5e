// SPDX-License-Identifier: Apache-2.0
#include "config/find_file.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/fsuid.h>
#include <unistd.h>

namespace rm::config {
namespace {

namespace fs = std::filesystem;

TEST(FindFile, looks_in_etc_then_in_the_users_folder_then_here) {
    using testing::ElementsAre;
    EXPECT_THAT(file_candidates({{"XDG_CONFIG_HOME", "/x"}, {"HOME", "/home/me"}}),
                ElementsAre("/etc/resource-manager/config.yml", "/x/resource-manager/config.yml",
                            "config/config.yml", "config.yml"));
    EXPECT_THAT(file_candidates({{"XDG_CONFIG_HOME", "relative"}, {"HOME", "/home/me"}}),
                testing::Contains(fs::path("/home/me/.config/resource-manager/config.yml")));
    EXPECT_EQ(file_candidates({}).size(), 3U);
}

TEST(FindFile, takes_the_first_that_exists_unless_one_was_asked_for) {
    const fs::path home = fs::path(testing::TempDir()) / ("find_file_test." + std::to_string(::getpid()));
    fs::create_directories(home / "resource-manager");
    std::ofstream(home / "resource-manager" / "config.yml") << "";
    const std::map<std::string, std::string> environment{{"XDG_CONFIG_HOME", home.string()}};
    if (!fs::exists("/etc/resource-manager/config.yml")) {
        EXPECT_EQ(find_file({}, environment), home / "resource-manager" / "config.yml");
    }
    EXPECT_EQ(find_file("/not/there.yml", environment), "/not/there.yml");
    fs::remove_all(home / "resource-manager");
    EXPECT_NE(find_file({}, environment), home / "resource-manager" / "config.yml");
    fs::remove_all(home);
}

TEST(FindFile, does_not_pass_over_a_link_to_nowhere) {
    if (fs::exists("/etc/resource-manager/config.yml")) GTEST_SKIP() << "this computer has a configuration";
    const fs::path home = fs::path(testing::TempDir()) / ("find_dangling_test." + std::to_string(::getpid()));
    const fs::path file = home / "resource-manager" / "config.yml";
    const std::map<std::string, std::string> environment{{"XDG_CONFIG_HOME", home.string()}};
    fs::create_directories(home / "resource-manager");
    fs::create_symlink("nowhere", file);
    EXPECT_EQ(find_file({}, environment), file);

    fs::remove_all(home / "resource-manager");
    fs::create_symlink("nowhere", home / "resource-manager");
    EXPECT_EQ(find_file({}, environment), file);
    fs::remove_all(home);
}

TEST(FindFile, does_not_pass_over_a_folder_that_cannot_be_looked_into) {
    if (fs::exists("/etc/resource-manager/config.yml")) GTEST_SKIP() << "this computer has a configuration";
    const fs::path home = fs::path(testing::TempDir()) / ("find_closed_test." + std::to_string(::getpid()));
    fs::create_directories(home);
    fs::permissions(home, fs::perms::none);
    constexpr uid_t nobody = 65534;
    if (::geteuid() == 0) ::setfsuid(nobody);  // root would look into every folder
    const auto found = find_file({}, {{"XDG_CONFIG_HOME", home.string()}});
    ::setfsuid(::geteuid());
    EXPECT_EQ(found, home / "resource-manager" / "config.yml");
    fs::permissions(home, fs::perms::owner_all);
    fs::remove_all(home);
}

}  // namespace
}  // namespace rm::config
