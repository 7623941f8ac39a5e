// SPDX-License-Identifier: Apache-2.0
// The simulated engine as a port: each call does its work in the world, between the faults.
#include "docker/simulated_engine.h"

#include <algorithm>
#include <chrono>
#include <tuple>
#include <utility>

#include "docker/simulation/container.h"
#include "docker/simulation/document.h"
#include "docker/simulation/signals.h"
#include "docker/simulation/world.h"

namespace rm::docker {
namespace {

constexpr std::chrono::milliseconds look_again{20};

ContainerSummary summary_of(const Container& container) {
    return {.id = container.id,
            .name = container.name,
            .image = container.image,
            .state = container.state,
            .labels = container.labels,
            .created_at = std::chrono::floor<std::chrono::seconds>(container.created_at)};
}

tl::unexpected<Error> cancelled() {
    return fail(ErrorCode::cancelled, "simulated engine: cancelled");
}

/// To be called without the lock: it may do what it likes with the engine.
std::optional<Error> fault_in(const Faults::Ask& ask, EngineCall call,
                              const std::optional<ContainerId>& about) {
    return ask ? ask(call, about ? &*about : nullptr) : std::nullopt;
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) (text += text.empty() ? "" : " ") += word;
    return text;
}

Result<ExecOutcome> execute(SimulatedContainer& container, const Exec& what) {
    if (what.argv.empty()) return fail(ErrorCode::invalid, "No exec command specified");
    if (!container.runs())
        return fail(ErrorCode::conflict, "Container {} is not running", container.shown().id.full());
    const SimulatedImage& image = container.image().behaviour;
    container.tell("exec_create: " + joined(what.argv));
    container.tell("exec_start: " + joined(what.argv));
    auto outcome = image.exec ? image.exec(container.program(), what) : ExecOutcome();
    if (image.exec_takes > what.limit)
        return fail(ErrorCode::timeout, "{} did not end within {}", joined(what.argv), rm::print(what.limit));
    container.tell("exec_die", {{"exitCode", std::to_string(outcome.exit_code)}});
    return outcome;
}

}  // namespace

SimulatedEngine::SimulatedEngine(Clock& clock, SimulatedHost host)
    : clock_(clock), world_(std::make_unique<SimulatedWorld>(clock, std::move(host))) {}

SimulatedEngine::~SimulatedEngine() = default;

template <class Work>
auto SimulatedEngine::perform(EngineCall call, const std::optional<ContainerId>& about,
                              const std::stop_token& stop, const Work& work) -> decltype(work()) {
    if (stop.stop_requested()) return cancelled();
    if (auto fault = fault_in(faults()->before, call, about)) return fail(*std::move(fault));
    auto done = [&] {
        const Lock lock(mutex_);
        auto result = work();
        publish();
        return result;
    }();
    if (auto fault = fault_in(faults()->after, call, about)) return fail(*std::move(fault));
    return done;
}

template <class Work>
auto SimulatedEngine::perform_on(EngineCall call, const ContainerId& id, const std::stop_token& stop,
                                 const Work& work) -> decltype(work(std::declval<SimulatedContainer&>())) {
    using Answer = decltype(work(std::declval<SimulatedContainer&>()));
    return perform(call, id, stop, [&]() -> Answer {
        const auto container = world_->find(id);
        if (!container) return fail(container.error());
        return work(**container);
    });
}

std::shared_ptr<const Faults> SimulatedEngine::faults() const {
    const Lock lock(mutex_);
    return faults_;
}

Status SimulatedEngine::ping(const std::stop_token& stop) {
    return perform(EngineCall::ping, {}, stop, [] { return Status(); });
}

Result<EngineVersion> SimulatedEngine::version(const std::stop_token& stop) {
    return perform(EngineCall::version, {}, stop, [this]() -> Result<EngineVersion> {
        const std::string api = print(world_->host().api);
        return EngineVersion{.version = "simulated",
                             .api = api,
                             .api_minimum = print(std::min(oldest_api, world_->host().api)),
                             .system = "linux/simulated",
                             .api_maximum = api};
    });
}

Result<EngineInfo> SimulatedEngine::info(const std::stop_token& stop) {
    return perform(EngineCall::info, {}, stop, [this]() -> Result<EngineInfo> {
        const SimulatedHost& host = world_->host();
        return EngineInfo{.id = "simulated",
                          .name = host.name,
                          .cpus = host.cpus,
                          .memory = host.memory,
                          .cgroup_version = host.cgroup_version,
                          .swap_limit = true};
    });
}

Result<std::vector<ContainerSummary>> SimulatedEngine::list(const std::stop_token& stop) {
    return perform(EngineCall::list, {}, stop, [this]() -> Result<std::vector<ContainerSummary>> {
        const auto all = world_->all();
        std::vector<ContainerSummary> list;
        list.reserve(all.size());
        for (const SimulatedContainer* container : all) list.push_back(summary_of(container->shown()));
        std::ranges::sort(list, [](const ContainerSummary& a, const ContainerSummary& b) {
            return std::tie(b.created_at, a.id) < std::tie(a.created_at, b.id);
        });
        return list;
    });
}

Result<Container> SimulatedEngine::inspect(const ContainerId& id, const std::stop_token& stop) {
    return perform_on(EngineCall::inspect, id, stop,
                      [](const SimulatedContainer& one) -> Result<Container> { return one.shown(); });
}

Result<std::string> SimulatedEngine::document(const ContainerId& id, const std::stop_token& stop) {
    return perform_on(EngineCall::document, id, stop,
                      [](const SimulatedContainer& one) -> Result<std::string> {
                          return boost::json::serialize(document_of(one));
                      });
}

Result<Stats> SimulatedEngine::stats(const ContainerId& id, const std::stop_token& stop) {
    return perform_on(EngineCall::stats, id, stop,
                      [](const SimulatedContainer& one) -> Result<Stats> { return one.stats(); });
}

Result<std::string> SimulatedEngine::image_id(const std::string& image, const std::stop_token& stop) {
    return perform(EngineCall::image_id, {}, stop, [&]() -> Result<std::string> {
        const ImagePtr found = world_->images().find(image);
        if (!found) return fail(ErrorCode::not_found, "No such image: {}", image);
        return found->id;
    });
}

Result<std::vector<FileChange>> SimulatedEngine::changes(const ContainerId& id, const std::stop_token& stop) {
    return perform_on(
        EngineCall::changes, id, stop,
        [](const SimulatedContainer& one) -> Result<std::vector<FileChange>> { return one.changes(); });
}

Result<std::string> SimulatedEngine::log_tail(const ContainerId& id, int lines, const std::stop_token& stop) {
    return perform_on(
        EngineCall::log_tail, id, stop,
        [lines](const SimulatedContainer& one) -> Result<std::string> { return one.log_tail(lines); });
}

Result<std::string> SimulatedEngine::get_archive(const ContainerId& id, const std::string& path,
                                                 const std::stop_token& stop) {
    return perform_on(EngineCall::get_archive, id, stop, [&](SimulatedContainer& one) -> Result<std::string> {
        auto packed = one.files().pack(path);
        if (packed) one.tell("archive-path");
        return packed;
    });
}

Result<ContainerId> SimulatedEngine::create(const std::string& name, const std::string& body,
                                            const std::stop_token& stop) {
    std::optional<ContainerId> made;
    return perform(EngineCall::create, made, stop, [&] {
        auto id = world_->create(name, body);
        if (id) made = *id;
        return id;
    });
}

Status SimulatedEngine::connect(const std::string& network, const ContainerId& id,
                                const std::string& endpoint, const std::stop_token& stop) {
    return perform_on(EngineCall::connect, id, stop,
                      [&](SimulatedContainer& one) { return world_->connect(one, network, endpoint); });
}

Status SimulatedEngine::start(const ContainerId& id, const std::stop_token& stop) {
    return perform_on(EngineCall::start, id, stop,
                      [&](SimulatedContainer& one) { return world_->start(one); });
}

Status SimulatedEngine::signal(const ContainerId& id, const std::string& signal,
                               const std::stop_token& stop) {
    return perform_on(EngineCall::signal, id, stop, [&](SimulatedContainer& one) -> Status {
        const auto number = signal_number(signal);
        if (!number) return fail(ErrorCode::invalid, "Invalid signal: {}", signal);
        auto sent = one.signal(*number);
        world_->settle(one);
        return sent;
    });
}

Status SimulatedEngine::rename(const ContainerId& id, const std::string& name, const std::stop_token& stop) {
    return perform_on(EngineCall::rename, id, stop,
                      [&](SimulatedContainer& one) { return world_->rename(one, name); });
}

Status SimulatedEngine::remove(const ContainerId& id, Removal how, const std::stop_token& stop) {
    return perform(EngineCall::remove, id, stop, [&]() -> Status {
        const auto container = world_->find(id);
        return container ? world_->remove(**container, how) : Status();
    });
}

Status SimulatedEngine::update(const ContainerId& id, const Update& update, const std::stop_token& stop) {
    return perform_on(EngineCall::update, id, stop,
                      [&](SimulatedContainer& one) { return world_->update(one, update); });
}

Status SimulatedEngine::put_archive(const ContainerId& id, const std::string& folder, const std::string& tar,
                                    const std::stop_token& stop) {
    return perform_on(EngineCall::put_archive, id, stop, [&](SimulatedContainer& one) {
        auto unpacked = one.files().unpack(folder, tar);
        if (unpacked) one.tell("extract-to-dir");
        return unpacked;
    });
}

Result<ExecOutcome> SimulatedEngine::exec(const ContainerId& id, const Exec& what,
                                          const std::stop_token& stop) {
    return perform_on(EngineCall::exec, id, stop,
                      [&](SimulatedContainer& one) { return execute(one, what); });
}

Status SimulatedEngine::events(const EventsWanted& wanted, const OnEvent& on_event,
                               const std::stop_token& stop) {
    if (wanted.since && wanted.until && *wanted.since > *wanted.until)
        return fail(ErrorCode::invalid, "simulated engine: since can't be after until");
    if (stop.stop_requested()) return cancelled();
    if (auto fault = fault_in(faults()->before, EngineCall::events, {})) return fail(*std::move(fault));
    Lock lock(mutex_);
    publish_all();
    const std::uint64_t ended = ended_streams_;
    std::uint64_t next = wanted.since || wanted.until ? 0 : log_.next();
    for (;;) {
        publish_all();
        const WallTime now = clock_.now().wall;
        const auto news = log_.from(next, wanted);
        next = log_.next();
        if (!tell(lock, news, on_event)) return {};
        if ((wanted.until && now >= *wanted.until) || ended != ended_streams_) return {};
        changed_.wait_for(lock, stop, look_again, [&] {
            return world_->events() > 0 || log_.next() != next || ended != ended_streams_;
        });
        if (stop.stop_requested()) return cancelled();
    }
}

/// False when `on_event` has had enough. It may do what it likes, so the lock is open meanwhile.
bool SimulatedEngine::tell(Lock& lock, const std::vector<Event>& events, const OnEvent& on_event) {
    lock.unlock();
    const bool more = std::ranges::all_of(events, on_event);
    lock.lock();
    return more;
}

/// Events of one container wait for those of the others, but not for ever where nobody asks.
void SimulatedEngine::publish() {
    if (world_->events() >= SimulatedEvents::most_kept)
        publish_all();
    else if (world_->events() > 0)
        changed_.notify_all();
}

/// Events of several containers get their order here.
void SimulatedEngine::publish_all() {
    (void)world_->all();
    if (world_->events() == 0) return;
    log_.add(world_->take_events());
    changed_.notify_all();
}

}  // namespace rm::docker
