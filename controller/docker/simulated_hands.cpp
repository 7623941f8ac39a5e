// SPDX-License-Identifier: Apache-2.0
// What people, programs and the kernel do on the simulated host, past the engine's port.
#include <utility>

#include "docker/simulated_engine.h"
#include "docker/simulation/container.h"
#include "docker/simulation/world.h"

namespace rm::docker {

template <class Work>
Status SimulatedEngine::act(const ContainerId& id, const Work& work) {
    const Lock lock(mutex_);
    const auto container = world_->find(id);
    if (!container) return fail(container.error());
    work(**container);
    world_->settle(**container);
    publish();
    return {};
}

Status SimulatedEngine::add_image(std::string_view name, SimulatedImage image) {
    const Lock lock(mutex_);
    return world_->images().add(name, std::move(image));
}

Status SimulatedEngine::add_network(const std::string& name) {
    const Lock lock(mutex_);
    return world_->networks().add(name);
}

Result<ContainerId> SimulatedEngine::run(SimulatedSpec spec) {
    const Lock lock(mutex_);
    const std::string image = image_of(spec);
    if (!world_->images().find(image))
        if (auto added = world_->images().add(image, std::move(spec.program)); !added)
            return fail(added.error());
    auto id = world_->create(spec.name, body_of(spec));
    if (!id) return id;
    const auto container = world_->find(*id);
    if (!container) return fail(container.error());
    if (auto started = world_->start(**container); !started) return fail(started.error());
    publish();
    return id;
}

Status SimulatedEngine::stop(const ContainerId& id) {
    return act(id, [](SimulatedContainer& container) { container.stop(); });
}

Status SimulatedEngine::kill(const ContainerId& id) {
    return act(id, [](SimulatedContainer& container) { container.kill(); });
}

Status SimulatedEngine::wipe(const ContainerId& id) {
    const Lock lock(mutex_);
    const auto container = world_->find(id);
    if (!container) return fail(container.error());
    auto removed = world_->remove(**container, Removal::forced);
    publish();
    return removed;
}

Status SimulatedEngine::crash(const ContainerId& id, int exit_code) {
    return act(id, [exit_code](SimulatedContainer& container) { container.crash(exit_code); });
}

Status SimulatedEngine::run_out_of_memory(const ContainerId& id) {
    return act(id, [](SimulatedContainer& container) { container.run_out_of_memory(); });
}

Status SimulatedEngine::set_health(const ContainerId& id, HealthState health) {
    return act(id, [health](SimulatedContainer& container) { container.turn(health); });
}

Status SimulatedEngine::set_load(const ContainerId& id, Load load) {
    return act(id, [&load](SimulatedContainer& container) { container.use(std::move(load)); });
}

Status SimulatedEngine::write_file(const ContainerId& id, const std::string& path, std::string content) {
    return act(id, [&](SimulatedContainer& container) { container.files().write(path, std::move(content)); });
}

void SimulatedEngine::set_faults(Faults::Ask before, Faults::Ask after) {
    auto faults =
        std::make_shared<const Faults>(Faults{.before = std::move(before), .after = std::move(after)});
    const Lock lock(mutex_);
    faults_ = std::move(faults);
}

void SimulatedEngine::end_streams() {
    const Lock lock(mutex_);
    ++ended_streams_;
    changed_.notify_all();
}

void SimulatedEngine::restart_daemon() {
    const Lock lock(mutex_);
    world_->restart();
    publish();
    ++ended_streams_;
    changed_.notify_all();
}

}  // namespace rm::docker
