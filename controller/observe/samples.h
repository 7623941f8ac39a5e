// SPDX-License-Identifier: Apache-2.0
// Samples: the engine's statistics of all running containers, sampled in rounds, and what follows from them
// for the windows of a check. Memory is bounded by the containers that the engine lists; vanished ones are
// forgotten. One thread takes rounds; any number may read meanwhile: the lock is never held while the engine
// is asked.
#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "config/settings.h"
#include "core/clock.h"
#include "core/limits.h"
#include "core/usage.h"
#include "docker/engine.h"
#include "observe/history.h"
#include "observe/metrics_source.h"

namespace rm::observe {

struct SamplesOptions {
    Reach reach{};
    Duration interval{};  // between two rounds
    config::MemoryMetric memory = config::MemoryMetric::working_set;
    bool inspect = false;  // also learns what only the export shows: limits and start
    /// How many containers are asked for at once. A real engine gives statistics once a second, to all that
    /// wait for them: one after the other, each container would cost a second.
    std::size_t at_once = 1;
};

/// What the export shows of a running container.
struct LatestSample {
    ContainerId id;
    std::string name;
    std::string image;
    std::string project;  // of Compose; empty without
    std::string service;
    docker::Stats stats;
    WallTime at;  // by our clock
    std::int64_t oom_kills = 0;
    std::optional<Limits> limits = {};  // nothing: not known yet
    std::optional<WallTime> started_at = {};
};

class Samples {
public:
    /// Both must outlive it.
    Samples(docker::Engine& engine, const Clock& clock, SamplesOptions options);

    /// One round: lists, asks for the statistics of each running container, counts lack of memory. Ends early
    /// when `stop` is requested, or when the engine does not keep up. Its helping threads end with it.
    void take(const std::stop_token& stop);

    /// From now on, answers must reach so far back.
    void reach_back(const Reach& reach);

    [[nodiscard]] Observation observe(std::span<const Target> targets, const Windows& windows,
                                      WallTime now) const;
    [[nodiscard]] std::vector<LatestSample> latest() const;
    [[nodiscard]] Duration interval() const { return options_.interval; }

private:
    struct Details {
        Limits limits;
        std::optional<WallTime> started_at;
        SteadyTime at;
    };
    struct Entry {
        docker::ContainerSummary summary;  // with the labels of Compose alone
        History history = {};
        WallTime sampled_at = {};
        std::optional<Gap> failure = {};  // of the last attempt
        std::int64_t oom_kills = 0;
        WallTime last_oom = {};
        std::optional<Details> details = {};
    };

    [[nodiscard]] std::vector<ContainerId> merge(std::vector<docker::ContainerSummary> listed);
    [[nodiscard]] bool sample_all(const std::vector<ContainerId>& running, const std::stop_token& stop);
    [[nodiscard]] bool sample(const ContainerId& id, const std::stop_token& stop);
    void inspect(const ContainerId& id, const std::stop_token& stop);
    void count_ooms(const std::stop_token& stop);
    void note_oom(const docker::Event& event);
    void end_round(std::optional<Fault> engine);
    [[nodiscard]] Usage usage_of(const Target& target, const Windows& windows, WallTime now) const;

    docker::Engine& engine_;
    const Clock& clock_;

    mutable std::mutex mutex_;  // guards all below
    SamplesOptions options_;
    std::map<ContainerId, Entry> entries_;
    bool ran_ = false;  // a round was completed
    std::optional<Fault> engine_fault_;
    std::optional<Fault> events_fault_;
    WallTime engine_now_;                 // the latest time seen on the engine's clock
    std::optional<WallTime> counted_to_;  // lack of memory, on the engine's clock
};

}  // namespace rm::observe
