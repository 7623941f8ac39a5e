// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <future>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/lab/keeper.h"
#include "tests/lab/machine.h"
#include "tests/lab/peer_process.h"
#include "tests/lab/ports.h"
#include "tests/lab/require.h"
#include "tests/lab/temp_folder.h"
#include "tests/lab/traces.h"

namespace rm::lab {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing::HasSubstr;

Program shell(const std::string& script) {
    return {.name = "sh", .argv = {"sh", "-c", script}};
}

TEST(PeerProcess, a_program_gets_its_arguments_and_only_the_environment_it_is_given) {
    ::setenv("RM_LAB_SECRET_OF_THE_TEST", "1", 1);
    const auto text = run_well({.name = "sh",
                                .argv = {"sh", "-c", "echo \"$1\"; env", "sh", "a  b'\"\\$"},
                                .environment = {"COLOUR=blue"}});
    ASSERT_TRUE(text) << text.error().message;
    EXPECT_THAT(*text, HasSubstr("a  b'\"\\$\n"));
    EXPECT_THAT(*text, HasSubstr("COLOUR=blue\n"));
    EXPECT_THAT(*text, testing::Not(HasSubstr("RM_LAB_SECRET_OF_THE_TEST")));
}

TEST(PeerProcess, a_program_inherits_no_descriptor) {
    const auto listed = must(run_well({.name = "ls", .argv = {"ls", "/proc/self/fd"}}));
    EXPECT_EQ(listed, "0\n1\n2\n3\n") << "3 is the folder that ls reads";
}

TEST(PeerProcess, the_exit_code_and_both_outputs_are_told) {
    const auto output = must(run_program(shell("echo out; echo err >&2; exit 3")));
    EXPECT_EQ(output.exit_code, 3);
    EXPECT_EQ(output.text, "out\nerr\n");
    const auto failed = run_well(shell("echo why; exit 3"));
    ASSERT_FALSE(failed);
    EXPECT_THAT(failed.error().message, HasSubstr("sh failed with exit code 3; it said:\nwhy"));
}

TEST(PeerProcess, a_program_that_is_not_there_is_named) {
    const auto missing = PeerProcess::start({.name = "x", .argv = {"no-such-program"}});
    ASSERT_FALSE(missing);
    EXPECT_THAT(missing.error().message, HasSubstr("there is no program 'no-such-program'"));
    const auto directory = PeerProcess::start({.name = "x", .argv = {"/etc"}});
    ASSERT_FALSE(directory);
    EXPECT_THAT(directory.error().message, HasSubstr("cannot start '/etc': execute: Permission denied"));
}

TEST(PeerProcess, a_program_that_ends_before_it_is_ready_shows_the_tail_of_its_log) {
    const auto process = must(PeerProcess::start(shell("echo the reason; exit 7")));
    const Status up = process.wait_ready([] { return false; });
    ASSERT_FALSE(up);
    EXPECT_THAT(up.error().message,
                HasSubstr("ended before it was ready (exited 7); its log says:\nthe reason"));
}

TEST(PeerProcess, a_program_that_is_not_ready_in_time_shows_the_tail_of_its_log) {
    const auto process = must(PeerProcess::start(shell("echo thinking; sleep 1000")));
    must(process.wait_ready([&] { return process.log_tail() == "thinking\n"; }));
    const Status up = process.wait_ready([] { return false; }, 50ms);
    ASSERT_FALSE(up);
    EXPECT_THAT(up.error().message, HasSubstr("is not ready after 50ms"));
    EXPECT_THAT(up.error().message, HasSubstr("thinking"));
}

TEST(PeerProcess, stop_asks_first_and_kills_what_does_not_listen) {
    auto polite =
        must(PeerProcess::start(shell("trap 'exit 5' TERM; echo up; while :; do sleep 0.01; done")));
    auto deaf = must(PeerProcess::start(shell("trap '' TERM; echo up; while :; do sleep 0.01; done")));
    must(polite.wait_ready([&] { return polite.log_tail() == "up\n"; }));
    must(deaf.wait_ready([&] { return deaf.log_tail() == "up\n"; }));
    polite.stop();
    deaf.stop(50ms);
    EXPECT_EQ(must(polite.wait(0ms)), "exited 5");
    EXPECT_EQ(must(deaf.wait(0ms)), "killed 9");
}

TEST(PeerProcess, a_stopped_program_can_be_stopped_for_good) {
    auto process = must(PeerProcess::start({.name = "sleep", .argv = {"sleep", "1000"}}));
    must(process.signal(SIGSTOP));
    process.stop();
    EXPECT_EQ(must(process.wait(0ms)), "killed 15");
}

TEST(PeerProcess, what_it_left_in_the_background_ends_with_it) {
    const TempFolder folder = must(TempFolder::make("background"));
    const std::string file = (folder.path() / "pid").string();
    must(run_well(shell("sleep 1000 & echo $! > " + file)));
    std::ifstream in(file);
    pid_t left = 0;
    in >> left;
    ASSERT_GT(left, 0);
    const auto gone = [&] { return ::kill(left, 0) != 0; };
    const auto end = std::chrono::steady_clock::now() + 5s;
    while (!gone() && std::chrono::steady_clock::now() < end) ::usleep(2000);
    EXPECT_TRUE(gone());
}

TEST(PeerProcess, many_start_and_end_at_once) {
    std::vector<std::future<Result<std::string>>> all;
    all.reserve(40);
    for (int i = 0; i < 40; ++i)
        all.push_back(
            std::async(std::launch::async, [i] { return run_well(shell("echo " + std::to_string(i))); }));
    for (std::size_t i = 0; i < all.size(); ++i) EXPECT_EQ(must(all[i].get()), std::to_string(i) + "\n");
}

TEST(PeerProcess, another_user_can_be_chosen_by_root) {
    RM_LAB_REQUIRE(root);
    const TempFolder folder = must(TempFolder::make("theirs"));
    must(folder.give_to("nobody"));
    const auto text = must(run_well({.name = "sh",
                                     .argv = {"sh", "-c", "id -un; id -G; touch mine && ls"},
                                     .user = "nobody",
                                     .directory = folder.path()}));
    EXPECT_EQ(text, "nobody\n65534\nmine\n");
}

TEST(PeerProcess, closing_the_lab_ends_even_daemons_and_removes_the_folder) {
    const fs::path folder = must(lab_folder());
    // Two forks and a session of its own: nothing ties the sleeper to the program that was started.
    must(run_well(shell("setsid sh -c 'sleep 1000 & sleep 1000 &' ; echo")));
    const PeerProcess process = must(PeerProcess::start({.name = "sleep", .argv = {"sleep", "1000"}}));
    EXPECT_GE(traces(folder.filename()).size(), 3U);

    close_lab();

    EXPECT_THAT(left_of(folder.filename()), testing::IsEmpty());
    EXPECT_FALSE(process.running());
    EXPECT_FALSE(fs::exists(folder));
}

TEST(Ports, a_taken_port_is_replaced_by_another) {
    // Two programs on the same port: the second one sees it taken and gets another.
    std::uint16_t first_choice = 0;
    std::vector<PeerProcess> thief;
    const std::string listen =
        "import socket,sys,time\ns=socket.socket()\ns.bind(('127.0.0.1',int(sys.argv[1])))\n"
        "s.listen()\ntime.sleep(1000)\n";
    const auto program = [&](std::uint16_t port) {
        return Program{.name = "python3", .argv = {"python3", "-c", listen, std::to_string(port)}};
    };
    const auto stolen = [&](std::uint16_t port) {
        if (first_choice == 0) {
            first_choice = port;
            thief.push_back(must(PeerProcess::start(program(port))));
            must(thief[0].wait_ready([&] { return listens_on(thief[0].pid(), port); }));
        }
        return program(port);
    };
    const auto peer = must(start_on_free_port(stolen, [](std::uint16_t) { return true; }));
    EXPECT_NE(peer.port, first_choice);
    EXPECT_TRUE(listens_on(peer.process.pid(), peer.port));
    EXPECT_FALSE(listens_on(peer.process.pid(), first_choice)) << "that one is the thief's";
}

}  // namespace
}  // namespace rm::lab
