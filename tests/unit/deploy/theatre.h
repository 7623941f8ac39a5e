// SPDX-License-Identifier: Apache-2.0
// A service on a simulated engine, and a controller that deploys it and can be killed at any call: what the
// tests of whole deployments play on.
#pragma once

#include <cstdint>
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

inline constexpr Limits little{.cpu = Cores::whole(1), .memory = Bytes::mebi(256)};
inline constexpr Limits plenty{.cpu = Cores::whole(2), .memory = Bytes::mebi(512)};

/// What the user's script does, where one deploys.
struct Script {
    enum class Way {
        live,     // it changes the limits of the containers while they run
        replaces  // it throws them away and makes new ones
    };
    enum class WhenWeAreKilled {
        has_done,  // all that it was to do
        dies,      // half way
        goes_on    // and comes to its end a little later
    };
    Way way = Way::live;
    int replicas = 1;  // how many of them it gets to
    int exit_code = 0;
    WhenWeAreKilled when_killed = WhenWeAreKilled::has_done;
};

struct Scene {
    config::Strategy strategy = config::Strategy::blue_green;
    int cgroup_version = 2;
    int replicas = 1;
    bool fixed_name = false;
    bool green_stays_sick = false;  // with the new limits it never becomes healthy
    bool green_dies_alone = false;  // as soon as blue has stopped
    bool drain_file = false;        // blue is drained by one, which its health check honours

    Limits from = little;
    Limits to = plenty;
    // Of what is changed in place.
    Bytes uses = Bytes::mebi(0);       // of memory
    int fills_up_at = 0;               // at which change of its limits it wants most of what it has; 0: none
    bool dies_once = false;            // as soon as it has its new limits
    bool first_full_last_ill = false;  // the first one needs its new memory, the last one does not serve
    docker::RestartPolicy restart = docker::RestartPolicy::unless_stopped;

    Script script = {};

    /// Things happen in it that nobody could do anything about.
    [[nodiscard]] bool may_be_away() const;
};

/// A point at which the controller can be killed.
struct Point {
    bool between = false;  // of two calls: the journal was written, and nothing else was done
};

/// Where the controller is killed: at the n-th point of all, before the call reaches its end or after.
struct Kill {
    int at = 0;  // 0: never
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

    [[nodiscard]] const std::vector<Point>& points() const { return points_; }
    /// What went wrong on the way: an instant without a healthy replica.
    [[nodiscard]] const std::vector<std::string>& complaints() const { return complaints_; }
    /// What is wrong now that all is over; empty: nothing.
    [[nodiscard]] std::vector<std::string> leftovers();
    /// The journal's row.
    [[nodiscard]] Deployment deployment();
    [[nodiscard]] std::vector<docker::Container> containers();
    /// Of each container, by name.
    [[nodiscard]] std::vector<Limits> limits();
    /// What it did, in the words of its log.
    [[nodiscard]] std::vector<std::string> steps();
    /// All of its lines, also those that only say that a phase began.
    [[nodiscard]] std::vector<store::DeploymentStep> journal();

private:
    std::optional<Error> hear(docker::EngineCall call, const ContainerId* id, bool before);
    /// True when the controller dies there.
    bool pass(bool between);
    [[nodiscard]] bool is_killed_here() const;
    std::unique_ptr<Drive> new_controller(Hands& hands);
    void follow_script();
    void run_script(int first, int last);
    void watch_health();
    void let_things_happen(const std::vector<docker::Container>& now);
    void fill_up(docker::EngineCall call, const ContainerId* id);
    void check(const docker::Container& one, std::vector<std::string>& wrong);
    void set_up();

    const Scene scene_;
    VirtualClock clock_;
    docker::SimulatedEngine engine_;
    std::string folder_;
    std::unique_ptr<store::Database> store_;
    config::ServicePolicy policy_;
    Kill kill_;
    std::vector<Point> points_;
    int updates_ = 0;
    bool died_once_ = false;
    std::uintmax_t script_told_ = 0;
    std::optional<SteadyTime> script_goes_on_;
    bool at_home_ = false;  // what is done now is not done by the controller
    bool dead_ = false;
    std::vector<std::string> complaints_;
    std::int64_t id_ = 0;
};

}  // namespace rm::deploy::test
