// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/app/day.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <set>
#include <stdexcept>

#include <fmt/format.h>

#include "deploy/sweep.h"
#include "docker/fleet.h"
#include "store/deployments.h"
#include "store/pauses.h"
#include "tests/unit/config/loading.h"

namespace rm::app::test {
namespace {

using namespace std::chrono_literals;
using docker::Container;
using docker::ContainerState;
using docker::EngineCall;
using docker::HealthState;

constexpr Duration check_every = 3min;
constexpr Duration sample_every = 1min;
constexpr Duration sweep_every = 5min;
constexpr Duration excused_for = 2min;

/// Impatient, so that a day holds much; services in each strategy that the daemon carries out itself.
constexpr std::string_view settings = R"(
monitoring: {source: docker, dry_run: false, check_interval: 3m, window: 5m, trend_window: 15m,
  sample_interval: 1m}
thresholds: {consecutive_checks: 2, min_uptime: 1m}
adjustment: {cooldown_period: 15m, max_adjustments_per_day: 100}
deployment: {strategy: auto, max_concurrent: 3, failure_backoff: 10m, health_timeout: 1m,
  health_interval: 1s, drain: 5s, observe: 10s}
services:
  postgres: {class: critical, deployment: {strategy: in_place}}
  jaeger: {deployment: {strategy: in_place}}
  loki: {deployment: {strategy: blue_green}}
  oauth: {class: optional, deployment: {strategy: recreate}}
  portainer: {deployment: {strategy: recreate}}
)";

template <class T>
T must_have(Result<T> value) {
    if (!value) throw std::runtime_error(value.error().message);
    return *std::move(value);
}

void must_be(const Status& done) {
    if (!done) throw std::runtime_error(done.error().message);
}

std::string folder_for_a_day() {
    std::string pattern = (std::filesystem::temp_directory_path() / "rm-day-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
    return pattern;
}

std::string service_in(const Container& one) {
    const auto label = one.labels.find("com.docker.compose.service");
    return label == one.labels.end() ? std::string() : label->second;
}

}  // namespace

Day::Day(std::uint64_t seed, int cgroup_version)
    : chance_(seed),
      engine_(clock_, {.memory = Bytes::mebi(9 << 10), .cgroup_version = cgroup_version}),
      folder_(folder_for_a_day()),
      live_(config::Sources{}, config::test::loaded(settings), config::FileState{}),
      store_(must_have(
          store::Database::open({.url = "sqlite:" + folder_ + "/store.db", .password = {}}, clock_))),
      engine_id_(must_have(engine_.info({})).id) {
    begin_ = now();
    start_fleet();
    find_out_what_is_permitted();
    engine_.set_faults([this](EngineCall call, const ContainerId*) { return before(call); },
                       [this](EngineCall call, const ContainerId*) { return after(call); });
    start_controller();
}

Day::~Day() {
    reconciler_.reset();
    roster_.reset();
    deployer_.reset();
    store_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

std::uint64_t Day::below(std::uint64_t end) {
    return chance_() % end;
}

bool Day::happens(std::uint64_t times, std::uint64_t of) {
    return below(of) < times;
}

void Day::complain(const std::string& what) {
    if (complaint_.size() < 2000)
        complaint_ +=
            fmt::format("after {}: {}\n", print(std::chrono::duration_cast<Duration>(now() - begin_)), what);
}

deploy::Premises Day::premises() {
    return {.live = live_, .engine = engine_, .store = *store_, .clock = clock_};
}

void Day::start_fleet() {
    for (const docker::FleetService& one : docker::fleet()) {
        const docker::SimulatedImage program{
            .load = [&one](WallTime at, Duration since) { return docker::demand_of(one, at, since); },
            .idle_cpu = one.cpu_least,
            .ready_after = 3s,
            .stops_after = 500ms};
        must_have(engine_.run({.name = "demo-" + one.name + "-1",
                               .image = one.image,
                               .program = program,
                               .labels = {{"com.docker.compose.project", "demo"},
                                          {"com.docker.compose.service", one.name},
                                          {"com.docker.compose.container-number", "1"},
                                          {"com.docker.compose.oneoff", "False"}},
                               .limits = one.limits,
                               .health_check = docker::HealthCheck{.interval = 5s, .timeout = 2s}}));
    }
    clock_.advance(1min);
}

/// The threads of the Deployer go by real time. So it only says what may be begun, and writes it.
void Day::find_out_what_is_permitted() {
    std::promise<void> at_work;
    deployer_ = std::make_unique<deploy::Deployer>(
        premises(), real_,
        deploy::DeployerOptions{.who = "test",
                                .stood =
                                    [&](const deploy::Standing& standing) {
                                        if (standing.kind == deploy::Standing::Kind::at_work)
                                            at_work.set_value();
                                    }},
        deploy::Ears{});
    deployer_->start();
    at_work.get_future().get();
    deployer_->stop();
}

void Day::start_controller() {
    due_.clear();
    reconciler_.reset();
    const auto config = live_.current();
    samples_ = std::make_unique<observe::Samples>(
        engine_, clock_,
        observe::SamplesOptions{
            .reach = {.window = (*config)->monitoring.window, .trend = (*config)->monitoring.trend_window},
            .interval = sample_every});
    source_ = std::make_unique<observe::DockerSource>(*samples_);
    roster_ = std::make_unique<deploy::Roster>(
        premises(), deploy::Ears{.ended = [this](const deploy::Deployment& ended, Duration) {
            if (ended.requested_by == store::requested_by_sweep) {
                ++tally_.swept;
                return;
            }
            ++tally_.deployments[std::string(to_string(ended.outcome))];
            ++tally_.strategies[std::string(to_string(ended.strategy))];
        }});
    reconciler_ = std::make_unique<Reconciler>(
        Surroundings{.live = live_,
                     .engine = engine_,
                     .source = *source_,
                     .store = *store_,
                     .clock = clock_,
                     .deployer = deployer_.get()},
        [](const CheckPtr&) {},
        [this](const auto& made) { tally_.decisions += static_cast<int>(made.size()); });
    sample_due_ = sweep_due_ = now();
    check_due_ = now() + check_every;
}

bool Day::live(Duration day) {
    const SteadyTime end = now() + day;
    while (now() < end && complaint_.empty()) {
        turn();
        if (dead_ || happens(1, 4000)) {
            dead_ = false;
            ++tally_.kills;
            clock_.advance(Duration(below(20'000)));
            start_controller();
        }
        if (happens(1, 150)) accident();
        recover(false);
        look();
        resume();
    }
    if (complaint_.empty()) come_to_an_end();
    return complaint_.empty();
}

/// Waits for what is due next, and does it.
void Day::turn() {
    SteadyTime due = std::min({sample_due_, check_due_, sweep_due_});
    for (const auto& [id, at] : due_) due = std::min(due, at);
    if (due > now()) clock_.advance(std::chrono::duration_cast<Duration>(due - now()));
    at_home_ = false;
    if (now() >= sample_due_) {
        samples_->take({});
        sample_due_ = now() + sample_every;
    }
    if (now() >= sweep_due_) sweep();
    if (now() >= check_due_ && !calm_) check();
    work();
    at_home_ = true;
}

void Day::check() {
    const CheckPtr made = reconciler_->check({});
    check_due_ = now() + check_every;
    if (dead_) return;
    ++tally_.checks;
    if (!made->problem.empty()) {
        ++tally_.lost_checks;
        return;
    }
    for (const decide::Assessment& service : made->services)
        if (service.verdict.proposal) ++tally_.proposals;
    look_at_raises(*made);
}

void Day::work() {
    if (const auto fresh = roster_->take_up(engine_id_, {}))
        for (const std::int64_t id : *fresh) due_[id] = now();
    for (auto one = due_.begin(); one != due_.end();) {
        if (one->second > now()) {
            ++one;
            continue;
        }
        const auto wait = roster_->step(one->first, {});
        if (wait) {
            one->second = now() + std::max(*wait, Duration(20));
            ++one;
            continue;
        }
        roster_->drop(one->first);
        one = due_.erase(one);
    }
}

/// As the Deployer does it from time to time.
void Day::sweep() {
    sweep_due_ = now() + sweep_every;
    const auto list = engine_.list({});
    const auto rows = store::unfinished(*store_, engine_id_);
    if (!list || !rows) return;
    std::set<std::string> tokens;
    for (const store::Deployment& row : *rows) tokens.insert(row.token);
    const auto policy_of = [this](const ServiceName& name, const docker::Labels&) {
        return live_.current()->service(name);
    };
    const auto found = deploy::sweep(engine_, *list, tokens, policy_of, clock_.now().wall, {});
    if (!found) return;
    for (deploy::Deployment way_back : found->ways_back) {
        way_back.engine = engine_id_;
        (void)store_->transaction([&](store::Session& session) -> Status {
            const auto id = deploy::begin(session, way_back);
            return id ? Status() : fail(id.error());
        });
    }
}

/// Somebody looks after the services that were paused.
void Day::resume() {
    for (const store::Pause& pause : must_have(store::pauses(*store_))) {
        if (clock_.now().wall - pause.since < 1h) continue;
        must_have(store::clear_pause(*store_, pause.service));
        ++tally_.resumed;
    }
}

/// Nothing goes wrong any more, and nothing new is decided: what is under way ends.
void Day::come_to_an_end() {
    calm_ = true;
    recover(true);
    const SteadyTime deadline = now() + 3h;
    clock_.advance(10min);
    sweep_due_ = now();
    do {
        check_due_ = now() + check_every;
        turn();
        if (now() > deadline) return complain("what is under way does not end");
    } while (now() < deadline - 150min || !must_have(store::unfinished(*store_, engine_id_)).empty());
    clock_.advance(3min);
    look_at_the_end();
}

std::optional<Error> Day::before(EngineCall call) {
    if (at_home_ || calm_) return std::nullopt;
    if (dead_) return Error{.code = ErrorCode::cancelled, .message = "the controller was killed"};
    const bool writes = docker::is_writing(call);
    const std::uint64_t fate = below(10'000);
    if (fate < 8) {
        ++tally_.faults;
        clock_.advance(Duration(below(8000)));  // slow
    } else if (fate < (writes ? 150U : 25U)) {
        ++tally_.faults;
        return Error{.code = ErrorCode::unavailable, .message = "the engine does not answer"};
    } else if (fate < 200 && writes) {
        ++tally_.faults;
        return Error{.code = ErrorCode::conflict, .message = "the engine will not"};
    } else if (writes ? fate < 350 : fate == 9999) {
        dead_ = true;
        return Error{.code = ErrorCode::cancelled, .message = "the controller was killed"};
    }
    return std::nullopt;
}

std::optional<Error> Day::after(EngineCall call) {
    if (at_home_ || calm_ || dead_ || !docker::is_writing(call)) return std::nullopt;
    const std::uint64_t fate = below(10'000);
    if (fate < 150) {
        dead_ = true;
        return Error{.code = ErrorCode::cancelled, .message = "the controller was killed"};
    }
    if (fate >= 450) return std::nullopt;
    ++tally_.faults;
    return Error{.code = ErrorCode::timeout, .message = "the answer was lost"};
}

void Day::accident() {
    const auto all = containers();
    const Container& one = all.at(below(all.size()));
    ++tally_.accidents;
    const auto excuse = [&](const Container& hit, Duration more) {
        SteadyTime& until = excuses_[service_in(hit)].until;
        until = std::max(until, now() + more + excused_for);
    };
    switch (below(9)) {
        case 0:
        case 1:
            must_be(engine_.run_out_of_memory(one.id));
            break;
        case 2:
        case 3:
        case 4:
            must_be(engine_.crash(one.id, 1));
            break;
        case 5:
            engine_.restart_daemon();
            for (const Container& each : all) excuse(each, Duration(0));
            return;
        default: {
            const Duration ill = std::chrono::seconds(1 + below(90));
            must_be(engine_.set_health(one.id, HealthState::unhealthy));
            ill_until_[one.id] = now() + ill;
            return excuse(one, ill);
        }
    }
    excuse(one, Duration(0));
}

void Day::recover(bool all) {
    if (ill_until_.empty()) return;
    const auto present = containers();
    for (auto one = ill_until_.begin(); one != ill_until_.end();) {
        if (!all && now() < one->second) {
            ++one;
            continue;
        }
        if (std::ranges::find(present, one->first, &Container::id) != present.end())
            must_be(engine_.set_health(one->first, HealthState::none));
        one = ill_until_.erase(one);
    }
}

std::vector<Container> Day::containers() {
    std::vector<Container> all;
    for (const auto& one : must_have(engine_.list({}))) all.push_back(must_have(engine_.inspect(one.id, {})));
    return all;
}

}  // namespace rm::app::test
