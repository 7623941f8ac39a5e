// SPDX-License-Identifier: Apache-2.0
// SimulatedContainer: one container of the simulated engine, its life and what the kernel would count of it.
// Time passes for it when `pass` says so; nothing it counts depends on how often that is asked. Not
// thread-safe.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "docker/engine.h"
#include "docker/simulation/files.h"
#include "docker/simulation/health.h"
#include "docker/simulation/images.h"
#include "docker/simulation/kernel.h"
#include "docker/simulation/networks.h"
#include "docker/simulation/ports.h"
#include "docker/simulation/setup.h"
#include "docker/simulation/usage.h"

namespace rm::docker {

class SimulatedContainer {
public:
    /// Its setup has been checked. Unlimited memory ends at the host's.
    SimulatedContainer(ContainerId id, std::string name, SimulatedSetup setup, ImagePtr image,
                       const SimulatedHost& host, Instant now);

    // Time. `see` tells what it is by the clock; `pass` lets it pass until then, no further than
    // `next_change`, with a share of what is asked of its service.
    void see(Instant now) { now_ = now; }
    [[nodiscard]] SteadyTime at() const { return at_; }
    [[nodiscard]] SteadyTime next_change() const;
    void pass(SteadyTime until, double share);

    // What the engine does to it.
    /// `conflict` when the kernel refuses its limits; then it is as it was.
    Status start();
    /// What kept it from starting.
    void refuse_start(const Error& why);
    /// `conflict` when it does not run.
    Status signal(int number);
    /// The engine stops, and it with it; true when it is to be started again.
    bool end_with_engine();
    [[nodiscard]] Status update(const SimulatedResources& sent, const std::optional<RestartRule>& restart);
    void rename(std::string name);
    void destroy();
    void tell(std::string action, Labels more = {});

    // What people, its program and the kernel do to it.
    void stop();
    void kill();
    void crash(int exit_code);
    void run_out_of_memory();
    /// Turns at once and finds that in all probes to come; `none`: the image's probe decides again.
    void turn(HealthState health);
    void use(Load load) { load_ = std::move(load); }

    [[nodiscard]] bool runs() const { return shown_.state == ContainerState::running; }
    /// It runs or comes back: it keeps its addresses, and can't be removed.
    [[nodiscard]] bool is_up() const { return runs() || shown_.state == ContainerState::restarting; }
    /// Requests reach it.
    [[nodiscard]] bool serves() const;
    /// It has ended, and shall not stay.
    [[nodiscard]] bool is_over() const;

    [[nodiscard]] const Container& shown() const { return shown_; }
    [[nodiscard]] const SimulatedSetup& setup() const { return setup_; }
    [[nodiscard]] const StoredImage& image() const { return *image_; }
    [[nodiscard]] const SimulatedHealth& health() const { return health_; }
    [[nodiscard]] const std::string& error() const { return error_; }
    [[nodiscard]] SimulatedProgram program() const;
    [[nodiscard]] Stats stats() const;
    [[nodiscard]] std::vector<FileChange> changes() const;
    /// The last lines of what it wrote.
    [[nodiscard]] std::string log_tail(int lines) const;
    SimulatedFiles& files() { return files_; }

    /// It is to be in one more network, or in one with other settings.
    void want(const std::string& network, boost::json::object endpoint);
    void join(const std::string& network, SimulatedEndpoint endpoint);
    void bind(std::vector<HostPort> ports) { ports_ = std::move(ports); }
    /// Its place in each network that it was in when it last ran, by name.
    [[nodiscard]] const std::map<std::string, SimulatedEndpoint>& joined() const { return joined_; }
    [[nodiscard]] const std::vector<HostPort>& ports() const { return ports_; }

    /// The events since they were last taken.
    std::vector<Event> take_events();

private:
    [[nodiscard]] WallTime wall_at(SteadyTime at) const { return now_.wall - (now_.steady - at); }
    [[nodiscard]] Bytes memory_limit() const;
    [[nodiscard]] Demand demand_now() const;
    void live_until(SteadyTime until);
    void probe();
    [[nodiscard]] ExecOutcome answer_probe(const SimulatedProgram& seen) const;
    void begin();
    void end(int exit_code);
    [[nodiscard]] bool comes_back(int exit_code) const;
    void show_health();

    SimulatedSetup setup_;
    ImagePtr image_;
    Bytes host_memory_;
    int cgroup_version_;
    Load load_;
    Container shown_;
    Instant now_;                        // the clock's, when it was last seen
    SteadyTime at_;                      // how far it has come
    SteadyTime started_;                 // of this run
    SteadyTime restart_at_;              // while it is restarting
    std::optional<SteadyTime> dies_at_;  // it heeds its stop signal
    Duration backoff_;
    bool stays_down_ = false;         // when it ends next
    bool stopped_by_people_ = false;  // since its last start
    double share_ = 1;
    KernelLimits kernel_;
    SimulatedUsage usage_;
    SimulatedHealth health_;
    HealthState forced_ = HealthState::none;
    SimulatedFiles files_;
    std::map<std::string, SimulatedEndpoint> joined_;
    std::vector<HostPort> ports_;  // as they are bound
    std::string log_;
    std::string error_;
    std::vector<Event> events_;
};

/// Lets time pass for the replicas of one service: each has its share of the load while it serves.
void let_time_pass(std::span<SimulatedContainer* const> replicas, Instant now);

}  // namespace rm::docker
