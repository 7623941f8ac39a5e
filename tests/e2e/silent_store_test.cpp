// SPDX-License-Identifier: Apache-2.0
// The end of the daemon when its database says nothing any more.
#include <chrono>
#include <csignal>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/e2e/daemon_process.h"
#include "tests/lab/postgres.h"
#include "tests/lab/require.h"

namespace rm::e2e {
namespace {

TEST(SilentStore, does_not_hold_up_the_end_of_the_daemon) {
    RM_LAB_REQUIRE(postgres);
    const auto server = lab::must(lab::Postgres::create());
    const TemporaryDirectory directory;
    const std::string password = directory.file("password", lab::Postgres::password().reveal());
    DaemonProcess daemon(directory.path(),
                         {"--set", "monitoring.source=simulation", "--set", "store.url=" + server->url(),
                          "--set", "store.password_file=" + password});
    daemon.wait_for_line("ready");
    EXPECT_THAT(daemon.lines(), testing::Contains(testing::HasSubstr("PostgreSQL rm@")));
    server->pause();
    const auto asked = std::chrono::steady_clock::now();
    daemon.signal(SIGTERM);
    const auto outcome = daemon.wait();
    server->resume();
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_LT(std::chrono::steady_clock::now() - asked, std::chrono::seconds(1));
    EXPECT_THAT(daemon.lines(), testing::Contains(testing::HasSubstr("this stop was not recorded")));
}

}  // namespace
}  // namespace rm::e2e
