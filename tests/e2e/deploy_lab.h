// SPDX-License-Identifier: Apache-2.0
// The daemon that really deploys, on a real engine behind the socket proxy, for tests that make it hard for
// it. Each test has a daemon and a journal of its own; the engine and its two services are shared, and each
// deployment gives a service the limits that it had before the last one.
//
// | service | is                                                                                     |
// |---------|----------------------------------------------------------------------------------------|
// | web     | named `storefront` by its file, so that the name has to change hands                   |
// | api     | named by Compose, in two networks, with an alias and a folder that is written into it  |
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "net/http_client.h"
#include "tests/e2e/daemon_process.h"
#include "tests/e2e/engine_gate.h"
#include "tests/e2e/health_watch.h"
#include "tests/lab/compose.h"
#include "tests/lab/engine.h"
#include "tests/lab/socket_proxy.h"

namespace rm::e2e {

/// A container as the engine shows it.
struct Replica {
    std::string id;
    std::string name;
    std::string status;
    std::string health;
    std::string restart;
    std::vector<std::string> macs;
    std::string limits;  // "0.5 CPU, 64 MiB"
    int pid = 0;

    friend bool operator==(const Replica&, const Replica&) = default;
};

/// A deployment that a test asked for.
struct Begun {
    std::int64_t id = 0;
    std::string service;
    std::string strategy;
    std::string from;
    std::string to;
    std::size_t line = 0;  // of the daemon's log, from which on it is about this
};

/// Whether RM_LAB_THOROUGH asks for everything, whatever it takes.
bool is_thorough();

class DeployLab : public testing::Test {
protected:
    void SetUp() override;
    void TearDown() override;
    static void TearDownTestSuite();

    using Settings = std::vector<std::string>;  // "deployment.observe=6s"
    /// Ends the one that runs. `store` is a file in its directory.
    void start_daemon(const Settings& settings = {}, const std::string& store = "journal.db",
                      const std::vector<std::string>& through = {});
    /// By SIGKILL, and waits for its end.
    void kill_daemon();

    /// Asks for the other limits.
    Begun begin(const std::string& service, const std::string& strategy);
    /// Why it is not begun.
    std::string refusal(const std::string& service, const std::string& strategy);
    void wait_for_phase(const Begun& begun, const std::string& phase);
    /// Its last status; `under_way` if it does not end.
    std::string end_of(const Begun& begun, Duration patience = std::chrono::seconds(60));
    bool has_ended(const Begun& begun) { return end_of(begun, Duration(0)) != "under_way"; }
    /// It has ended, the service is whole, with its old or its new limits, and nothing is left over.
    void expect_a_good_end(const Begun& begun);
    /// And there was a healthy container all the time.
    void expect_no_gap(const HealthWatch& watch);

    std::vector<Replica> replicas(const std::string& service);

    [[nodiscard]] lab::Engine& engine();
    [[nodiscard]] lab::ComposeProject& project();
    [[nodiscard]] lab::SocketProxy& proxy() { return *proxy_; }
    [[nodiscard]] EngineGate& gate() { return *gate_; }
    [[nodiscard]] DaemonProcess& daemon() { return *daemon_; }
    [[nodiscard]] const TemporaryDirectory& directory() const { return directory_; }

private:
    struct Shop;
    static std::unique_ptr<Shop>& shop();
    std::string api(const std::string& target);
    Result<net::Response> order(const std::string& service, const std::string& strategy,
                                const std::string& limits);

    TemporaryDirectory directory_;
    std::optional<lab::SocketProxy> proxy_;
    std::unique_ptr<EngineGate> gate_;
    std::unique_ptr<DaemonProcess> daemon_;
};

}  // namespace rm::e2e
