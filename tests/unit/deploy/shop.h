// SPDX-License-Identifier: Apache-2.0
// A simulated engine with services of the project `shop`, a store in a file and a configuration: what the
// tests of the roster, the sweep and the Deployer share.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "config/live_config.h"
#include "core/clock.h"
#include "deploy/plan.h"
#include "docker/simulated_engine.h"
#include "store/database.h"

namespace rm::deploy::test {

class Shop {
public:
    explicit Shop(Clock& clock);
    Shop(const Shop&) = delete;
    Shop& operator=(const Shop&) = delete;
    Shop(Shop&&) = delete;
    Shop& operator=(Shop&&) = delete;
    ~Shop();

    static constexpr Limits less{.cpu = Cores::whole(1), .memory = Bytes::mebi(256)};
    static constexpr Limits more{.cpu = Cores::whole(2), .memory = Bytes::mebi(512)};

    /// `sick_with_more`: with those limits it never becomes healthy.
    void add_service(const std::string& name, int replicas, bool sick_with_more = false);

    /// `more` for the service.
    [[nodiscard]] Wish wish(const std::string& service) const;
    /// By name.
    [[nodiscard]] std::vector<docker::Container> containers();

    docker::SimulatedEngine engine;
    std::string folder;
    std::unique_ptr<store::Database> store;
    config::LiveConfig live;
};

config::LiveConfig live_config(std::vector<std::string> overrides = {});

}  // namespace rm::deploy::test
