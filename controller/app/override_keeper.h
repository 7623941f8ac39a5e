// SPDX-License-Identifier: Apache-2.0
// OverrideKeeper: has the override file for Compose brought up to date whenever limits may have changed: when
// this process becomes the one that deploys, after each deployment, and with each check. In a thread of its
// own, so that a slow disk or engine holds up neither. Any thread may call it.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

#include <prometheus/registry.h>

#include "app/override_file.h"
#include "config/live_config.h"
#include "core/clock.h"
#include "core/result.h"
#include "decide/check.h"
#include "docker/engine.h"
#include "serve/health.h"

namespace rm::app {

class OverrideKeeper {
public:
    struct With {
        const config::LiveConfig& live;
        docker::Engine& engine;
        const Clock& clock;  // the time that containers live in
        serve::HealthBoard& health;
        prometheus::Registry& registry;
    };

    /// All of it must outlive it.
    explicit OverrideKeeper(const With& with);

    /// Whether this process is the one that deploys. Who stands by writes nothing.
    void stands(bool at_work);
    void deployment_ended();
    void checked(std::shared_ptr<const decide::Check> check);

private:
    void run(const std::stop_token& stop);
    void update(const std::shared_ptr<const decide::Check>& check, const std::stop_token& stop);

    const With with_;
    OverrideFile file_;

    std::mutex mutex_;  // guards what follows
    std::condition_variable_any news_;
    bool at_work_ = false;
    bool look_ = false;                           // what a check saw is too old
    std::optional<WallTime> ended_;               // when a deployment last did
    std::shared_ptr<const decide::Check> check_;  // one that was not written yet
    std::jthread thread_;                         // last: it uses the others
};

/// The services with the limits that they have now, and nothing else.
Result<decide::Check> limits_now(docker::Engine& engine, const config::Config& config, WallTime now,
                                 const std::stop_token& stop);

}  // namespace rm::app
