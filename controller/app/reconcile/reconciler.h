// SPDX-License-Identifier: Apache-2.0
// The reconcile loop: finds the services, measures, decides, remembers, and publishes each round as an
// immutable Check. A check counts only once its outcome is stored: when the store is away nothing that
// depends on it moves, so a kill between two checks changes no later decision.
//
// `run` is the body of one thread; `look` and `latest` may be called from any.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "app/reconcile/schedule.h"
#include "app/reconcile/survey.h"
#include "config/live_config.h"
#include "core/clock.h"
#include "decide/check.h"
#include "decide/state.h"
#include "deploy/deployer.h"
#include "docker/engine.h"
#include "observe/metrics_source.h"
#include "store/database.h"
#include "store/decisions.h"

namespace rm::app {

using CheckPtr = std::shared_ptr<const decide::Check>;
using OnCheck = std::function<void(const CheckPtr&)>;
using OnDecisions = std::function<void(const std::vector<store::Decision>&)>;

/// What the loop works with; all of it must outlive the loop.
struct Surroundings {
    const config::LiveConfig& live;
    docker::Engine& engine;
    observe::MetricsSource& source;
    store::Database& store;
    Clock& clock;
    deploy::Deployer* deployer = nullptr;  // null: nothing is carried out, as in dry-run
};

class Reconciler {
public:
    /// Both are called in the loop's thread: `on_check` with every check that was counted or that failed,
    /// `on_decisions` before it with what was decided and stored.
    Reconciler(Surroundings surroundings, OnCheck on_check, OnDecisions on_decisions);

    /// Checks at every interval until `stop`.
    void run(const std::stop_token& stop);

    /// What a check would see and decide now; nothing is remembered.
    CheckPtr look(const std::stop_token& stop);

    /// The last check, or the look taken at the start; null before.
    [[nodiscard]] CheckPtr latest() const;

    /// Makes one check that counts, now.
    CheckPtr check(const std::stop_token& stop);

private:
    /// What is kept of a service from check to check.
    struct Known {
        decide::ServiceState state{};
        std::string outcome{};  // as last recorded
        WallTime seen_at{};
    };

    decide::Check assess(const config::Config& config, const std::stop_token& stop);
    [[nodiscard]] decide::ServiceState state_of(const ServiceName& name) const;
    [[nodiscard]] std::vector<deploy::Deployment> accept(decide::Check& check,
                                                         const std::stop_token& stop) const;
    [[nodiscard]] std::vector<store::Decision> conclude(decide::Check& check) const;
    Status remember(decide::Check& check, const config::Config& config,
                    const std::vector<deploy::Deployment>& deployments);
    Status recall();
    void publish(CheckPtr check);
    SteadyTime first_due();

    const Surroundings around_;
    const OnCheck on_check_;
    const OnDecisions on_decisions_;

    std::mutex checking_;  // one check or look at a time; guards what follows
    bool recalled_ = false;
    std::map<ServiceName, Known> known_;
    std::optional<WallTime> pruned_;
    std::int64_t failures_ = 0;  // of the source, in a row
    SteadyTime ask_again_{};     // not before
    std::int64_t number_ = 0;
    std::int64_t missed_ = 0;

    mutable std::mutex mutex_;
    CheckPtr latest_;
};

}  // namespace rm::app
