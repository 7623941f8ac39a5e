// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/deploy/theatre.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include <fmt/format.h>

#include "deploy/marks.h"
#include "store/deployments.h"

namespace rm::deploy::test {
namespace {

using namespace std::chrono_literals;
using docker::Container;
using docker::ContainerState;
using docker::EngineCall;
using docker::HealthState;

constexpr Duration least_wait{20};

template <class T>
T must(Result<T> value) {
    if (!value) throw std::runtime_error(value.error().message);
    return *std::move(value);
}

void must(const Status& done) {
    if (!done) throw std::runtime_error(done.error().message);
}

docker::SimulatedImage image_of(const Scene& scene) {
    docker::SimulatedImage image;
    image.ready_after = 3s;
    image.stops_after = Duration(700);
    if (scene.green_stays_sick)
        image.probe = [](const docker::SimulatedProgram& program) {
            return docker::ExecOutcome{.exit_code = program.limits == Theatre::new_limits ? 1 : 0,
                                       .output = "not today"};
        };
    if (scene.drain_file)
        image.probe = [](const docker::SimulatedProgram& program) {
            const bool drained = program.files.contains("/tmp/drain");
            return docker::ExecOutcome{.exit_code = drained ? 1 : 0, .output = drained ? "drained" : ""};
        };
    return image;
}

std::string name_of(const Scene& scene, int number) {
    return scene.fixed_name ? "the-web" : fmt::format("shop-web-{}", number);
}

config::ServicePolicy policy_of(const Scene& scene) {
    config::ServicePolicy policy;
    policy.deployment.strategy = scene.strategy;
    policy.deployment.health_timeout = 60s;
    policy.deployment.health_interval = 1s;
    policy.deployment.drain = 5s;
    policy.deployment.observe = 10s;
    if (scene.drain_file) {
        policy.deployment.drain_by = config::DrainBy::file;
        policy.deployment.drain_file = "/tmp/drain";
    }
    return policy;
}

}  // namespace

Theatre::Theatre(const Scene& scene)
    : scene_(scene), engine_(clock_, {.cgroup_version = scene.cgroup_version}), policy_(policy_of(scene)) {
    std::string pattern = (std::filesystem::temp_directory_path() / "rm-theatre-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
    folder_ = pattern;
    store_ = must(store::Database::open({.url = "sqlite:" + folder_ + "/store.db", .password = {}}, clock_));
    set_up();
}

Theatre::~Theatre() {
    store_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

void Theatre::set_up() {
    for (int number = 1; number <= scene_.replicas; ++number)
        must(engine_.run({.name = name_of(scene_, number),
                          .image = "shop/web:1",
                          .program = image_of(scene_),
                          .labels = {{"com.docker.compose.project", "shop"},
                                     {"com.docker.compose.service", "web"},
                                     {"com.docker.compose.container-number", std::to_string(number)},
                                     {"com.docker.compose.oneoff", "False"}},
                          .limits = old_limits,
                          .health_check = docker::HealthCheck{.interval = 1s, .timeout = 1s, .retries = 5}}));
    clock_.advance(1min);
    const auto found = containers();
    if (!std::ranges::all_of(found, [](const Container& one) { return one.health == HealthState::healthy; }))
        throw std::runtime_error("the service is not healthy to begin with");
    const auto list = must(engine_.list({}));
    auto deployment = must(plan({.service = must(ServiceName::parse("shop/web")),
                                 .strategy = scene_.strategy,
                                 .to = new_limits,
                                 .requested_by = "the test",
                                 .reason = "to see"},
                                found, {.containers = list}, "5eed", clock_.now().wall));
    must(store_->transaction([&](store::Session& session) -> Status {
        const auto id = store::begin(session, to_row(deployment));
        if (!id) return fail(id.error());
        id_ = *id;
        return {};
    }));
    engine_.set_faults([this](EngineCall call, const ContainerId*) { return hear(call, true); },
                       [this](EngineCall call, const ContainerId*) { return hear(call, false); });
}

/// A controller that was killed hears nothing and does nothing any more.
std::optional<Error> Theatre::hear(EngineCall call, bool before) {
    Error killed{.code = ErrorCode::cancelled, .message = "the controller was killed"};
    if (dead_) return before ? std::optional(killed) : std::nullopt;
    if (!docker::is_writing(call)) return std::nullopt;
    if (before) ++calls_;
    if (calls_ != kill_.at_call || before != kill_.before) return std::nullopt;
    dead_ = true;
    return killed;
}

bool Theatre::play(Kill kill) {
    kill_ = kill;
    Hands hands(engine_);
    const SteadyTime deadline = clock_.now().steady + 24h;
    auto drive = std::make_unique<Drive>(
        Equipment{.engine = engine_, .store = *store_, .hands = hands, .clock = clock_}, deployment());
    while (!drive->ended() && clock_.now().steady < deadline) {
        const Duration wait = drive->step(policy_, {});
        watch_health();
        if (dead_) {
            drive.reset();
            dead_ = false;
            kill_ = {};
            clock_.advance(2s);
            drive = std::make_unique<Drive>(
                Equipment{.engine = engine_, .store = *store_, .hands = hands, .clock = clock_},
                deployment());
            continue;
        }
        clock_.advance(std::max(wait, least_wait));
        watch_health();
    }
    return drive->ended();
}

void Theatre::watch_health() {
    const bool was_dead = std::exchange(dead_, false);
    const auto now = containers();
    if (scene_.green_dies_alone)
        for (const Container& one : now)
            if (one.limits == new_limits && one.state == ContainerState::running &&
                std::ranges::none_of(now, [](const Container& other) {
                    return other.limits == old_limits && other.state == ContainerState::running;
                }))
                must(engine_.set_health(one.id, HealthState::unhealthy));
    const auto healthy =
        std::ranges::count_if(now, [](const Container& one) { return one.health == HealthState::healthy; });
    const bool may_be_away = scene_.strategy == config::Strategy::recreate || scene_.green_dies_alone;
    if (healthy < scene_.replicas && !may_be_away && complaints_.size() < 3)
        complaints_.push_back(fmt::format("only {} of {} healthy", healthy, scene_.replicas));
    dead_ = was_dead;
}

std::vector<Container> Theatre::containers() {
    std::vector<Container> all;
    for (const auto& one : must(engine_.list({}))) all.push_back(must(engine_.inspect(one.id, {})));
    std::ranges::sort(all, {}, &Container::name);
    return all;
}

Deployment Theatre::deployment() {
    return must(from_row(must(store::deployment(*store_, id_)).value()));
}

std::vector<std::string> Theatre::steps() {
    std::vector<std::string> steps;
    for (const auto& step : must(store::steps_of(*store_, id_))) steps.push_back(step.message);
    return steps;
}

std::vector<std::string> Theatre::leftovers() {
    std::vector<std::string> wrong;
    const auto found = containers();
    if (static_cast<int>(found.size()) != scene_.replicas)
        wrong.push_back(fmt::format("{} containers instead of {}", found.size(), scene_.replicas));
    for (const Container& one : found) {
        if (one.state != ContainerState::running) wrong.push_back(one.name + " does not run");
        if (one.health != HealthState::healthy) wrong.push_back(one.name + " is not healthy");
        if (one.restart.policy != docker::RestartPolicy::unless_stopped)
            wrong.push_back(one.name + " lost its restart policy");
        if (one.limits != found.front().limits) wrong.push_back(one.name + " has other limits");
        if (one.limits != old_limits && one.limits != new_limits)
            wrong.push_back(one.name + " has limits that nobody wanted: " + print(one.limits));
        if (scene_.fixed_name && one.name != "the-web") wrong.push_back(one.name + " is not the-web");
    }
    return wrong;
}

}  // namespace rm::deploy::test
