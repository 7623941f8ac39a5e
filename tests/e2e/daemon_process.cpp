// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/daemon_process.h"

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <regex>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace rm::e2e {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

/// What a test gives, and the little that every program needs.
net::Environment with_path(net::Environment environment) {
    environment.emplace("PATH", "/usr/local/bin:/usr/bin:/bin");
    for (const char* name : {"ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS", "LSAN_OPTIONS"})
        if (const char* value = std::getenv(name)) environment.emplace(name, value);
    return environment;
}

}  // namespace

TemporaryDirectory::TemporaryDirectory() {
    std::string name = (fs::path(testing::TempDir()) / "rm-e2e.XXXXXX").string();
    EXPECT_NE(mkdtemp(name.data()), nullptr);
    path_ = name;
}

TemporaryDirectory::~TemporaryDirectory() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

std::string TemporaryDirectory::file(const std::string& name, const std::string& text) const {
    const fs::path path = path_ / name;
    std::ofstream(path) << text;
    return path.string();
}

net::Outcome resource_manager(const std::vector<std::string>& arguments, net::Environment environment) {
    net::Command command{.argv = {RM_PROGRAM}, .environment = with_path(std::move(environment))};
    command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
    command.deadline = 30s;
    auto outcome = net::run(command, {});
    EXPECT_TRUE(outcome) << outcome.error().message;
    return outcome.value_or(net::Outcome{});
}

DaemonProcess::DaemonProcess(const fs::path& directory, const std::vector<std::string>& arguments,
                             const net::Environment& environment, const std::vector<std::string>& through)
    : outcome_(ended_.get_future()) {
    // setpriv lets the kernel end the daemon should this test process be killed.
    net::Command command{.argv = {"setpriv", "--pdeathsig", "KILL"},
                         .environment = with_path(environment),
                         .directory = directory};
    command.argv.insert(command.argv.end(), through.begin(), through.end());
    command.argv.insert(command.argv.end(), {RM_PROGRAM, "run", "--set", "http.listen=127.0.0.1:0"});
    command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
    command.deadline = 5min;
    command.on_line = [this](net::Stream, std::string_view line) {
        const std::scoped_lock lock(mutex_);
        lines_.emplace_back(line);
        news_.notify_all();
    };
    thread_ = std::thread([this, command = std::move(command)] {
        auto outcome = net::run(command, stop_.get_token());
        EXPECT_TRUE(outcome) << outcome.error().message;
        ended_.set_value(outcome.value_or(net::Outcome{}));
        const std::scoped_lock lock(mutex_);
        news_.notify_all();
    });
}

DaemonProcess::~DaemonProcess() {
    stop_.request_stop();
    thread_.join();
    if (testing::Test::HasFailure())
        for (const std::string& line : lines_) fmt::print("  daemon: {}\n", line);
}

std::string DaemonProcess::wait_for_line(const std::string& text, std::size_t from, Duration patience) {
    std::unique_lock lock(mutex_);
    std::string found;
    const auto look = [&] {
        for (; from < lines_.size(); ++from)
            if (lines_[from].find(text) != std::string::npos) {
                found = lines_[from];
                return true;
            }
        return outcome_.wait_for(0s) == std::future_status::ready;
    };
    const bool in_time = news_.wait_for(lock, patience, look);
    EXPECT_TRUE(in_time && !found.empty()) << "the daemon did not say: " << text;
    return found;
}

std::vector<std::string> DaemonProcess::lines() const {
    const std::scoped_lock lock(mutex_);
    return lines_;
}

int DaemonProcess::pid() {
    std::smatch match;
    const std::string line = wait_for_line("pid ");
    return std::regex_search(line, match, std::regex("pid ([0-9]+)")) ? std::stoi(match[1]) : -1;
}

int DaemonProcess::port() {
    // As text or as JSON; other parts tell of other addresses in the middle of their lines.
    static const std::regex own(R"re((with=|"with":")http://[^ "]*:([0-9]+))re");
    (void)wait_for_line("ready");
    std::smatch match;
    for (const std::string& line : lines())
        if (std::regex_search(line, match, own)) return std::stoi(match[2]);
    return -1;
}

std::string DaemonProcess::url(const std::string& target) {
    return fmt::format("http://127.0.0.1:{}{}", port(), target);
}

void DaemonProcess::signal(int number) {
    const int process = pid();
    ASSERT_GT(process, 1);
    ASSERT_EQ(kill(process, number), 0);
}

net::Outcome DaemonProcess::wait() {
    return outcome_.get();
}

}  // namespace rm::e2e
