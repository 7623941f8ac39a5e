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
#include "tests/unit/deploy/sure.h"

namespace rm::deploy::test {
namespace {

using namespace std::chrono_literals;
using config::Strategy;
using docker::Container;
using docker::EngineCall;
using docker::HealthState;

constexpr int deployments_of_a_service = 20;

std::string new_temporary_folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "rm-ordeal-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
    return pattern;
}

config::ServicePolicy short_waits() {
    config::ServicePolicy policy;
    policy.deployment.health_timeout = 60s;
    policy.deployment.health_interval = 1s;
    policy.deployment.drain = 5s;
    policy.deployment.observe = 10s;
    return policy;
}

}  // namespace

bool is_healthy(const Container& one) {
    return one.health == HealthState::healthy;
}

std::vector<Limits> sorted_limits(const std::vector<Container>& containers) {
    std::vector<Limits> limits;
    limits.reserve(containers.size());
    for (const Container& one : containers) limits.push_back(one.limits);
    std::ranges::sort(limits, {}, [](const Limits& one) { return print(one); });
    return limits;
}

docker::Load constantly(Bytes memory) {
    return [memory](WallTime, Duration) {
        return docker::Demand{.cpu = Cores::from_nanos(0), .memory = memory, .file_cache = {}};
    };
}

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
    program_ = {.load = constantly(little_memory),
                .ready_after = std::chrono::seconds(below(8)),
                .stops_after = Duration(below(3) * 900)};
    policy_ = short_waits();
    if (happens(1, 4)) {
        policy_.deployment.drain_by = config::DrainBy::file;
        policy_.deployment.drain_file = "/tmp/drain";
        program_.probe = [](const docker::SimulatedProgram& program) {
            const bool drained = program.files.contains("/tmp/drain");
            return docker::ExecOutcome{.exit_code = drained ? 1 : 0, .output = drained ? "drained" : ""};
        };
    }
    constexpr Limits limits{.cpu = Cores::whole(1), .memory = Bytes::mebi(512)};
    for (int number = 1; number <= replicas_; ++number)
        sure(engine_.run(
            spec_of(chosen_name ? "the-web" : fmt::format("shop-web-{}", number), number, limits)));
    clock_.advance(1min);
    deployments_ = 0;
}

docker::SimulatedSpec Ordeal::spec_of(const std::string& name, int number, const Limits& limits) const {
    return {.name = name,
            .image = image_,
            .program = program_,
            .labels = {{"com.docker.compose.project", "shop"},
                       {"com.docker.compose.service", "web"},
                       {"com.docker.compose.container-number", std::to_string(number)},
                       {"com.docker.compose.oneoff", "False"}},
            .limits = limits,
            .health_check = docker::HealthCheck{.interval = 1s, .timeout = 1s, .retries = 3}};
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
                                           Strategy::in_place,   Strategy::recreate,   Strategy::script};
    const auto list = sure(engine_.list({}));
    plan_ = sure(plan({.service = sure(ServiceName::parse("shop/web")),
                       .strategy = strategies.at(below(strategies.size())),
                       .to = other_limits(found.front().limits),
                       .requested_by = "the test",
                       .reason = "to see"},
                      found, {.containers = list}, fmt::format("{:x}", chance_()), clock_.now().wall));
    was_ = sorted_limits(found);
    ++tally_.strategies[plan_.strategy];
    new_script();
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
    const SteadyTime begun = clock_.now().steady;
    begin(found);
    play();
    at_home_ = true;
    recover(true);
    clock_.advance(3min);
    look_at_the_end();
    tally_.time += std::chrono::duration_cast<Duration>(clock_.now().steady - begun);
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
        follow_script();
        look();
        if (dead_ || happens(4)) {
            dead_ = false;
            ++tally_.kills;
            drive = new_drive();
            wait = Duration(below(20'000));
        }
        clock_.advance(std::max(wait, Duration(20)));
        recover(false);
        follow_script();
        look();
        if (happens(6)) accident();
    }
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

}  // namespace rm::deploy::test
