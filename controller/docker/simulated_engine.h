// SPDX-License-Identifier: Apache-2.0
// SimulatedEngine: a Docker Engine in memory, on a clock that may run as fast as it likes. Its containers use
// CPU and memory as their images' loads say, are throttled at their limits, are killed when they need more
// memory than they may have and come back by their restart policy; it tells the same events as the real
// engine (but for those of the probes) and forgets all but the last 256. Same port, same errors, same
// contract test. Its parts are in docker/simulation/.
//
// Any number of threads may call it. Loads and probes are called with a lock held: they must not call back;
// faults may. The clock must outlive it. Whoever follows events looks at the clock some fifty times a second.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/clock.h"
#include "docker/engine.h"
#include "docker/simulation/events.h"
#include "docker/simulation/faults.h"
#include "docker/simulation/host.h"
#include "docker/simulation/image.h"
#include "docker/simulation/spec.h"

namespace rm::docker {

class SimulatedContainer;
class SimulatedWorld;

class SimulatedEngine final : public Engine {
public:
    explicit SimulatedEngine(Clock& clock, SimulatedHost host = {});
    SimulatedEngine(const SimulatedEngine&) = delete;
    SimulatedEngine& operator=(const SimulatedEngine&) = delete;
    SimulatedEngine(SimulatedEngine&&) = delete;
    SimulatedEngine& operator=(SimulatedEngine&&) = delete;
    ~SimulatedEngine() override;

    Status ping(const std::stop_token& stop) override;
    Result<EngineVersion> version(const std::stop_token& stop) override;
    Result<EngineInfo> info(const std::stop_token& stop) override;
    Result<std::vector<ContainerSummary>> list(const std::stop_token& stop) override;
    Result<Container> inspect(const ContainerId& id, const std::stop_token& stop) override;
    Result<std::string> document(const ContainerId& id, const std::stop_token& stop) override;
    Result<Stats> stats(const ContainerId& id, const std::stop_token& stop) override;
    Status events(const EventsWanted& wanted, const OnEvent& on_event, const std::stop_token& stop) override;
    Result<std::string> image_id(const std::string& image, const std::stop_token& stop) override;
    Result<std::vector<FileChange>> changes(const ContainerId& id, const std::stop_token& stop) override;
    Result<std::string> log_tail(const ContainerId& id, int lines, const std::stop_token& stop) override;
    Result<std::string> get_archive(const ContainerId& id, const std::string& path,
                                    const std::stop_token& stop) override;

    Result<ContainerId> create(const std::string& name, const std::string& body,
                               const std::stop_token& stop) override;
    Status connect(const std::string& network, const ContainerId& id, const std::string& endpoint,
                   const std::stop_token& stop) override;
    Status start(const ContainerId& id, const std::stop_token& stop) override;
    Status signal(const ContainerId& id, const std::string& signal, const std::stop_token& stop) override;
    Status rename(const ContainerId& id, const std::string& name, const std::stop_token& stop) override;
    Status remove(const ContainerId& id, Removal how, const std::stop_token& stop) override;
    Status update(const ContainerId& id, const Update& update, const std::stop_token& stop) override;
    Status put_archive(const ContainerId& id, const std::string& folder, const std::string& tar,
                       const std::stop_token& stop) override;
    Result<ExecOutcome> exec(const ContainerId& id, const Exec& what, const std::stop_token& stop) override;

    // What happens on the host, whatever faults say. `not_found` where there is no such container.

    /// From now on `name` is this image. `invalid` when its Config is no JSON.
    Status add_image(std::string_view name, SimulatedImage image);
    Status add_network(const std::string& name);
    /// A new container that runs. The errors of `create` and `start`.
    Result<ContainerId> run(SimulatedSpec spec);
    /// As `docker stop`, by people, and at once.
    Status stop(const ContainerId& id);
    Status kill(const ContainerId& id);
    /// As `docker rm --force`.
    Status wipe(const ContainerId& id);
    /// By itself; the restart policy says what then.
    Status crash(const ContainerId& id, int exit_code);
    Status run_out_of_memory(const ContainerId& id);
    /// Turns now and stays so; with `none` its image's probe decides again.
    Status set_health(const ContainerId& id, HealthState health);
    Status set_load(const ContainerId& id, Load load);
    /// By the program in it, or by Compose, which puts inline `configs:` there.
    Status write_file(const ContainerId& id, const std::string& path, std::string content);

    // Trouble.

    void set_faults(Faults::Ask before, Faults::Ask after = {});
    /// Ends every stream of events, as an engine that stops does.
    void end_streams();
    /// The engine stops and starts again, in no time: its containers end, and come back as their policies
    /// say.
    void restart_daemon();

private:
    using Lock = std::unique_lock<std::mutex>;

    [[nodiscard]] std::shared_ptr<const Faults> faults() const;
    void publish();
    void publish_all();
    bool tell(Lock& lock, const std::vector<Event>& events, const OnEvent& on_event);

    /// One call of the port: `work` between the faults, with the lock held.
    template <class Work>
    auto perform(EngineCall call, const std::optional<ContainerId>& about, const std::stop_token& stop,
                 const Work& work) -> decltype(work());
    /// The same on a container, as it is now.
    template <class Work>
    auto perform_on(EngineCall call, const ContainerId& id, const std::stop_token& stop, const Work& work)
        -> decltype(work(std::declval<SimulatedContainer&>()));
    template <class Work>
    Status act(const ContainerId& id, const Work& work);

    Clock& clock_;
    mutable std::mutex mutex_;
    std::condition_variable_any changed_;
    std::unique_ptr<SimulatedWorld> world_;
    SimulatedEvents log_;
    std::shared_ptr<const Faults> faults_ = std::make_shared<const Faults>();
    std::uint64_t ended_streams_ = 0;
};

}  // namespace rm::docker
