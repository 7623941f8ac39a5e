// SPDX-License-Identifier: Apache-2.0
// The lab's PostgreSQL itself: it must leave nothing, however the program that started it ends.
#include <chrono>
#include <csignal>
#include <filesystem>
#include <thread>

#include <gtest/gtest.h>

#include "tests/lab/require.h"
#include "tests/unit/store/child_process.h"

namespace rm::store {
namespace {

TEST(LabPostgres, dies_with_a_program_that_is_killed_and_leaves_no_files) {
    RM_LAB_REQUIRE(postgres);
    ChildProcess owner({RM_STORE_CHILD, "server"});
    const pid_t server = std::stoi(owner.line());
    const std::filesystem::path folder = owner.line();
    ASSERT_EQ(::kill(server, 0), 0);
    ASSERT_TRUE(std::filesystem::exists(folder / "data"));

    owner.kill();

    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while ((std::filesystem::exists(folder) || ::kill(server, 0) == 0) &&
           std::chrono::steady_clock::now() < deadline)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    EXPECT_NE(::kill(server, 0), 0);
    EXPECT_FALSE(std::filesystem::exists(folder));
}

}  // namespace
}  // namespace rm::store
