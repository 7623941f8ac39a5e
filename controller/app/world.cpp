// SPDX-License-Identifier: Apache-2.0
#include "app/world.h"

#include <utility>

#include "core/scaled_clock.h"
#include "docker/fleet.h"
#include "docker/http_engine.h"
#include "observe/docker_source.h"
#include "observe/exposition.h"
#include "observe/prometheus_source.h"

namespace rm::app {

Result<std::unique_ptr<World>> World::make(const config::Config& config, Clock& clock, double speed) {
    std::unique_ptr<World> world(new World(clock));
    if (auto status = world->furnish(config, speed); !status) return fail(status.error());
    return world;
}

Status World::furnish(const config::Config& config, double speed) {
    const config::Monitoring& monitoring = config->monitoring;
    if (monitoring.source == config::MetricsSource::simulation) {
        own_clock_ = std::make_unique<ScaledClock>(speed);
        clock_ = own_clock_.get();
        engine_ = docker::engine_with_fleet(*clock_);
    } else {
        auto engine = docker::HttpEngine::make(config->docker);
        if (!engine) return fail(engine.error());
        engine_ = *std::move(engine);
    }
    if (monitoring.source != config::MetricsSource::prometheus || monitoring.export_containers) {
        samples_ =
            std::make_unique<observe::Samples>(*engine_, *clock_, observe::samples_options(monitoring));
        sampler_ = std::make_unique<observe::Sampler>(*samples_, *clock_);
    }
    if (monitoring.source == config::MetricsSource::prometheus) {
        auto source = observe::prometheus_source(config.settings(), *clock_);
        if (!source) return fail(source.error());
        source_ = *std::move(source);
    } else {
        source_ = std::make_unique<observe::DockerSource>(*samples_);
    }
    return {};
}

std::string World::container_metrics() const {
    return samples_ ? observe::exposition(samples_->latest()) : std::string();
}

}  // namespace rm::app
