// SPDX-License-Identifier: Apache-2.0
// SimulatedContainer: one container of the simulated engine, and what the kernel would count of it. Time
// passes for it when `advance` says so; nothing it counts depends on how often that is asked. Not
// thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/clock.h"
#include "core/cores.h"
#include "docker/container.h"
#include "docker/engine.h"
#include "docker/stats.h"

namespace rm::docker {

/// What a program would use if nothing held it back.
struct Demand {
    Cores cpu;
    Bytes memory;      // which the kernel can't take back
    Bytes file_cache;  // which it can
};

/// The demand at a time, and that long after the container's start. Must not call the engine.
using Load = std::function<Demand(WallTime at, Duration since_start)>;

enum class RestartPolicy { no, on_failure, always, unless_stopped };

/// What a simulated container is created from.
struct SimulatedSpec {
    std::string name;
    std::string image = "simulated:1";
    Labels labels = {};
    Limits limits = {};
    Load load = {};  // none: it idles
    RestartPolicy restart = RestartPolicy::unless_stopped;
    std::optional<Duration> healthy_after = {};  // nothing: it has no health check
};

class SimulatedContainer {
public:
    /// Unlimited memory ends at `host_memory`.
    SimulatedContainer(ContainerId id, SimulatedSpec spec, Bytes host_memory, Instant now);

    /// Lets time pass until `now`: uses CPU, turns healthy, runs out of memory and comes back.
    void advance(Instant now);

    // What people and the kernel do to it, at the time it was advanced to.
    void start();
    void stop();
    void kill();
    void crash(int exit_code);
    void run_out_of_memory();
    void turn(HealthState health);
    void change(const Limits& limits);
    void use(Load load);
    void destroy();

    [[nodiscard]] bool runs() const { return shown_.state == ContainerState::running; }
    [[nodiscard]] const Container& shown() const { return shown_; }
    [[nodiscard]] Stats stats() const;
    /// What the kernel can't take back; zero when it does not run.
    [[nodiscard]] Bytes memory_in_use() const;

    /// The events since they were last taken.
    std::vector<Event> take_events();

private:
    [[nodiscard]] WallTime wall_at(SteadyTime at) const { return now_.wall - (now_.steady - at); }
    [[nodiscard]] Bytes memory_limit() const;
    [[nodiscard]] Demand demand_now() const;
    void run_until(SteadyTime until);
    void consume(const Demand& demand, std::chrono::nanoseconds time);
    void begin();
    void end(int exit_code, bool by_people);
    void tell(std::string action, Labels more = {});

    SimulatedSpec spec_;
    Bytes host_memory_;
    Container shown_;
    Instant now_;            // the clock's, when it was last asked
    SteadyTime at_;          // how far it has come
    SteadyTime started_;     // of this run
    SteadyTime restart_at_;  // while it is restarting
    std::optional<SteadyTime> healthy_at_;
    Duration backoff_;
    std::chrono::nanoseconds cpu_total_{0};
    std::int64_t periods_ = 0;
    std::int64_t throttled_periods_ = 0;
    std::chrono::nanoseconds throttled_time_{0};
    std::vector<Event> events_;
};

}  // namespace rm::docker
