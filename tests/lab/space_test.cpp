// SPDX-License-Identifier: Apache-2.0
#include "tests/lab/space.h"

#include <atomic>
#include <chrono>
#include <csignal>
#include <future>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/lab/forward.h"
#include "tests/lab/http.h"
#include "tests/lab/http_double.h"
#include "tests/lab/machine.h"
#include "tests/lab/peer_process.h"
#include "tests/lab/ports.h"
#include "tests/lab/require.h"

namespace rm::lab {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

std::string inside(const Space& space, const std::string& script) {
    return must(run_well({.name = "sh", .argv = {"sh", "-c", script}, .inside = &space}));
}

TEST(Space, it_has_a_network_processes_and_mounts_of_its_own) {
    RM_LAB_REQUIRE(engine);
    const auto before = machine_now();
    const Space space = must(Space::open());
    EXPECT_THAT(inside(space, "cat /proc/net/dev"), HasSubstr("lo:"));
    EXPECT_EQ(inside(space, "grep -c : /proc/net/dev"), "1\n") << "only its loopback";
    EXPECT_EQ(inside(space, "ls /run | wc -l"), "0\n");
    EXPECT_EQ(inside(space, "set -- /proc/[0-9]*; echo $#"), "2\n") << "its first process and sh";
    inside(space, "mount -t tmpfs tmpfs /mnt");
    EXPECT_THAT(inside(space, "cat /proc/mounts"), HasSubstr("tmpfs /mnt"));
    EXPECT_THAT(new_since(before), testing::IsEmpty());
}

TEST(Space, closing_it_ends_whatever_runs_inside) {
    RM_LAB_REQUIRE(engine);
    Space space = must(Space::open());
    const auto deaf = must(PeerProcess::start(
        {.name = "deaf", .argv = {"sh", "-c", "trap '' TERM INT HUP; setsid sleep 1000"}, .inside = &space}));
    EXPECT_TRUE(deaf.running());
    space.close();
    EXPECT_EQ(must(deaf.wait(5s)), "killed 9");
    const auto late = PeerProcess::start({.name = "late", .argv = {"true"}, .inside = &space});
    ASSERT_FALSE(late);
    EXPECT_THAT(late.error().message, HasSubstr("the space to start in is closed"));
}

TEST(Space, signals_from_inside_do_not_reach_its_first_process) {
    RM_LAB_REQUIRE(engine);
    const Space space = must(Space::open());
    inside(space, "kill -TERM 1; kill -INT 1; kill -HUP 1; true");
    EXPECT_EQ(inside(space, "echo alive"), "alive\n");
}

class ForwardTest : public testing::Test {
protected:
    void SetUp() override { RM_LAB_REQUIRE(engine); }
};

/// A server inside that answers each connection with what it got.
constexpr const char* echo_server = R"(
import socket, sys, threading
def serve(c):
    while True:
        data = c.recv(65536)
        if not data: break
        c.sendall(data)
    c.shutdown(socket.SHUT_WR)
s = socket.socket()
s.bind(('127.0.0.1', int(sys.argv[1])))
s.listen(64)
while True:
    threading.Thread(target=serve, args=(s.accept()[0],), daemon=True).start()
)";

/// Sends 4 MB and an end through the port and checks that the same comes back, and then an end.
constexpr const char* echo_client = R"(
import socket, sys, threading
c = socket.create_connection(('127.0.0.1', int(sys.argv[1])))
sent = bytes(range(256)) * 16384
threading.Thread(target=lambda: (c.sendall(sent), c.shutdown(socket.SHUT_WR))).start()
got = b''
while True:
    data = c.recv(65536)
    if not data: break
    got += data
print('same' if got == sent else 'different', len(got))
)";

TEST_F(ForwardTest, bytes_and_half_closes_pass_both_ways_on_many_connections) {
    const Space space = must(Space::open());
    const auto server = must(start_on_free_port(
        [&](std::uint16_t port) {
            return Program{.name = "echo",
                           .argv = {"python3", "-c", echo_server, std::to_string(port)},
                           .inside = &space};
        },
        [](std::uint16_t) { return true; }));
    const Forward forward = must(Forward::into(space, "127.0.0.1", server.port));
    std::vector<std::future<Result<std::string>>> clients;
    clients.reserve(6);
    for (int i = 0; i < 6; ++i)
        clients.push_back(std::async(std::launch::async, [&] {
            return run_well(
                {.name = "client", .argv = {"python3", "-c", echo_client, std::to_string(forward.port())}});
        }));
    for (auto& client : clients) EXPECT_EQ(must(client.get()), "same 4194304\n");
}

TEST_F(ForwardTest, a_port_where_nobody_listens_looks_like_that) {
    const Space space = must(Space::open());
    const Forward forward = must(Forward::into(space, "127.0.0.1", 1));
    EXPECT_FALSE(call({.url = forward.url(), .timeout = 5s}));
}

TEST_F(ForwardTest, those_inside_reach_the_test_process) {
    const Space space = must(Space::open());
    const auto hook = must(HttpDouble::start());
    hook->on("GET", "/x", lab::Answer::text(200, "from outside"));
    const Forward forward = must(Forward::out_of(space, "127.0.0.1", hook->port()));
    const std::string fetch =
        "import urllib.request, sys; print(urllib.request.urlopen(sys.argv[1]).read().decode())";
    const auto got = must(run_well(
        {.name = "fetch", .argv = {"python3", "-c", fetch, forward.url() + "/x"}, .inside = &space}));
    EXPECT_EQ(got, "from outside\n");
}

}  // namespace
}  // namespace rm::lab
