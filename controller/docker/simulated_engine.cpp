// SPDX-License-Identifier: Apache-2.0
#include "docker/simulated_engine.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <tuple>
#include <utility>

#include "core/text.h"
#include "docker/api_version.h"
#include "docker/read.h"

namespace rm::docker {
namespace {

constexpr std::chrono::milliseconds look_again{20};
constexpr Bytes least_memory = Bytes::mebi(6);

/// Well mixed, and the same in every run.
std::uint64_t mixed(std::uint64_t value) {
    value += 0x9e3779b97f4a7c15U;
    value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9U;
    value = (value ^ (value >> 27U)) * 0x94d049bb133111ebU;
    return value ^ (value >> 31U);
}

ContainerId id_of(std::uint64_t number) {
    const std::uint64_t first = 4 * number;
    return ContainerId::parse(fmt::format("{:016x}{:016x}{:016x}{:016x}", mixed(first), mixed(first + 1),
                                          mixed(first + 2), mixed(first + 3)))
        .value();
}

ContainerSummary summary_of(const Container& container) {
    return {.id = container.id,
            .name = container.name,
            .image = container.image,
            .state = container.state,
            .labels = container.labels,
            .created_at = std::chrono::floor<std::chrono::seconds>(container.created_at)};
}

}  // namespace

SimulatedEngine::SimulatedEngine(Clock& clock, SimulatedHost host) : clock_(clock), host_(std::move(host)) {}

Status SimulatedEngine::enter(EngineCall call, const ContainerId* container,
                              const std::stop_token& stop) const {
    if (stop.stop_requested()) return fail(ErrorCode::cancelled, "simulated engine: cancelled");
    if (!faults_) return {};
    auto fault = faults_(call, container);
    if (fault) return fail(*std::move(fault));
    return {};
}

Status SimulatedEngine::ping(const std::stop_token& stop) {
    const Lock lock(mutex_);
    return enter(EngineCall::ping, nullptr, stop);
}

Result<EngineVersion> SimulatedEngine::version(const std::stop_token& stop) {
    const Lock lock(mutex_);
    if (const auto entered = enter(EngineCall::version, nullptr, stop); !entered)
        return fail(entered.error());
    return EngineVersion{.version = "simulated",
                         .api = print(newest_api),
                         .api_minimum = print(oldest_api),
                         .system = "linux/simulated",
                         .api_maximum = print(newest_api)};
}

Result<EngineInfo> SimulatedEngine::info(const std::stop_token& stop) {
    const Lock lock(mutex_);
    if (const auto entered = enter(EngineCall::info, nullptr, stop); !entered) return fail(entered.error());
    return EngineInfo{.id = "simulated",
                      .name = host_.name,
                      .cpus = host_.cpus,
                      .memory = host_.memory,
                      .cgroup_version = host_.cgroup_version,
                      .swap_limit = true};
}

Result<std::vector<ContainerSummary>> SimulatedEngine::list(const std::stop_token& stop) {
    const Lock lock(mutex_);
    if (const auto entered = enter(EngineCall::list, nullptr, stop); !entered) return fail(entered.error());
    settle_all();
    std::vector<ContainerSummary> list;
    list.reserve(containers_.size());
    for (const auto& [id, container] : containers_) list.push_back(summary_of(container.shown()));
    std::ranges::sort(list, [](const ContainerSummary& a, const ContainerSummary& b) {
        return std::tie(b.created_at, a.id) < std::tie(a.created_at, b.id);
    });
    return list;
}

Result<Container> SimulatedEngine::inspect(const ContainerId& id, const std::stop_token& stop) {
    const Lock lock(mutex_);
    if (const auto entered = enter(EngineCall::inspect, &id, stop); !entered) return fail(entered.error());
    const auto container = find(id);
    if (!container) return fail(container.error());
    settle(**container);
    return (*container)->shown();
}

Result<Stats> SimulatedEngine::stats(const ContainerId& id, const std::stop_token& stop) {
    const Lock lock(mutex_);
    if (const auto entered = enter(EngineCall::stats, &id, stop); !entered) return fail(entered.error());
    const auto container = find(id);
    if (!container) return fail(container.error());
    settle(**container);
    return (*container)->stats();
}

Status SimulatedEngine::events(const EventsWanted& wanted, const OnEvent& on_event,
                               const std::stop_token& stop) {
    if (wanted.since && wanted.until && *wanted.since > *wanted.until)
        return fail(ErrorCode::invalid, "simulated engine: since can't be after until");
    Lock lock(mutex_);
    if (const auto entered = enter(EngineCall::events, nullptr, stop); !entered) return entered;
    settle_all();
    const std::uint64_t ended = ended_streams_;
    std::uint64_t next = wanted.since || wanted.until ? 0 : log_.next();
    for (;;) {
        settle_all();
        const WallTime now = clock_.now().wall;
        const auto news = log_.from(next, wanted);
        next = log_.next();
        if (!tell(lock, news, on_event)) return {};
        if ((wanted.until && now >= *wanted.until) || ended != ended_streams_) return {};
        changed_.wait_for(lock, stop, look_again,
                          [&] { return !untold_.empty() || log_.next() != next || ended != ended_streams_; });
        if (stop.stop_requested()) return fail(ErrorCode::cancelled, "simulated engine: cancelled");
    }
}

/// False when `on_event` has had enough. It may do what it likes, so the lock is open meanwhile.
bool SimulatedEngine::tell(Lock& lock, const std::vector<Event>& events, const OnEvent& on_event) {
    lock.unlock();
    const bool more = std::ranges::all_of(events, on_event);
    lock.lock();
    return more;
}

Result<ContainerId> SimulatedEngine::create(SimulatedSpec spec) {
    const Lock lock(mutex_);
    if (!is_container_name(spec.name))
        return fail(ErrorCode::invalid, "{} is not a container's name", quoted(spec.name));
    if (names_.contains(spec.name))
        return fail(ErrorCode::conflict, "the name {} is already in use", quoted(spec.name));
    ContainerId id = id_of(created_++);
    names_.emplace(spec.name, id);
    const auto made =
        containers_.emplace(id, SimulatedContainer(id, std::move(spec), host_.memory, clock_.now())).first;
    settle(made->second);
    return id;
}

Status SimulatedEngine::act(const ContainerId& id, const Act& what) {
    const Lock lock(mutex_);
    const auto container = find(id);
    if (!container) return fail(container.error());
    settle(**container);
    what(**container);
    settle(**container);
    return {};
}

Status SimulatedEngine::start(const ContainerId& id) {
    return act(id, &SimulatedContainer::start);
}

Status SimulatedEngine::stop(const ContainerId& id) {
    return act(id, &SimulatedContainer::stop);
}

Status SimulatedEngine::kill(const ContainerId& id) {
    return act(id, &SimulatedContainer::kill);
}

Status SimulatedEngine::crash(const ContainerId& id, int exit_code) {
    return act(id, [exit_code](SimulatedContainer& container) { container.crash(exit_code); });
}

Status SimulatedEngine::run_out_of_memory(const ContainerId& id) {
    return act(id, &SimulatedContainer::run_out_of_memory);
}

Status SimulatedEngine::set_health(const ContainerId& id, HealthState health) {
    return act(id, [health](SimulatedContainer& container) { container.turn(health); });
}

Status SimulatedEngine::set_load(const ContainerId& id, Load load) {
    return act(id, [&load](SimulatedContainer& container) { container.use(std::move(load)); });
}

Status SimulatedEngine::remove(const ContainerId& id) {
    const Lock lock(mutex_);
    const auto container = find(id);
    if (!container) return fail(container.error());
    settle(**container);
    (*container)->destroy();
    settle(**container);
    names_.erase((*container)->shown().name);
    containers_.erase(id);
    return {};
}

Status SimulatedEngine::update(const ContainerId& id, const Limits& limits) {
    const Lock lock(mutex_);
    const auto container = find(id);
    if (!container) return fail(container.error());
    settle(**container);
    if (limits.cpu && (*limits.cpu > host_.cpus || *limits.cpu <= Cores()))
        return fail(ErrorCode::invalid, "{} CPU: the host has {}", print(*limits.cpu), print(host_.cpus));
    if (limits.memory && *limits.memory < least_memory)
        return fail(ErrorCode::invalid, "{} of memory: at least {} are needed", print(*limits.memory),
                    print(least_memory));
    if (host_.cgroup_version == 1 && limits.memory && *limits.memory < (*container)->memory_in_use())
        return fail(ErrorCode::unavailable, "{} of memory: {} are in use", print(*limits.memory),
                    print((*container)->memory_in_use()));
    (*container)->change(limits);
    settle(**container);
    return {};
}

void SimulatedEngine::set_faults(Faults faults) {
    const Lock lock(mutex_);
    faults_ = std::move(faults);
}

void SimulatedEngine::end_streams() {
    const Lock lock(mutex_);
    ++ended_streams_;
    changed_.notify_all();
}

Result<SimulatedContainer*> SimulatedEngine::find(const ContainerId& id) {
    const auto found = containers_.find(id);
    if (found == containers_.end())
        return fail(ErrorCode::not_found, "simulated engine: no such container: {}", id.full());
    return &found->second;
}

/// Its events wait for those of the others, but not for ever where nobody asks.
void SimulatedEngine::settle(SimulatedContainer& container) {
    take_events(container);
    if (untold_.size() >= SimulatedEvents::most_kept)
        settle_all();
    else if (!untold_.empty())
        changed_.notify_all();
}

/// Events of several containers get their order here.
void SimulatedEngine::settle_all() {
    for (auto& [id, container] : containers_) take_events(container);
    if (untold_.empty()) return;
    log_.add(std::exchange(untold_, {}));
    changed_.notify_all();
}

void SimulatedEngine::take_events(SimulatedContainer& container) {
    container.advance(clock_.now());
    std::ranges::move(container.take_events(), std::back_inserter(untold_));
}

}  // namespace rm::docker
