// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/asking.h"

#include <chrono>
#include <thread>

#include <gtest/gtest.h>

namespace rm::e2e {

using namespace std::chrono_literals;

net::Response get(const std::string& url, net::Method method, const std::string& token) {
    net::HttpClient client;
    auto response =
        client.send({.method = method, .url = net::Url::parse(url).value(), .token = Secret(token)}, {});
    EXPECT_TRUE(response) << response.error().message;
    return response.value_or(net::Response{});
}

bool eventually(const std::function<bool()>& holds) {
    const auto until = std::chrono::steady_clock::now() + 20s;
    while (!holds()) {
        if (std::chrono::steady_clock::now() > until) return false;
        std::this_thread::sleep_for(20ms);
    }
    return true;
}

double metric(DaemonProcess& daemon, const std::string& name) {
    const std::string text = "\n" + get(daemon.url("/metrics")).body;
    const auto at = text.find("\n" + name + " ");
    EXPECT_NE(at, std::string::npos) << name << " is missing";
    return at == std::string::npos ? -1 : std::stod(text.substr(at + name.size() + 2));
}

}  // namespace rm::e2e
