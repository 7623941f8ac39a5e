// SPDX-License-Identifier: Apache-2.0
// The daemon where its surroundings misbehave: a log that nobody reads, a store that hangs, too few
// descriptors.
#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/descriptor.h"
#include "net/http_client.h"
#include "tests/e2e/asking.h"
#include "tests/e2e/daemon_process.h"

namespace rm::e2e {
namespace {

using testing::HasSubstr;
using namespace std::chrono_literals;

namespace fs = std::filesystem;

const std::string quiet = "monitoring: {source: simulation}\n";

net::Response get(const std::string& url) {
    net::HttpClient client;
    const auto response = client.send({.method = net::Method::get, .url = net::Url::parse(url).value()}, {});
    EXPECT_TRUE(response) << response.error().message;
    return response.value_or(net::Response{});
}

/// Runs the program under a limit of the shell's `ulimit`, with an address that is not this computer's, so
/// that it ends.
net::Outcome limited(const std::string& limit, const fs::path& directory) {
    net::Command command{
        .argv = {"sh", "-c",
                 "ulimit " + limit + " && exec \"$0\" run --config c.yml --set http.listen=192.0.2.1:0",
                 RM_PROGRAM},
        .environment = {{"PATH", "/usr/bin:/bin"}},
        .directory = directory};
    command.deadline = 30s;
    const auto outcome = net::run(command, {});
    EXPECT_TRUE(outcome) << outcome.error().message;
    return outcome.value_or(net::Outcome{});
}

TEST(Trouble, a_log_file_whose_folder_goes_away_is_degraded_and_nothing_else_happens) {
    const TemporaryDirectory directory;
    const fs::path folder = directory.path() / "lg";
    DaemonProcess daemon(directory.path(), {"--config", directory.file("c.yml", quiet), "--set",
                                            "logging.file=" + (folder / "a.log").string(), "--set",
                                            "logging.rotate_at=64K", "--set", "logging.level=debug"});
    daemon.wait_for_line("ready");
    fs::remove_all(folder);
    std::ofstream(folder).close();
    for (int i = 0; i < 300; ++i) ASSERT_EQ(get(daemon.url("/version")).status, 200);
    std::string health;
    for (int i = 0; i < 100 && health.find("cannot be made again") == std::string::npos; ++i) {
        std::this_thread::sleep_for(200ms);
        health = get(daemon.url("/health")).body;
    }
    EXPECT_THAT(health, HasSubstr("a.log' cannot be made again"));
    daemon.signal(SIGTERM);
    EXPECT_EQ(daemon.wait().exit_code, 0);
}

bool has_open(int pid, const fs::path& file) {
    std::error_code gone;  // a descriptor may be closed while we look
    return std::ranges::any_of(fs::directory_iterator(fmt::format("/proc/{}/fd", pid)),
                               [&](const fs::path& one) { return fs::read_symlink(one, gone) == file; });
}

TEST(Trouble, a_store_that_is_locked_does_not_keep_it_from_ending) {
    const TemporaryDirectory directory;
    fs::create_directories(directory.path() / "data");
    const std::string file = directory.file("data/resource-manager.db", "");
    const Descriptor locked(open(file.c_str(), O_RDWR | O_CLOEXEC));
    struct flock lock{};
    lock.l_type = F_WRLCK;
    ASSERT_EQ(fcntl(locked.get(), F_SETLK, &lock), 0);

    DaemonProcess daemon(directory.path(), {"--config", directory.file("c.yml", quiet)});
    daemon.wait_for_line("name=process");
    ASSERT_TRUE(eventually([&] { return has_open(daemon.pid(), fs::canonical(file)); }));
    const auto asked = std::chrono::steady_clock::now();
    daemon.signal(SIGTERM);
    EXPECT_EQ(daemon.wait().exit_code, 4);
    EXPECT_LT(std::chrono::steady_clock::now() - asked, 3s);
    EXPECT_THAT(daemon.lines().back(), HasSubstr("it was busy, with starting or reloading"));
}

// The sanitizer for undefined behaviour needs descriptors of its own; without, it accuses the innocent.
#ifndef RM_SANITIZED
TEST(Trouble, a_start_without_descriptors_is_one_that_failed_and_cleans_up) {
    const TemporaryDirectory directory;
    (void)directory.file("c.yml", quiet);
    const auto outcome = limited("-n 8", directory.path());
    EXPECT_EQ(outcome.exit_code, 3) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr("Too many open files"));
    EXPECT_THAT(outcome.err, HasSubstr("stopped"));
}

/// Connections that say nothing.
std::vector<Descriptor> idle_connections(int port, std::size_t count) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    std::vector<Descriptor> connections;
    connections.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        Descriptor connection(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        EXPECT_EQ(connect(connection.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
        connections.push_back(std::move(connection));
    }
    return connections;
}

TEST(Trouble, without_descriptors_the_idle_make_room_at_once_and_one_line_says_so) {
    const TemporaryDirectory directory;
    DaemonProcess daemon(directory.path(), {"--config", directory.file("c.yml", quiet)});
    daemon.wait_for_line("ready");
    const std::string healthy = daemon.url("/-/healthy");
    const rlimit few{.rlim_cur = 40, .rlim_max = 40};
    ASSERT_EQ(prlimit(daemon.pid(), RLIMIT_NOFILE, &few, nullptr), 0);

    const auto begin = std::chrono::steady_clock::now();
    const auto idle = idle_connections(daemon.port(), 200);
    EXPECT_EQ(get(healthy).status, 200);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 3s);
    daemon.signal(SIGTERM);
    EXPECT_EQ(daemon.wait().exit_code, 0);
    const auto lines = daemon.lines();
    EXPECT_EQ(std::ranges::count_if(lines,
                                    [](const std::string& line) {
                                        return line.find("cannot accept connections for now") !=
                                               std::string::npos;
                                    }),
              1);
}
#endif

TEST(Trouble, more_connections_than_the_system_has_descriptors_for_are_told_at_the_start) {
    const TemporaryDirectory directory;
    (void)directory.file("c.yml", quiet + "http: {max_connections: 5000}\n");
    const auto outcome = limited("-n 300", directory.path());
    EXPECT_THAT(outcome.err, HasSubstr("connections=236 max_connections=5000 open_files=300"));
}

/// The program with a standard error that nobody reads.
class Unheard {
public:
    explicit Unheard(const fs::path& directory, int port) {
        std::array<int, 2> ends{};
        EXPECT_EQ(pipe2(ends.data(), O_CLOEXEC), 0);
        reader_ = Descriptor(ends[0]);
        const Descriptor writer(ends[1]);
        const std::string listen = fmt::format("http.listen=127.0.0.1:{}", port);
        const std::string where = directory.string();
        pid_ = fork();
        if (pid_ == 0) {
            if (chdir(where.c_str()) != 0 || dup2(writer.get(), STDERR_FILENO) < 0) _exit(99);
            execl(RM_PROGRAM, RM_PROGRAM, "run", "--config", "c.yml", "--set", listen.c_str(), "--set",
                  "logging.level=debug", nullptr);
            _exit(98);
        }
    }
    ~Unheard() {
        if (pid_ <= 0) return;
        kill(pid_, SIGKILL);
        waitpid(pid_, nullptr, 0);
    }
    Unheard(const Unheard&) = delete;
    Unheard& operator=(const Unheard&) = delete;
    Unheard(Unheard&&) = delete;
    Unheard& operator=(Unheard&&) = delete;

    /// The next piece of what it wrote.
    [[nodiscard]] std::string read() const {
        std::array<char, 65536> text{};
        const auto count = ::read(reader_.get(), text.data(), text.size());
        return {text.data(), count > 0 ? static_cast<std::size_t>(count) : 0};
    }

    /// Asks it to end; its exit code.
    int stop() {
        kill(pid_, SIGTERM);
        int status = 0;
        EXPECT_EQ(waitpid(pid_, &status, 0), pid_);
        pid_ = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }

private:
    Descriptor reader_;
    pid_t pid_ = -1;
};

int free_port() {
    const Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), size), 0);
    EXPECT_EQ(getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size), 0);
    return ntohs(address.sin_port);
}

TEST(Trouble, a_standard_error_that_nobody_reads_holds_up_nothing) {
    const TemporaryDirectory directory;
    (void)directory.file("c.yml", quiet);
    const int port = free_port();
    Unheard daemon(directory.path(), port);
    std::string said;
    while (said.find("ready") == std::string::npos) {
        const std::string piece = daemon.read();
        ASSERT_FALSE(piece.empty()) << said;
        said += piece;
    }
    const std::string url = fmt::format("http://127.0.0.1:{}/version", port);
    for (int i = 0; i < 1000; ++i) ASSERT_EQ(get(url).status, 200) << i;
    std::string late;
    while (late.size() < 60000) late += daemon.read();
    EXPECT_EQ(get(url).status, 200);
    EXPECT_EQ(daemon.stop(), 0);
    for (std::string piece = daemon.read(); !piece.empty(); piece = daemon.read()) late += piece;
    EXPECT_THAT(late, HasSubstr("lines were dropped here, nobody read them lines="));
}

}  // namespace
}  // namespace rm::e2e
