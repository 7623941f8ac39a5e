// SPDX-License-Identifier: Apache-2.0
// What the tests of the sources share: containers by number, and a fake engine.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "docker/engine.h"
#include "observe/metrics_source.h"

namespace rm::observe::test {

inline ContainerId id(unsigned number) {
    return ContainerId::parse(fmt::format("{:064x}", number)).value();
}

/// An engine that shows what stands in its members.
class FakeEngine final : public docker::Engine {
public:
    struct Fake {
        docker::ContainerSummary summary;
        docker::Stats stats;
        Limits limits = {};
        std::optional<WallTime> started_at = {};
    };
    std::map<ContainerId, Fake> containers;
    std::vector<docker::Event> told;
    std::optional<Error> list_fails;
    std::optional<Error> stats_fail;
    std::optional<Error> events_fail;
    std::vector<docker::EventsWanted> events_wanted;
    std::function<void()> on_list = [] {};
    std::function<void()> on_stats = [] {};
    std::atomic<int> stats_calls = 0;
    std::atomic<int> inspect_calls = 0;

    Fake& add(unsigned number, std::string name) {
        docker::ContainerSummary summary{.id = id(number),
                                         .name = std::move(name),
                                         .image = "app:1",
                                         .state = docker::ContainerState::running,
                                         .labels = {},
                                         .created_at = {}};
        return containers.emplace(id(number), Fake{.summary = std::move(summary), .stats = {}}).first->second;
    }

    Status ping(const std::stop_token&) override { return {}; }
    Result<docker::EngineVersion> version(const std::stop_token&) override { return docker::EngineVersion{}; }
    Result<docker::EngineInfo> info(const std::stop_token&) override { return docker::EngineInfo{}; }
    Result<std::vector<docker::ContainerSummary>> list(const std::stop_token&) override {
        on_list();
        if (list_fails) return fail(*list_fails);
        std::vector<docker::ContainerSummary> listed;
        listed.reserve(containers.size());
        for (const auto& [id, fake] : containers) listed.push_back(fake.summary);
        return listed;
    }
    Result<docker::Container> inspect(const ContainerId& id, const std::stop_token&) override {
        ++inspect_calls;
        const Fake& fake = containers.at(id);
        return docker::Container{.id = id,
                                 .name = fake.summary.name,
                                 .image = fake.summary.image,
                                 .labels = {},
                                 .limits = fake.limits,
                                 .created_at = {},
                                 .started_at = fake.started_at,
                                 .finished_at = {}};
    }
    Result<docker::Stats> stats(const ContainerId& id, const std::stop_token&) override {
        ++stats_calls;
        on_stats();
        if (stats_fail) return fail(*stats_fail);
        return containers.at(id).stats;
    }
    Status events(const docker::EventsWanted& wanted, const OnEvent& on_event,
                  const std::stop_token&) override {
        events_wanted.push_back(wanted);
        if (events_fail) return fail(*events_fail);
        for (const docker::Event& event : told)
            if (event.at >= wanted.since.value() && event.at <= wanted.until.value() && !on_event(event))
                break;
        return {};
    }
};

}  // namespace rm::observe::test
