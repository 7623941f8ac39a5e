// SPDX-License-Identifier: Apache-2.0
// What a whole check of N containers costs, against a Prometheus that answers over HTTP: requests, CPU time
// of each of its steps, memory per container, and how all of that grows with N. Ends with 1 when a goal is
// missed.
//   build/bench/tests/bench/rm_check_bench [CONTAINERS]
// With a number it measures only so many containers and judges nothing, as for a profiler.
// Containers of a simulated engine, one service each. CPU time is that of the checking thread alone, the best
// of several rounds; the stand-in answers in threads of its own.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <malloc.h>

#include "app/reconcile/assemble.h"
#include "app/reconcile/check_metrics.h"
#include "app/reconcile/reconciler.h"
#include "app/reconcile/survey.h"
#include "docker/simulated_engine.h"
#include "telemetry/metrics.h"
#include "tests/bench/prometheus_stand_in.h"

namespace {

using namespace std::chrono_literals;
using namespace rm;

constexpr observe::Windows windows{.window = 5min, .trend = 1h, .check_interval = 5min};
constexpr decide::Rules rules{.window = 5min, .trend_window = 1h, .check_interval = 5min};
constexpr int rounds = 7;
constexpr unsigned most_containers = 10'000;

/// What the containers want, which says how far each of them goes through the gates.
struct Wishes {
    const char* name;
    bench::SteadyUse use;
    bool cooling_down;  // they were adjusted a moment ago
};

const std::vector<Wishes> all_wishes = {
    {.name = "nothing", .use = {Cores::from_nanos(500'000'000), Bytes::mebi(256)}, .cooling_down = false},
    {.name = "a change", .use = {Cores::from_nanos(950'000'000), Bytes::mebi(100)}, .cooling_down = false},
    {.name = "one, held", .use = {Cores::from_nanos(950'000'000), Bytes::mebi(100)}, .cooling_down = true}};

struct Figures {
    int requests = 0;
    double observe = 1e9;   // asking, and reading the answers; all times in milliseconds
    double assemble = 1e9;  // from there to what decide() is told
    double decide = 1e9;    // the verdicts, kept with what led to them
    double whole = 1e9;     // all of a check, with the engine's simulation, SQLite and metrics
    double kept = 0;        // bytes per container from one check to the next

    [[nodiscard]] double read_and_decide() const { return observe + assemble + decide; }
};

double thread_ms() {
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

/// Keeps the best time that `work` took in `best`.
template <class Work>
void timed(double& best, const Work& work) {
    const double before = thread_ms();
    work();
    best = std::min(best, thread_ms() - before);
}

std::size_t heap_in_use() {
    const auto heap = ::mallinfo2();
    return heap.uordblks + heap.hblkhd;
}

config::Config configuration() {
    return config::load({.file = std::nullopt,
                         .environment = {},
                         .overrides = {"monitoring.source=prometheus", "bounds.host_reserve.memory=0"}})
        .value();
}

/// A host full of containers that have run for two hours, and a Prometheus that knows them.
class Scene {
public:
    Scene(unsigned containers, const bench::SteadyUse& use)
        : engine_(clock_, {.cpus = Cores::whole(64), .memory = Bytes::mebi(std::int64_t{64} << 20)}),
          use_(use) {
        for (unsigned i = 0; i < containers; ++i) start(i);
        pass(2h);
    }

    void pass(Duration time) {
        clock_.advance(time);
        (void)engine_.list({});  // the engine's own work is not ours to measure
        peer_.answer(targets_, use_, clock_.now().wall);
    }

    VirtualClock& clock() { return clock_; }
    docker::SimulatedEngine& engine() { return engine_; }
    [[nodiscard]] const std::vector<observe::Target>& targets() const { return targets_; }
    [[nodiscard]] std::unique_ptr<observe::MetricsSource> source() const { return peer_.source(clock_); }

private:
    void start(unsigned number) {
        const std::string project = fmt::format("project{}", number / 10);
        const std::string service = fmt::format("some-service-{}", number % 10);
        const std::string name = fmt::format("{}-{}-1", project, service);
        const auto id = engine_.run({.name = name,
                                     .image = "registry.example.org/team/application:1.2.3",
                                     .labels = {{"com.docker.compose.project", project},
                                                {"com.docker.compose.service", service},
                                                {"com.docker.compose.container-number", "1"},
                                                {"com.docker.compose.oneoff", "False"}},
                                     .limits = {.cpu = Cores::whole(1), .memory = Bytes::mebi(512)}});
        targets_.push_back(
            {.id = id.value(), .name = name, .started_at = clock_.now().wall, .cpu_limited = true});
    }

    VirtualClock clock_;
    docker::SimulatedEngine engine_;
    bench::SteadyUse use_;
    bench::PrometheusStandIn peer_{windows};
    std::vector<observe::Target> targets_;
};

/// The state that makes every gate work: a wish that has lasted long enough.
decide::ServiceState state_for(const Wishes& wishes, WallTime now) {
    decide::ServiceState state{.streaks = {.cpu = 2, .memory = -2}, .last_check = now - 5min};
    if (wishes.cooling_down) {
        state.last_adjustment = now - 10min;
        state.adjustments = {.day = "1970-01-01", .count = 1};
    }
    return state;
}

/// The steps of a check, one by one.
void measure_steps(Scene& scene, const Wishes& wishes, Figures& figures) {
    const auto config = configuration();
    const auto source = scene.source();
    const WallTime now = scene.clock().now().wall;
    const app::Survey survey = app::survey(scene.engine(), {}).value();
    const decide::ServiceState state = state_for(wishes, now);
    for (int round = 0; round < rounds; ++round) {
        observe::Observation seen;
        timed(figures.observe, [&] { seen = source->observe(scene.targets(), windows, now, {}); });
        figures.requests = seen.requests;
        std::vector<app::Assembled> views;
        timed(figures.assemble, [&] { views = app::assemble(survey, seen, {}, {}, config); });
        std::vector<decide::Assessment> services;
        services.reserve(views.size());
        timed(figures.decide, [&] {
            for (app::Assembled& view : views)
                services.push_back(app::assess_one(std::move(view), rules, state, now));
        });
    }
}

/// Whole checks as the daemon makes them, until the wish has lasted long enough and beyond.
void measure_whole(Scene& scene, Figures& figures) {
    const std::filesystem::path folder = "check_bench.tmp";
    std::filesystem::remove_all(folder);
    const config::LiveConfig live({}, configuration(), {});
    const auto source = scene.source();
    const auto store = store::Database::open(
        {.url = "sqlite:" + (folder / "store.db").string(), .password = {}}, scene.clock());
    telemetry::Metrics metrics;
    app::CheckMetrics check_metrics(metrics.registry());
    app::Reconciler loop(
        {.live = live, .engine = scene.engine(), .source = *source, .store = **store, .clock = scene.clock()},
        [&](const app::CheckPtr& check) { check_metrics.checked(check); }, [](const auto&) {});
    const std::size_t before = heap_in_use();
    for (int round = 0; round < rounds; ++round) {
        scene.pass(5min);
        timed(figures.whole, [&] { (void)loop.check({}); });
    }
    figures.kept = static_cast<double>(heap_in_use() - before) / static_cast<double>(scene.targets().size());
    std::filesystem::remove_all(folder);
}

Figures measure(unsigned containers, const Wishes& wishes) {
    Figures figures;
    Scene scene(containers, wishes.use);
    measure_steps(scene, wishes, figures);
    measure_whole(scene, figures);
    fmt::print("{:10}  {:9}  {:8}  {:10.2f}  {:8.2f}  {:6.2f}  {:8.2f}  {:11.2f}  {:10.0f}\n", containers,
               wishes.name, figures.requests, figures.observe, figures.assemble, figures.decide,
               figures.read_and_decide(), figures.whole, figures.kept);
    std::fflush(stdout);
    return figures;
}

/// Prints the worst of what was measured beside its goal; true if it was reached.
bool judge(const char* what, double value, double limit, const char* unit) {
    const bool reached = value <= limit;
    fmt::print("{:44} {:8.2f} {:5} (goal {:g}) {}\n", what, value, unit, limit, reached ? "ok" : "MISSED");
    return reached;
}

bool judge_all(const std::map<unsigned, Figures>& worst) {
    const Figures& most = worst.at(most_containers);
    const auto growth = [&](unsigned from, unsigned to) {
        return worst.at(to).read_and_decide() / worst.at(from).read_and_decide();
    };
    bool good = judge("requests to Prometheus", most.requests, 8, "");
    good = judge("read and decide, 10,000 containers", most.read_and_decide(), 150, "ms") && good;
    good = judge("decide alone, 10,000 containers", most.decide, 20, "ms") && good;
    good = judge("memory kept per container", most.kept, 4096, "bytes") && good;
    // A tenth more than linear is the noise of caches.
    good = judge("growth from 100 to 1,000 containers", growth(100, 1'000), 11, "times") && good;
    return judge("growth from 1,000 to 10,000 containers", growth(1'000, 10'000), 11, "times") && good;
}

}  // namespace

int main(int argc, char** argv) {
    fmt::print("CPU time in ms, the best of {} rounds; kept: bytes per container between two checks\n",
               rounds);
    fmt::print(
        "containers  wish       requests  ask + read  assemble  decide  together  whole check        kept\n");
    std::map<unsigned, Figures> worst;
    std::vector<unsigned> sizes{100, 1'000, most_containers};
    if (argc > 1) sizes = {static_cast<unsigned>(std::atoi(argv[1]))};
    for (const unsigned containers : sizes) {
        for (const Wishes& wishes : all_wishes) {
            const Figures figures = measure(containers, wishes);
            Figures& known = worst.try_emplace(containers, figures).first->second;
            known.requests = std::max(known.requests, figures.requests);
            known.kept = std::max(known.kept, figures.kept);
            known.decide = std::max(known.decide, figures.decide);
            known.observe = std::max(known.observe, figures.observe);
            known.assemble = std::max(known.assemble, figures.assemble);
        }
    }
    return argc > 1 || judge_all(worst) ? 0 : 1;
}
