// SPDX-License-Identifier: Apache-2.0
// Whether the daemon forgets the containers that are gone: replaces a million of them under a running
// reconcile loop and watches the memory of the process. Ends with 1 when it grew.
//   build/bench/tests/bench/rm_replacements_bench [REPLACEMENTS]
// Everything that sees a container's id or name takes part: the simulated engine and its events, the survey,
// the sampler and its export, the verdicts, the remembered states, the store (a file of SQLite) and the
// metrics. Some containers run out of memory, and some come back as another service.
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <malloc.h>
#include <unistd.h>

#include "app/reconcile/check_metrics.h"
#include "app/reconcile/reconciler.h"
#include "docker/simulated_engine.h"
#include "observe/docker_source.h"
#include "observe/exposition.h"
#include "telemetry/metrics.h"

namespace {

using namespace std::chrono_literals;
using namespace rm;

constexpr unsigned services = 200;
constexpr unsigned replaced_per_check = 50;  // each container lives for four checks
constexpr unsigned renamed_every = 100;      // replacements
constexpr unsigned oom_every = 10;
constexpr int lines = 20;
constexpr double most_growth = 0.05;

/// The daemon's settings, at a pace that fills every window and passes the retention soon.
config::Config configuration() {
    return config::load({.file = std::nullopt,
                         .environment = {},
                         .overrides = {"monitoring.source=docker", "monitoring.check_interval=1m",
                                       "monitoring.window=1m", "monitoring.trend_window=2m",
                                       "thresholds.min_uptime=1m", "adjustment.cooldown_period=2m",
                                       "store.retention=1h"}})
        .value();
}

double resident_mebi() {
    std::ifstream statm("/proc/self/statm");
    std::int64_t size = 0;
    std::int64_t resident = 0;
    statm >> size >> resident;
    return static_cast<double>(resident * ::sysconf(_SC_PAGESIZE)) / (1 << 20);
}

double heap_mebi() {
    const auto heap = ::mallinfo2();
    return static_cast<double>(heap.uordblks + heap.hblkhd) / (1 << 20);
}

/// Services whose containers are replaced one after the other, for ever.
class Host {
public:
    explicit Host(docker::SimulatedEngine& engine) : engine_(engine), running_(services) {
        for (unsigned slot = 0; slot < services; ++slot) create(slot);
    }

    void replace_some() {
        for (unsigned i = 0; i < replaced_per_check; ++i) {
            const auto slot = static_cast<unsigned>(replaced_ % services);
            if (replaced_ % oom_every == 0) (void)engine_.run_out_of_memory(running_[slot].value());
            (void)engine_.wipe(running_[slot].value());
            create(slot);
            ++replaced_;
        }
    }

    [[nodiscard]] std::int64_t replaced() const { return replaced_; }

private:
    void create(unsigned slot) {
        const bool renamed = replaced_ % renamed_every == renamed_every - 1;
        const std::string service =
            renamed ? fmt::format("job-{}", replaced_) : fmt::format("service-{}", slot);
        running_[slot] = engine_
                             .run({.name = fmt::format("bench-{}-1", service),
                                   .image = fmt::format("bench/slot-{}:1", slot),
                                   .program = {.load = load(slot)},
                                   .labels = {{"com.docker.compose.project", "bench"},
                                              {"com.docker.compose.service", service},
                                              {"com.docker.compose.container-number", "1"},
                                              {"com.docker.compose.oneoff", "False"}},
                                   .limits = {.cpu = Cores::whole(1), .memory = Bytes::mebi(256)}})
                             .value();
    }

    /// Some of each: too much, too little, in between.
    static docker::Load load(unsigned slot) {
        const auto cpu = Cores::from_nanos(std::int64_t{100'000'000} * (slot % 12));
        const auto memory = Bytes::mebi(20 * (slot % 13));
        return [cpu, memory](WallTime, Duration) {
            return docker::Demand{.cpu = cpu, .memory = memory, .file_cache = Bytes::mebi(10)};
        };
    }

    docker::SimulatedEngine& engine_;
    std::vector<std::optional<ContainerId>> running_;
    std::int64_t replaced_ = 0;
};

/// The daemon's parts that live from check to check.
class Watcher {
public:
    Watcher(docker::SimulatedEngine& engine, VirtualClock& clock, const std::filesystem::path& folder)
        : clock_(clock),
          live_({}, configuration(), {}),
          samples_(engine, clock, options()),
          source_(samples_),
          store_(store::Database::open({.url = "sqlite:" + (folder / "store.db").string(), .password = {}},
                                       clock)
                     .value()),
          check_metrics_(std::make_shared<app::CheckMetrics>(metrics_.registry())),
          loop_(
              {.live = live_, .engine = engine, .source = source_, .store = *store_, .clock = clock},
              [this](const app::CheckPtr& check) { seen(check); },
              [this](const auto& decisions) { decisions_ += std::ssize(decisions); }) {
        metrics_.add(check_metrics_);
    }

    /// Lets an interval pass, sampled as in the daemon, and checks; what is exported is asked for too.
    void check() {
        for (int i = 0; i < 4; ++i) {
            clock_.advance(15s);
            samples_.take({});
        }
        (void)loop_.check({});
        exported_ = metrics_.expose().size() + observe::exposition(samples_.latest()).size();
    }

    [[nodiscard]] std::int64_t decisions() const { return decisions_; }
    [[nodiscard]] std::int64_t proposals() const { return proposals_; }
    [[nodiscard]] std::int64_t failed() const { return failed_; }
    [[nodiscard]] std::size_t exported() const { return exported_; }

private:
    static observe::SamplesOptions options() {
        auto options = observe::samples_options(configuration()->monitoring);
        options.inspect = true;
        return options;
    }

    void seen(const app::CheckPtr& check) {
        check_metrics_->checked(check);
        if (!check->problem.empty()) ++failed_;
        for (const decide::Assessment& service : check->services)
            if (service.verdict.proposal) ++proposals_;
    }

    VirtualClock& clock_;
    config::LiveConfig live_;
    observe::Samples samples_;
    observe::DockerSource source_;
    std::unique_ptr<store::Database> store_;
    telemetry::Metrics metrics_;
    std::shared_ptr<app::CheckMetrics> check_metrics_;
    std::int64_t decisions_ = 0;
    std::int64_t proposals_ = 0;
    std::int64_t failed_ = 0;
    std::size_t exported_ = 0;
    app::Reconciler loop_;
};

/// By how much the memory grew from a fifth of the way on, by when everything that has a bound has reached
/// it.
double run(std::int64_t wanted, const std::filesystem::path& folder) {
    VirtualClock clock;
    docker::SimulatedEngine engine(
        clock, {.cpus = Cores::whole(64), .memory = Bytes::mebi(std::int64_t{512} << 10)});
    Host host(engine);
    Watcher watcher(engine, clock, folder);
    fmt::print("{:>12}  {:>10}  {:>10}  {:>10}  {:>10}  {:>9}\n", "replacements", "RSS MiB", "heap MiB",
               "decisions", "proposals", "metrics B");
    double settled = 0;
    double resident = 0;
    for (int line = 1; line <= lines; ++line) {
        while (host.replaced() < wanted * line / lines) {
            host.replace_some();
            watcher.check();
        }
        resident = resident_mebi();
        if (line == lines / 5) settled = resident;
        fmt::print("{:12}  {:10.2f}  {:10.2f}  {:10}  {:10}  {:9}\n", host.replaced(), resident, heap_mebi(),
                   watcher.decisions(), watcher.proposals(), watcher.exported());
        std::fflush(stdout);
    }
    if (watcher.failed() > 0 || watcher.proposals() == 0) {
        fmt::print("{} checks failed, {} proposals: this measured nothing\n", watcher.failed(),
                   watcher.proposals());
        return 1;
    }
    return resident / settled - 1;
}

}  // namespace

int main(int argc, char** argv) {
    const std::int64_t wanted = argc > 1 ? std::atoll(argv[1]) : 1'000'000;
    const std::filesystem::path folder = "replacements_bench.tmp";
    std::filesystem::remove_all(folder);
    const double growth = run(wanted, folder);
    std::filesystem::remove_all(folder);
    fmt::print("grown by {:.1f}% since the first fifth (limit {:.0f}%) {}\n", growth * 100, most_growth * 100,
               growth <= most_growth ? "ok" : "GREW");
    return growth <= most_growth ? 0 : 1;
}
