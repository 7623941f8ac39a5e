// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/asking.h"

#include <chrono>
#include <sstream>
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

std::map<std::string, double> series_of(const std::string& metrics) {
    std::map<std::string, double> series;
    std::istringstream lines(metrics);
    for (std::string line; std::getline(lines, line);) {
        const auto space = line.rfind(' ');
        if (!line.starts_with('#') && space != std::string::npos)
            series.emplace(line.substr(0, space), std::stod(line.substr(space + 1)));
    }
    return series;
}

}  // namespace rm::e2e
