// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/deploy/ordeal.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "deploy/plan.h"
#include "store/deployments.h"

namespace rm::deploy::test {
namespace {

using namespace std::chrono_literals;
using config::Strategy;
using docker::Container;
using docker::ContainerState;
using docker::EngineCall;
using docker::HealthState;

constexpr int deployments_of_a_service = 20;
constexpr Bytes little_memory = Bytes::mebi(64);

template <class T>
T sure(Result<T> value) {
    if (!value) throw std::runtime_error(value.error().message);
    return *std::move(value);
}

void sure(const Status& done) {
    if (!done) throw std::runtime_error(done.error().message);
}

docker::Load constantly(Bytes memory) {
    return [memory](WallTime, Duration) {
        return docker::Demand{.cpu = Cores::from_nanos(0), .memory = memory, .file_cache = {}};
    };
}

std::string new_temporary_folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "rm-ordeal-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
    return pattern;
}

bool is_healthy(const Container& one) {
    return one.health == HealthState::healthy;
}

config::ServicePolicy short_waits() {
    config::ServicePolicy policy;
    policy.deployment.health_timeout = 60s;
    policy.deployment.health_interval = 1s;
    policy.deployment.drain = 5s;
    policy.deployment.observe = 10s;
    return policy;
}

std::vector<Limits> sorted_limits(const std::vector<Container>& containers) {
    std::vector<Limits> limits;
    limits.reserve(containers.size());
    for (const Container& one : containers) limits.push_back(one.limits);
    std::ranges::sort(limits, {}, [](const Limits& one) { return print(one); });
    return limits;
}

}  // namespace

Ordeal::Ordeal(std::uint64_t seed, int cgroup_version)
    : chance_(seed),
      engine_(clock_, {.cgroup_version = cgroup_version}),
      folder_(new_temporary_folder()),
      store_(sure(store::Database::open({.url = "sqlite:" + folder_ + "/store.db", .password = {}}, clock_))),
      policy_(short_waits()),
      plan_{.token = {},
            .engine = {},
            .service = sure(ServiceName::parse("shop/web")),
            .requested_by = {},
            .reason = {},
            .from = {},
            .to = {},
            .created_at = {},
            .phase_since = {},
            .replicas = {}} {
    engine_.set_faults([this](EngineCall call, const ContainerId* id) { return before(call, id); },
                       [this](EngineCall call, const ContainerId*) { return after(call); });
}

Ordeal::~Ordeal() {
    store_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

/// Not the library's distributions, which differ from one library to the next.
std::uint64_t Ordeal::below(std::uint64_t end) {
    return chance_() % end;
}

bool Ordeal::happens(std::uint64_t times, std::uint64_t of) {
    return below(of) < times;
}

void Ordeal::complain(const std::string& what) {
    if (complaint_.size() < 2000) complaint_ += what + "\n";
}

void Ordeal::new_service() {
    for (const Container& one : containers()) sure(engine_.wipe(one.id));
    replicas_ = static_cast<int>(1 + below(3));
    const bool chosen_name = replicas_ == 1 && happens(1, 3);
    image_ = fmt::format("shop/web:{}", ++services_);
    const docker::SimulatedImage program{.load = constantly(little_memory),
                                         .ready_after = std::chrono::seconds(below(8)),
                                         .stops_after = Duration(below(3) * 900)};
    for (int number = 1; number <= replicas_; ++number)
        sure(engine_.run({.name = chosen_name ? "the-web" : fmt::format("shop-web-{}", number),
                          .image = image_,
                          .program = program,
                          .labels = {{"com.docker.compose.project", "shop"},
                                     {"com.docker.compose.service", "web"},
                                     {"com.docker.compose.container-number", std::to_string(number)},
                                     {"com.docker.compose.oneoff", "False"}},
                          .limits = {.cpu = Cores::whole(1), .memory = Bytes::mebi(512)},
                          .health_check = docker::HealthCheck{.interval = 1s, .timeout = 1s, .retries = 3}}));
    clock_.advance(1min);
    deployments_ = 0;
}

Limits Ordeal::other_limits(const Limits& now) {
    static constexpr std::array<std::int64_t, 5> memories{256, 384, 512, 768, 1024};
    for (;;) {
        const Limits limits{.cpu = Cores::from_nanos(static_cast<std::int64_t>(1 + below(4)) * 500'000'000),
                            .memory = Bytes::mebi(memories.at(below(memories.size())))};
        if (limits != now) return limits;
    }
}

void Ordeal::begin(const std::vector<Container>& found) {
    static constexpr std::array strategies{Strategy::blue_green, Strategy::blue_green, Strategy::in_place,
                                           Strategy::in_place, Strategy::recreate};
    const auto list = sure(engine_.list({}));
    plan_ = sure(plan({.service = sure(ServiceName::parse("shop/web")),
                       .strategy = strategies.at(below(strategies.size())),
                       .to = other_limits(found.front().limits),
                       .requested_by = "the test",
                       .reason = "to see"},
                      found, {.containers = list}, fmt::format("{:x}", chance_()), clock_.now().wall));
    was_ = sorted_limits(found);
    sure(store_->transaction([&](store::Session& session) -> Status {
        const auto id = store::begin(session, to_row(plan_));
        if (!id) return fail(id.error());
        id_ = *id;
        return {};
    }));
}

bool Ordeal::deploy() {
    at_home_ = true;
    if (services_ == 0 || ++deployments_ > deployments_of_a_service) new_service();
    const auto found = containers();
    if (!std::ranges::all_of(found, is_healthy)) complain("the service is not healthy to begin with");
    disturbed_ = false;
    begin(found);
    play();
    at_home_ = true;
    recover(true);
    clock_.advance(3min);
    look_at_the_end();
    ++tally_.outcomes[deployment().outcome];
    if (!complaint_.empty()) tell_steps();
    return complaint_.empty();
}

void Ordeal::play() {
    Hands hands(engine_);
    const auto new_drive = [&] {
        return std::make_unique<Drive>(
            Equipment{.engine = engine_, .store = *store_, .hands = hands, .clock = clock_}, deployment());
    };
    auto drive = new_drive();
    const SteadyTime deadline = clock_.now().steady + 24h;
    while (!drive->ended() && complaint_.empty()) {
        if (clock_.now().steady > deadline) return complain("it does not end: " + drive->waits_for());
        at_home_ = false;
        Duration wait = drive->step(policy_, {});
        at_home_ = true;
        look();
        if (dead_ || happens(4)) {
            dead_ = false;
            ++tally_.kills;
            drive = new_drive();
            wait = Duration(below(20'000));
        }
        clock_.advance(std::max(wait, Duration(20)));
        recover(false);
        look();
        if (happens(6)) accident();
    }
}

/// To one of the containers, whichever it is.
void Ordeal::accident() {
    const auto all = containers();
    if (all.empty()) return complain("nothing is left of the service");
    const Container& one = all.at(below(all.size()));
    const bool is_up = one.state == ContainerState::running;
    ++tally_.accidents;
    switch (below(12)) {
        case 0:
        case 1:
        case 2:  // it needs most of what it has
            if (is_up && one.limits.memory)
                sure(engine_.set_load(one.id, constantly(Bytes(one.limits.memory->count() / 10 * 8))));
            return;
        case 3:
        case 4:
        case 5:
            sure(engine_.set_load(one.id, constantly(little_memory)));
            return;
        case 6:
            sure(engine_.run_out_of_memory(one.id));
            break;
        case 7:
        case 8:
            sure(engine_.crash(one.id, 1));
            break;
        case 9:
            engine_.restart_daemon();
            break;
        default:
            sure(engine_.set_health(one.id, HealthState::unhealthy));
            ill_until_[one.id] = clock_.now().steady + std::chrono::seconds(1 + below(90));
            break;
    }
    disturbed_ = true;
}

void Ordeal::recover(bool all) {
    const auto present = containers();
    for (auto one = ill_until_.begin(); one != ill_until_.end();) {
        if (!all && clock_.now().steady < one->second) {
            ++one;
            continue;
        }
        if (std::ranges::find(present, one->first, &Container::id) != present.end())
            sure(engine_.set_health(one->first, HealthState::none));
        one = ill_until_.erase(one);
    }
}

/// No two in the same call, and the more harmful the rarer.
std::optional<Error> Ordeal::before(EngineCall call, const ContainerId* id) {
    if (at_home_) return std::nullopt;
    if (dead_) return Error{.code = ErrorCode::cancelled, .message = "the controller was killed"};
    const bool writes = docker::is_writing(call);
    const std::uint64_t fate = below(1000);
    if (fate < 5) {
        ++tally_.faults;
        clock_.advance(Duration(below(8000)));  // slow
    } else if (fate < 20) {
        ++tally_.faults;
        return Error{.code = ErrorCode::unavailable, .message = "the engine does not answer"};
    } else if (fate < 25 && writes) {
        ++tally_.faults;
        return Error{.code = ErrorCode::conflict, .message = "the engine will not"};
    } else if (fate < 45 && writes) {
        dead_ = true;
        return Error{.code = ErrorCode::cancelled, .message = "the controller was killed"};
    }
    if (id != nullptr && (call == EngineCall::signal || call == EngineCall::remove)) may_end(*id);
    return std::nullopt;
}

std::optional<Error> Ordeal::after(EngineCall call) {
    if (at_home_ || dead_ || !docker::is_writing(call)) return std::nullopt;
    const std::uint64_t fate = below(1000);
    if (fate < 20) {
        dead_ = true;
        return Error{.code = ErrorCode::cancelled, .message = "the controller was killed"};
    }
    if (fate >= 60) return std::nullopt;
    ++tally_.faults;
    return Error{.code = ErrorCode::timeout, .message = "the answer was lost"};
}

/// Nothing that serves is ended while nothing else does.
void Ordeal::may_end(const ContainerId& id) {
    if (plan_.strategy == Strategy::recreate) return;
    at_home_ = true;
    bool serves = false;
    bool another_serves = false;
    for (const Container& one : containers()) (one.id == id ? serves : another_serves) |= is_healthy(one);
    at_home_ = false;
    if (serves && !another_serves) complain("the only container that serves was to be ended");
}

void Ordeal::look() {
    ++tally_.looks;
    if (disturbed_ || plan_.strategy == Strategy::recreate) return;
    const auto healthy = std::ranges::count_if(containers(), is_healthy);
    if (healthy < replicas_) complain(fmt::format("only {} of {} are healthy", healthy, replicas_));
}

void Ordeal::look_at_the_end() {
    const Deployment ended = deployment();
    const auto found = containers();
    if (static_cast<int>(found.size()) != replicas_)
        complain(fmt::format("{} containers instead of {}", found.size(), replicas_));
    for (const Container& one : found) look_at(one);
    const auto limits = sorted_limits(found);
    const auto is_one_of = [&](const Limits& one) {
        return one == ended.to || std::ranges::find(was_, one) != was_.end();
    };
    if (ended.outcome == Outcome::succeeded && std::ranges::count(limits, ended.to) != replicas_)
        complain("it succeeded, and the limits are others");
    if (ended.outcome == Outcome::rolled_back && limits != was_)
        complain("it was rolled back, and the limits are others than before");
    if (!std::ranges::all_of(limits, is_one_of)) complain("there are limits that nobody wanted");
    if (ended.outcome != Outcome::succeeded && ended.failure.empty()) complain("it does not say why");
}

void Ordeal::look_at(const Container& one) {
    if (one.state != ContainerState::running) complain(one.name + " does not run");
    if (!is_healthy(one)) complain(one.name + " is not healthy");
    if (one.restart.policy != docker::RestartPolicy::unless_stopped)
        complain(one.name + " lost its restart policy");
    if (one.name.find('.') != std::string::npos) {
        if (deployment().outcome != Outcome::failed) complain(one.name + " has not its own name");
        deployments_ = deployments_of_a_service;  // the next one is of another service
    }
    if (sure(engine_.stats(one.id, {})).memory_limit != one.limits.memory)
        complain("the kernel does not hold " + one.name + " to its limit");
}

std::vector<Container> Ordeal::containers() {
    const bool was_at_home = std::exchange(at_home_, true);
    std::vector<Container> all;
    for (const auto& one : sure(engine_.list({}))) all.push_back(sure(engine_.inspect(one.id, {})));
    std::ranges::sort(all, {}, &Container::name);
    at_home_ = was_at_home;
    return all;
}

Deployment Ordeal::deployment() {
    return sure(from_row(sure(store::deployment(*store_, id_)).value()));
}

void Ordeal::tell_steps() {
    const Deployment told = deployment();
    complaint_ += fmt::format("deployment {}, {} by {} replicas: {} {}\n", id_, to_string(told.strategy),
                              replicas_, to_string(told.outcome), told.failure);
    for (const auto& step : sure(store::steps_of(*store_, id_)))
        complaint_ +=
            fmt::format("  {} {}\n", print(std::chrono::duration_cast<Duration>(step.at - told.created_at)),
                        step.message);
    for (const Container& one : containers())
        complaint_ += fmt::format("  {} {} {} {}\n", one.name, print(one.limits), to_string(one.state),
                                  to_string(one.health));
}

}  // namespace rm::deploy::test
