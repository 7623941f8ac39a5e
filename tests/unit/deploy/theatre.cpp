// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/deploy/theatre.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include <fmt/format.h>

#include "deploy/limits_update.h"
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

docker::Load using_memory(Bytes memory) {
    return [memory](WallTime, Duration) {
        return docker::Demand{.cpu = Cores::from_nanos(0), .memory = memory, .file_cache = {}};
    };
}

Bytes most_of(Bytes memory) {
    return Bytes(memory.count() / 10 * 9);
}

docker::SimulatedImage image_of(const Scene& scene) {
    docker::SimulatedImage image;
    image.ready_after = 3s;
    image.stops_after = Duration(700);
    if (scene.green_stays_sick)
        image.probe = [to = scene.to](const docker::SimulatedProgram& program) {
            return docker::ExecOutcome{.exit_code = program.limits == to ? 1 : 0, .output = "not today"};
        };
    if (scene.drain_file)
        image.probe = [](const docker::SimulatedProgram& program) {
            const bool drained = program.files.contains("/tmp/drain");
            return docker::ExecOutcome{.exit_code = drained ? 1 : 0, .output = drained ? "drained" : ""};
        };
    if (scene.strategy == config::Strategy::in_place) image.load = using_memory(scene.uses);
    return image;
}

std::string name_of(const Scene& scene, int number) {
    return scene.fixed_name ? "the-web" : fmt::format("shop-web-{}", number);
}

docker::SimulatedSpec spec_of(const Scene& scene, const std::string& name, int number, const Limits& limits) {
    return {.name = name,
            .image = "shop/web:1",
            .program = image_of(scene),
            .labels = {{"com.docker.compose.project", "shop"},
                       {"com.docker.compose.service", "web"},
                       {"com.docker.compose.container-number", std::to_string(number)},
                       {"com.docker.compose.oneoff", "False"}},
            .limits = limits,
            .restart = scene.restart,
            .health_check = docker::HealthCheck{.interval = 1s, .timeout = 1s, .retries = 5}};
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

bool Scene::may_be_away() const {
    using config::Strategy;
    const bool kills = fills_up_at > 0 && cgroup_version == 2;
    const bool ill = strategy == Strategy::in_place && green_stays_sick;
    const bool replaces = strategy == Strategy::script && script.way == Script::Way::replaces;
    return strategy == Strategy::recreate || green_dies_alone || kills || ill || replaces || dies_once ||
           first_full_last_ill;
}

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
        must(engine_.run(spec_of(scene_, name_of(scene_, number), number, scene_.from)));
    policy_.deployment.script = {
        "/bin/sh", "-c", fmt::format("echo run >> {}/script; exit {}", folder_, scene_.script.exit_code)};
    clock_.advance(1min);
    const auto found = containers();
    if (!std::ranges::all_of(found, [](const Container& one) { return one.health == HealthState::healthy; }))
        throw std::runtime_error("the service is not healthy to begin with");
    const auto list = must(engine_.list({}));
    auto deployment = must(plan({.service = must(ServiceName::parse("shop/web")),
                                 .strategy = scene_.strategy,
                                 .to = scene_.to,
                                 .requested_by = "the test",
                                 .reason = "to see"},
                                found, {.containers = list}, "5eed", clock_.now().wall));
    must(store_->transaction([&](store::Session& session) -> Status {
        const auto id = store::begin(session, to_row(deployment));
        if (!id) return fail(id.error());
        id_ = *id;
        return {};
    }));
    engine_.set_faults([this](EngineCall call, const ContainerId* id) { return hear(call, id, true); },
                       [this](EngineCall call, const ContainerId* id) { return hear(call, id, false); });
}

/// A controller that was killed hears nothing and does nothing any more.
std::optional<Error> Theatre::hear(EngineCall call, const ContainerId* id, bool before) {
    if (at_home_) return std::nullopt;
    Error killed{.code = ErrorCode::cancelled, .message = "the controller was killed"};
    if (dead_) return before ? std::optional(killed) : std::nullopt;
    if (!docker::is_writing(call)) return std::nullopt;
    if (before ? pass(false) && kill_.before : is_killed_here() && !kill_.before) {
        dead_ = true;
        return killed;
    }
    if (before) fill_up(call, id);
    return std::nullopt;
}

bool Theatre::pass(bool between) {
    points_.push_back({.between = between});
    return is_killed_here();
}

bool Theatre::is_killed_here() const {
    return kill_.at > 0 && static_cast<std::size_t>(kill_.at) == points_.size();
}

/// It wants most of what it has, in the very moment in which it shall get less.
void Theatre::fill_up(EngineCall call, const ContainerId* id) {
    if (call != EngineCall::update || ++updates_ != scene_.fills_up_at) return;
    const Limits now = must(engine_.inspect(*id, {})).limits;
    must(engine_.set_load(*id, using_memory(most_of(*now.memory))));
}

std::unique_ptr<Drive> Theatre::new_controller(Hands& hands) {
    return std::make_unique<Drive>(
        Equipment{.engine = engine_, .store = *store_, .hands = hands, .clock = clock_}, deployment());
}

bool Theatre::play(Kill kill) {
    kill_ = kill;
    Hands hands(engine_);
    const SteadyTime deadline = clock_.now().steady + 24h;
    auto drive = new_controller(hands);
    while (!drive->ended() && clock_.now().steady < deadline) {
        const Deployment before = drive->deployment();
        const std::size_t points = points_.size();
        const Duration wait = drive->step(policy_, {});
        follow_script();
        if (points_.size() == points && drive->deployment() != before) dead_ = pass(true);
        watch_health();
        if (dead_) {
            drive.reset();
            dead_ = false;
            kill_ = {};
            clock_.advance(2s);
            drive = new_controller(hands);
            continue;
        }
        clock_.advance(std::max(wait, least_wait));
        watch_health();
    }
    return drive->ended();
}

/// The script that was run was a real one, which left a line. What it is to have done is done now: nobody
/// has looked since.
void Theatre::follow_script() {
    if (script_goes_on_ && clock_.now().steady >= *script_goes_on_) {
        script_goes_on_.reset();
        run_script(1, scene_.script.replicas);
    }
    std::error_code none_yet;
    const auto told = std::filesystem::file_size(folder_ + "/script", none_yet);
    if (none_yet || told == script_told_) return;
    script_told_ = told;
    dead_ = pass(false);
    if (dead_ && kill_.before) return;
    const bool whole = !dead_ || scene_.script.when_killed == Script::WhenWeAreKilled::has_done;
    run_script(1, whole ? scene_.script.replicas : scene_.script.replicas / 2);
    if (dead_ && scene_.script.when_killed == Script::WhenWeAreKilled::goes_on)
        script_goes_on_ = clock_.now().steady + 10s;
}

void Theatre::run_script(int first, int last) {
    at_home_ = true;
    for (const Container& one : containers()) {
        const int number = std::stoi(one.labels.at("com.docker.compose.container-number"));
        if (number < first || number > last || one.limits == scene_.to) continue;
        if (scene_.script.way == Script::Way::replaces) {
            must(engine_.wipe(one.id));
            must(engine_.run(spec_of(scene_, one.name, number, scene_.to)));
            continue;
        }
        const auto fields = must(docker::with_limits(one.limit_fields, scene_.to));
        must(engine_.update(one.id, update_of(in_numbers(one.limit_fields), in_numbers(fields)), {}));
    }
    at_home_ = false;
}

void Theatre::let_things_happen(const std::vector<Container>& now) {
    const auto serves_with = [&](const Limits& limits) {
        return std::ranges::any_of(now, [&](const Container& one) {
            return one.limits == limits && one.state == ContainerState::running;
        });
    };
    for (const Container& one : now) {
        if (one.limits != scene_.to || one.state != ContainerState::running) continue;
        if (scene_.green_dies_alone && !serves_with(scene_.from))
            must(engine_.set_health(one.id, HealthState::unhealthy));
        if (scene_.dies_once && !std::exchange(died_once_, true)) must(engine_.crash(one.id, 1));
        if (scene_.first_full_last_ill && one.name == now.front().name)
            must(engine_.set_load(one.id, using_memory(most_of(*scene_.to.memory))));
    }
    if (scene_.first_full_last_ill)
        must(engine_.set_health(now.back().id,
                                now.back().limits == scene_.to ? HealthState::unhealthy : HealthState::none));
}

void Theatre::watch_health() {
    at_home_ = true;
    const auto now = containers();
    let_things_happen(now);
    const auto healthy =
        std::ranges::count_if(now, [](const Container& one) { return one.health == HealthState::healthy; });
    if (healthy < scene_.replicas && !scene_.may_be_away() && complaints_.size() < 3)
        complaints_.push_back(fmt::format("only {} of {} healthy", healthy, scene_.replicas));
    at_home_ = false;
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
    for (const auto& step : must(store::steps_of(*store_, id_)))
        if (!step.message.empty()) steps.push_back(step.message);
    return steps;
}

std::vector<store::DeploymentStep> Theatre::journal() {
    return must(store::steps_of(*store_, id_));
}

void Theatre::check(const Container& one, std::vector<std::string>& wrong) {
    if (one.state != ContainerState::running) wrong.push_back(one.name + " does not run");
    if (one.health != HealthState::healthy) wrong.push_back(one.name + " is not healthy");
    if (one.restart.policy != scene_.restart) wrong.push_back(one.name + " lost its restart policy");
    if (one.limits != scene_.from && one.limits != scene_.to)
        wrong.push_back(one.name + " has limits that nobody wanted: " + print(one.limits));
    const auto kernel = must(engine_.stats(one.id, {})).memory_limit;
    if (kernel != one.limits.memory)
        wrong.push_back("the kernel does not hold " + one.name + " to its limit");
    if (in_numbers(one.limit_fields).memory_swap != 2 * one.limits.memory->count())
        wrong.push_back(one.name + " has other swap");
    if (scene_.fixed_name && one.name != "the-web") wrong.push_back(one.name + " is not the-web");
}

std::vector<std::string> Theatre::leftovers() {
    std::vector<std::string> wrong;
    const auto found = containers();
    if (static_cast<int>(found.size()) != scene_.replicas)
        wrong.push_back(fmt::format("{} containers instead of {}", found.size(), scene_.replicas));
    for (const Container& one : found) check(one, wrong);
    return wrong;
}

std::vector<Limits> Theatre::limits() {
    std::vector<Limits> limits;
    for (const Container& one : containers()) limits.push_back(one.limits);
    return limits;
}

}  // namespace rm::deploy::test
