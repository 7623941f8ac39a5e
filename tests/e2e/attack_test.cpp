// SPDX-License-Identifier: Apache-2.0
// The daemon's HTTP server under attack (tests/e2e/attack.py tells what each mode does): everything is
// refused or timed out, /health answers throughout, and memory stays where it was.
#include <algorithm>
#include <csignal>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/e2e/daemon_process.h"

namespace rm::e2e {
namespace {

using namespace std::chrono_literals;

#ifdef RM_SANITIZED
// A sanitizer keeps freed memory for a while and makes everything slower; what it looks for shows with less.
const std::vector<std::string> measure{"--max-growth-mib", "600", "--garbage", "1500", "--seconds", "8",
                                       "--health-timeout", "10",  "--body-mb", "60"};
#else
const std::vector<std::string> measure;
#endif

class Attack : public testing::TestWithParam<const char*> {};

TEST_P(Attack, is_held_off) {
    const TemporaryDirectory directory;
    DaemonProcess daemon(directory.path(),
                         {"--config", directory.file("c.yml", "monitoring: {source: simulation}\n")});
    daemon.wait_for_line("ready");
    const std::string script = RM_SOURCE_DIR "/tests/e2e/attack.py";
    const std::string server = fmt::format("127.0.0.1:{}", daemon.port());
    const std::string pid = fmt::format("{}", daemon.pid());
    net::Command attack{.argv = {"python3", script, server, GetParam(), "--pid", pid},
                        .environment = {{"PATH", "/usr/local/bin:/usr/bin:/bin"}},
                        .deadline = 250s};
    attack.argv.insert(attack.argv.end(), measure.begin(), measure.end());
    const auto outcome = net::run(attack, {});
    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_EQ(outcome->exit_code, 0) << outcome->out << outcome->err;
    fmt::print("{}", outcome->out);

    daemon.signal(SIGTERM);
    EXPECT_EQ(daemon.wait().exit_code, 0);
}

INSTANTIATE_TEST_SUITE_P(Modes, Attack,
                         testing::Values("headers", "chunked", "bad-chunks", "smuggling", "garbage",
                                         "slowloris"),
                         [](const auto& mode) {
                             std::string name = mode.param;
                             std::ranges::replace(name, '-', '_');
                             return name;
                         });

}  // namespace
}  // namespace rm::e2e
