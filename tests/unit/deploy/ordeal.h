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
        int scripts = 0;    // that were run
        std::map<config::Strategy, int> strategies;
        Duration time{};  // that passed in the simulation
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

    /// What the user's script does this time, and with which exit code it ends.
    struct Script {
        bool replaces = false;  // it throws containers away and makes new ones
        int replicas = 0;       // to how many it gets
        int exit_code = 0;
    };

    void new_service();
    docker::SimulatedSpec spec_of(const std::string& name, int number, const Limits& limits) const;
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
    void new_script();
    void follow_script();
    void run_script(int last);
    [[nodiscard]] bool may_be_away() const;
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
    docker::SimulatedImage program_;
    std::int64_t id_ = 0;
    std::vector<Limits> was_;
    Deployment plan_;
    bool at_home_ = false;    // what is done now is not done by the controller
    bool dead_ = false;       // the controller
    bool disturbed_ = false;  // by what no controller can help
    std::map<ContainerId, SteadyTime> ill_until_;
    Script script_;
    std::uintmax_t script_told_ = 0;            // of what it writes when it is run
    std::optional<SteadyTime> script_goes_on_;  // at its own pace, after we were killed
};

/// What everything needs that is not in need.
inline constexpr Bytes little_memory = Bytes::mebi(64);

docker::Load constantly(Bytes memory);
bool is_healthy(const docker::Container& one);
std::vector<Limits> sorted_limits(const std::vector<docker::Container>& containers);

}  // namespace rm::deploy::test
