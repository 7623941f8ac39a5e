// SPDX-License-Identifier: Apache-2.0
// A day of the whole daemon on the invented fleet, at the speed of the test: the engine is sampled, the
// reconcile loop decides, what it decides is deployed, leftovers are swept, while calls fail, are slow or
// lose their answers, containers die and turn ill, the engine starts anew and the controller is killed. All
// in one thread and on one clock, so that everything follows from one number.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "app/reconcile/reconciler.h"
#include "config/live_config.h"
#include "core/clock.h"
#include "deploy/deployer.h"
#include "deploy/roster.h"
#include "docker/simulated_engine.h"
#include "observe/docker_source.h"
#include "observe/samples.h"
#include "store/database.h"

namespace rm::app::test {

class Day {
public:
    struct Tally {
        int checks = 0;
        int lost_checks = 0;  // that could not see or store anything
        int decisions = 0;    // that were recorded
        int proposals = 0;
        std::map<std::string, int> deployments;  // by how they ended
        std::map<std::string, int> strategies;
        int kills = 0;      // of the controller
        int faults = 0;     // of the engine
        int accidents = 0;  // of containers
        int swept = 0;
        int resumed = 0;  // services that were paused after failures
        int looks = 0;
    };

    Day(std::uint64_t seed, int cgroup_version);
    Day(const Day&) = delete;
    Day& operator=(const Day&) = delete;
    Day(Day&&) = delete;
    Day& operator=(Day&&) = delete;
    ~Day();

    /// False when anything was not as it must be.
    bool live(Duration day);

    [[nodiscard]] const std::string& complaint() const { return complaint_; }
    [[nodiscard]] const Tally& tally() const { return tally_; }

private:
    struct Excuse {
        SteadyTime until;
        std::int64_t restarts = 0;  // of all its containers, as last seen
    };

    std::uint64_t below(std::uint64_t end);
    bool happens(std::uint64_t times, std::uint64_t of);
    void complain(const std::string& what);
    [[nodiscard]] SteadyTime now() const { return clock_.now().steady; }

    void start_fleet();
    void find_out_what_is_permitted();
    void start_controller();
    void turn();
    void check();
    void work();
    void sweep();
    void resume();
    void come_to_an_end();

    std::optional<Error> before(docker::EngineCall call);
    std::optional<Error> after(docker::EngineCall call);
    void accident();
    void recover(bool all);

    void look();
    void look_at_raises(const decide::Check& check);
    void look_at_the_end();
    [[nodiscard]] std::vector<docker::Container> containers();
    [[nodiscard]] deploy::Premises premises();

    std::mt19937_64 chance_;
    VirtualClock clock_;
    SystemClock real_;
    docker::SimulatedEngine engine_;
    std::string folder_;
    config::LiveConfig live_;
    std::unique_ptr<store::Database> store_;
    std::string engine_id_;
    std::unique_ptr<deploy::Deployer> deployer_;  // prepares; what it wrote is driven by the roster

    std::unique_ptr<observe::Samples> samples_;
    std::unique_ptr<observe::DockerSource> source_;
    std::unique_ptr<Reconciler> reconciler_;
    std::unique_ptr<deploy::Roster> roster_;
    std::map<std::int64_t, SteadyTime> due_;  // the next step of each deployment at work

    SteadyTime begin_;
    SteadyTime sample_due_;
    SteadyTime check_due_;
    SteadyTime sweep_due_;
    bool at_home_ = true;  // what is done now is not done by the controller
    bool dead_ = false;    // the controller
    bool calm_ = false;    // nothing goes wrong any more
    std::map<ContainerId, SteadyTime> ill_until_;
    std::map<std::string, Excuse> excuses_;  // by service: it was hit by what no controller can help
    Tally tally_;
    std::string complaint_;
};

}  // namespace rm::app::test
