// SPDX-License-Identifier: Apache-2.0
#include "app/service_notify.h"

#include <algorithm>
#include <array>
#include <cstring>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace rm::app {
namespace {

using testing::MatchesRegex;
using namespace std::chrono_literals;

using Environment = std::map<std::string, std::string>;

/// The service manager's end of the socket.
class Listener {
public:
    explicit Listener(std::string name)
        : name_(std::move(name)), descriptor_(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::memcpy(address.sun_path, name_.data(), name_.size());
        if (name_[0] == '@') address.sun_path[0] = '\0';
        const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name_.size());
        EXPECT_EQ(bind(descriptor_, reinterpret_cast<const sockaddr*>(&address), length), 0);
    }
    ~Listener() {
        close(descriptor_);
        unlink(name_.c_str());
    }
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;
    Listener(Listener&&) = delete;
    Listener& operator=(Listener&&) = delete;

    /// What has been sent; empty if nothing was.
    [[nodiscard]] std::string next() const {
        std::array<char, 1000> buffer{};
        const auto count = recv(descriptor_, buffer.data(), buffer.size(), MSG_DONTWAIT);
        return {buffer.data(), count > 0 ? static_cast<std::size_t>(count) : 0};
    }

private:
    std::string name_;
    int descriptor_;
};

TEST(ServiceNotify, tells_each_state_in_systemds_words) {
    for (const std::string& name : {testing::TempDir() + "notify." + std::to_string(getpid()),
                                    "@rm-notify-test-" + std::to_string(getpid())}) {
        const Listener listener(name);
        const ServiceNotify notify({{"NOTIFY_SOCKET", name}});
        notify.ready("listening on port 8000");
        EXPECT_EQ(listener.next(), "READY=1\nSTATUS=listening on port 8000");
        notify.reloading();
        EXPECT_THAT(listener.next(), MatchesRegex("RELOADING=1\nMONOTONIC_USEC=[0-9]+"));
        notify.watchdog();
        EXPECT_EQ(listener.next(), "WATCHDOG=1");
        notify.stopping();
        EXPECT_EQ(listener.next(), "STOPPING=1");
    }
}

TEST(ServiceNotify, is_silent_where_nobody_listens) {
    ServiceNotify(Environment{}).ready("x");
    ServiceNotify(Environment{{"NOTIFY_SOCKET", "relative"}}).ready("x");
    ServiceNotify(Environment{{"NOTIFY_SOCKET", "/" + std::string(200, 'x')}}).ready("x");
    ServiceNotify(Environment{{"NOTIFY_SOCKET", "/no/such/socket"}}).ready("x");
}

TEST(ServiceNotify, one_that_went_away_is_told_of_once) {
    const ServiceNotify notify(Environment{{"NOTIFY_SOCKET", "/no/such/socket"}});
    testing::internal::CaptureStderr();
    for (int i = 0; i < 3; ++i) notify.watchdog();
    const std::string said = testing::internal::GetCapturedStderr();
    EXPECT_EQ(std::ranges::count(said, '\n'), 1) << said;
}

TEST(ServiceNotify, the_watchdog_is_called_twice_per_period_and_only_by_whom_it_is_for) {
    EXPECT_EQ(ServiceNotify(Environment{{"WATCHDOG_USEC", "30000000"}}).watchdog_interval(), 15s);
    const std::string us = std::to_string(getpid());
    EXPECT_EQ(
        ServiceNotify(Environment{{"WATCHDOG_USEC", "30000000"}, {"WATCHDOG_PID", us}}).watchdog_interval(),
        15s);
    EXPECT_EQ(
        ServiceNotify(Environment{{"WATCHDOG_USEC", "30000000"}, {"WATCHDOG_PID", "1"}}).watchdog_interval(),
        std::nullopt);
    for (const auto* wrong : {"", "x", "-1", "0", "30s", "1", "99999"})
        EXPECT_EQ(ServiceNotify(Environment{{"WATCHDOG_USEC", wrong}}).watchdog_interval(), std::nullopt)
            << wrong;
}

}  // namespace
}  // namespace rm::app
