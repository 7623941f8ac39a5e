// SPDX-License-Identifier: Apache-2.0
#include "config/find_file.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
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
    fs::remove_all(home);
}

}  // namespace
}  // namespace rm::config
