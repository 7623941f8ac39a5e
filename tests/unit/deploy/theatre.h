// SPDX-License-Identifier: Apache-2.0
// A service on a simulated engine, and a controller that deploys it and can be killed at any call: what the
// tests of whole deployments play on.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/settings.h"
#include "core/clock.h"
#include "deploy/drive.h"
#include "deploy/hands.h"
#include "deploy/plan.h"
#include "docker/simulated_engine.h"
#include "store/database.h"

namespace rm::deploy::test {

struct Scene {
    config::Strategy strategy = config::Strategy::blue_green;
    int cgroup_version = 2;
    int replicas = 1;
    bool fixed_name = false;
    bool green_stays_sick = false;  // with the new limits it never becomes healthy
    bool green_dies_alone = false;  // as soon as blue has stopped
    bool drain_file = false;        // blue is drained by one, which its health check honours
};

/// Where the controller is killed: at the n-th writing call of all, before it reaches the engine or after.
struct Kill {
    int at_call = 0;  // 0: never
    bool before = false;
};

class Theatre {
public:
    explicit Theatre(const Scene& scene);
    Theatre(const Theatre&) = delete;
    Theatre& operator=(const Theatre&) = delete;
    Theatre(Theatre&&) = delete;
    Theatre& operator=(Theatre&&) = delete;
    ~Theatre();

    /// Deploys to its end, with a new controller after the kill. False if it takes longer than a day.
    bool play(Kill kill = {});

    [[nodiscard]] int writing_calls() const { return calls_; }
    /// What went wrong on the way: an instant without a healthy replica.
    [[nodiscard]] const std::vector<std::string>& complaints() const { return complaints_; }
    /// What is wrong now that all is over; empty: nothing.
    [[nodiscard]] std::vector<std::string> leftovers();
    /// The journal's row.
    [[nodiscard]] Deployment deployment();
    [[nodiscard]] std::vector<docker::Container> containers();
    /// What it did, in the words of its log.
    [[nodiscard]] std::vector<std::string> steps();

    static constexpr Limits old_limits{.cpu = Cores::whole(1), .memory = Bytes::mebi(256)};
    static constexpr Limits new_limits{.cpu = Cores::whole(2), .memory = Bytes::mebi(512)};

private:
    std::optional<Error> hear(docker::EngineCall call, bool before);
    void watch_health();
    void set_up();

    const Scene scene_;
    VirtualClock clock_;
    docker::SimulatedEngine engine_;
    std::string folder_;
    std::unique_ptr<store::Database> store_;
    config::ServicePolicy policy_;
    Kill kill_;
    int calls_ = 0;
    bool dead_ = false;
    std::vector<std::string> complaints_;
    std::int64_t id_ = 0;
};

}  // namespace rm::deploy::test
