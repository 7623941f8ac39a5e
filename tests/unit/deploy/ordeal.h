// SPDX-License-Identifier: Apache-2.0
// A service that is deployed again and again on a simulated engine on which things go wrong by chance: calls
// fail, answers are lost, the engine is slow or starts anew, containers die, their health flaps, the
// controller is killed. Everything follows from one number.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "config/settings.h"
#include "core/clock.h"
#include "deploy/drive.h"
#include "deploy/hands.h"
#include "docker/simulated_engine.h"
#include "store/database.h"

namespace rm::deploy::test {

class Ordeal {
public:
    struct Tally {
        std::map<Outcome, int> outcomes;
        int looks = 0;
        int kills = 0;      // of the controller
        int faults = 0;     // of the engine
        int accidents = 0;  // of containers
    };

    Ordeal(std::uint64_t seed, int cgroup_version);
    Ordeal(const Ordeal&) = delete;
    Ordeal& operator=(const Ordeal&) = delete;
    Ordeal(Ordeal&&) = delete;
    Ordeal& operator=(Ordeal&&) = delete;
    ~Ordeal();

    /// One deployment from its plan to its end, and what the service is like then. False when anything was
    /// not as it must be.
    bool deploy();

    /// What was not as it must be, and what the deployment did.
    [[nodiscard]] const std::string& complaint() const { return complaint_; }
    [[nodiscard]] const Tally& tally() const { return tally_; }

private:
    using Calls = docker::EngineCall;

    std::uint64_t below(std::uint64_t end);
    bool happens(std::uint64_t times, std::uint64_t of = 1000);
    void complain(const std::string& what);

    void new_service();
    Limits other_limits(const Limits& now);
    void begin(const std::vector<docker::Container>& found);
    void play();
    void accident();
    void recover(bool all);
    void look();
    void look_at_the_end();
    void look_at(const docker::Container& one);
    std::optional<Error> before(Calls call, const ContainerId* id);
    std::optional<Error> after(Calls call);
    void may_end(const ContainerId& id);
    std::vector<docker::Container> containers();
    Deployment deployment();
    void tell_steps();

    std::mt19937_64 chance_;
    VirtualClock clock_;
    docker::SimulatedEngine engine_;
    std::string folder_;
    std::unique_ptr<store::Database> store_;
    config::ServicePolicy policy_;
    Tally tally_;
    std::string complaint_;

    int services_ = 0;     // so far
    int deployments_ = 0;  // of this service
    int replicas_ = 1;
    std::string image_;
    std::int64_t id_ = 0;
    std::vector<Limits> was_;
    Deployment plan_;
    bool at_home_ = false;    // what is done now is not done by the controller
    bool dead_ = false;       // the controller
    bool disturbed_ = false;  // by what no controller can help
    std::map<ContainerId, SteadyTime> ill_until_;
};

}  // namespace rm::deploy::test
