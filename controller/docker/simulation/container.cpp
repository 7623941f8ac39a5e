// SPDX-License-Identifier: Apache-2.0
#include "docker/simulation/container.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "docker/read_parts.h"
#include "docker/simulation/signals.h"

namespace rm::docker {
namespace {

/// The demand is asked for once in this time and holds until the next.
constexpr Duration step = std::chrono::seconds(1);

// As the engine comes back after a container's end: at once, then later and later.
constexpr Duration first_backoff{100};
constexpr Duration longest_backoff = std::chrono::minutes(1);
constexpr Duration good_run = std::chrono::seconds(10);

constexpr int sigkill = 9;
constexpr int killed = 128 + sigkill;
constexpr int never_ran = 128;
constexpr std::size_t longest_log = 4096;

SteadyTime step_begin(SteadyTime started, SteadyTime at) {
    return at - (at - started) % step;
}

bool says_stop_signal(const SimulatedSetup& setup) {
    const auto* const signal = setup.config.if_contains("StopSignal");
    return signal != nullptr && signal->is_string() && !signal->get_string().empty();
}

bool removes_itself(const SimulatedSetup& setup) {
    const auto* const flag = setup.host.if_contains("AutoRemove");
    return flag != nullptr && flag->is_bool() && flag->get_bool();
}

}  // namespace

SimulatedContainer::SimulatedContainer(ContainerId id, std::string name, SimulatedSetup setup, ImagePtr image,
                                       const SimulatedHost& host, Instant now)
    : setup_(std::move(setup)),
      image_(std::move(image)),
      host_memory_(host.memory),
      cgroup_version_(host.cgroup_version),
      load_(image_->behaviour.load),
      shown_{.id = std::move(id),
             .name = std::move(name),
             .image = {},
             .labels = {},
             .limits = {},
             .created_at = now.wall,
             .image_id = image_->id},
      now_(now),
      at_(now.steady),
      started_(now.steady),
      restart_at_(now.steady),
      backoff_(first_backoff),
      files_(image_->files) {
    (void)describe(shown_, setup_);  // it was checked
    tell("create");
}

SteadyTime SimulatedContainer::next_change() const {
    if (shown_.state == ContainerState::restarting) return restart_at_;
    if (!runs()) return SteadyTime::max();
    SteadyTime next = load_ ? step_begin(started_, at_) + step : SteadyTime::max();
    if (health_.next()) next = std::min(next, *health_.next());
    if (dies_at_) next = std::min(next, *dies_at_);
    return next;
}

void SimulatedContainer::pass(SteadyTime until, double share) {
    share_ = share;
    if (until < at_) return;
    if (runs()) {
        live_until(until);
        return;
    }
    at_ = until;
    if (shown_.state != ContainerState::restarting || restart_at_ > at_) return;
    ++shown_.restart_count;
    if (const auto resources = read_limit_fields(setup_.host))
        if (const auto limits = limits_at_start(*resources)) kernel_ = *limits;  // a new control group
    begin();
}

/// Within one step.
void SimulatedContainer::live_until(SteadyTime until) {
    if (load_) {
        const Demand demand = demand_now();
        if (demand.memory > memory_limit()) {
            run_out_of_memory();
            return;
        }
        usage_.consume(demand.cpu, kernel_, at_ - started_, until - at_);
    }
    at_ = until;
    if (dies_at_ && *dies_at_ <= at_)
        end(image_->behaviour.exit_code);
    else if (health_.next() && *health_.next() <= at_)
        probe();
}

void SimulatedContainer::probe() {
    const SimulatedProgram seen = program();
    health_.take({.at = seen.at, .outcome = answer_probe(seen)});
    show_health();
}

ExecOutcome SimulatedContainer::answer_probe(const SimulatedProgram& seen) const {
    if (forced_ == HealthState::unhealthy) return {.exit_code = 1, .output = "unhealthy\n"};
    if (forced_ == HealthState::healthy) return {.exit_code = 0, .output = "healthy\n"};
    if (seen.since_start < image_->behaviour.ready_after) return {.exit_code = 1, .output = "not ready\n"};
    return image_->behaviour.probe ? image_->behaviour.probe(seen) : ExecOutcome();
}

void SimulatedContainer::show_health() {
    if (!health_.log().empty()) shown_.health_output = health_.log().back().outcome.output;
    if (shown_.health == health_.state()) return;
    shown_.health = health_.state();
    tell("health_status: " + std::string(to_string(shown_.health)));
}

Status SimulatedContainer::start() {
    const auto resources = read_limit_fields(setup_.host);
    if (!resources) return fail(resources.error());
    const auto limits = limits_at_start(*resources);
    if (!limits) return fail(limits.error());
    kernel_ = *limits;
    backoff_ = first_backoff;
    stopped_by_people_ = false;
    shown_.restart_count = 0;
    error_.clear();
    begin();
    return {};
}

void SimulatedContainer::refuse_start(const Error& why) {
    error_ = why.message;
    if (shown_.exit_code == 0) shown_.exit_code = never_ran;
}

void SimulatedContainer::begin() {
    started_ = at_;
    stays_down_ = false;
    shown_.state = ContainerState::running;
    shown_.started_at = wall_at(at_);
    shown_.exit_code = 0;
    shown_.oom_killed = false;
    health_.begin(shown_.health_check, at_);
    shown_.health = health_.state();
    shown_.health_output.clear();
    usage_ = SimulatedUsage();  // a new control group
    log_ += image_->behaviour.log;
    if (log_.size() > longest_log) log_.erase(0, log_.size() - longest_log);
    tell("start");
}

bool SimulatedContainer::comes_back(int exit_code) const {
    const RestartRule& rule = shown_.restart;
    switch (rule.policy) {
        case RestartPolicy::no:
            return false;
        case RestartPolicy::always:
            return true;
        case RestartPolicy::unless_stopped:
            return !stopped_by_people_;
        case RestartPolicy::on_failure:
            return exit_code != 0 &&
                   (rule.maximum_retries == 0 || shown_.restart_count < rule.maximum_retries);
    }
    return false;
}

void SimulatedContainer::end(int exit_code) {
    const bool again = !stays_down_ && comes_back(exit_code);
    shown_.state = again ? ContainerState::restarting : ContainerState::exited;
    shown_.exit_code = exit_code;
    shown_.finished_at = wall_at(at_);
    health_.end();
    shown_.health = health_.state();
    dies_at_.reset();
    tell("die", {{"exitCode", std::to_string(exit_code)}});
    if (at_ - started_ >= good_run) backoff_ = first_backoff;
    restart_at_ = at_ + backoff_;
    backoff_ = std::min(2 * backoff_, longest_backoff);
}

/// Any signal counts as the wish that it stays down, unless it is known by which one it wants to be stopped.
Status SimulatedContainer::signal(int number) {
    if (!is_up()) return fail(ErrorCode::conflict, "Container {} is not running", shown_.id.full());
    const auto own = signal_number(shown_.stop.signal);
    stopped_by_people_ = true;
    if (number == sigkill || number == own || !says_stop_signal(setup_)) stays_down_ = true;
    if (shown_.state == ContainerState::restarting) {
        if (stays_down_) shown_.state = ContainerState::exited;
        return {};
    }
    tell("kill", {{"signal", std::to_string(number)}});
    const auto stops_after = image_->behaviour.stops_after;
    if (number == sigkill)
        end(killed);
    else if (number == own && stops_after == Duration(0))
        end(image_->behaviour.exit_code);
    else if (number == own && stops_after && !dies_at_)
        dies_at_ = at_ + *stops_after;
    return {};
}

bool SimulatedContainer::end_with_engine() {
    const auto stops_after = image_->behaviour.stops_after;
    const bool heeds = stops_after && *stops_after <= shown_.stop.timeout;
    stays_down_ = true;
    if (runs()) end(heeds ? image_->behaviour.exit_code : killed);
    if (is_up()) shown_.state = ContainerState::exited;
    return shown_.started_at && comes_back(shown_.exit_code);
}

Status SimulatedContainer::update(const SimulatedResources& sent, const std::optional<RestartRule>& restart) {
    const auto present = read_limit_fields(setup_.host);
    if (!present) return fail(present.error());
    const auto wanted = merged(*present, sent);
    if (!wanted) return fail(wanted.error());
    if (restart && restart->policy != RestartPolicy::no && removes_itself(setup_))
        return fail(ErrorCode::conflict,
                    "Restart policy cannot be updated because AutoRemove is enabled for the container");
    if (runs()) {
        const auto limits = limits_after(kernel_, sent, demand_now().memory, cgroup_version_);
        if (!limits) return fail(limits.error());
        kernel_ = *limits;
    }
    write_resources(setup_.host, *wanted);
    if (restart)
        setup_.host["RestartPolicy"] = {{"Name", to_string(restart->policy)},
                                        {"MaximumRetryCount", restart->maximum_retries}};
    if (auto described = describe(shown_, setup_); !described) return described;
    tell("update");
    if (runs() && demand_now().memory > memory_limit()) run_out_of_memory();
    return {};
}

void SimulatedContainer::rename(std::string name) {
    const std::string old = std::exchange(shown_.name, std::move(name));
    tell("rename", {{"oldName", "/" + old}});
}

void SimulatedContainer::destroy() {
    kill();
    tell("destroy");
}

void SimulatedContainer::stop() {
    const bool was_up = is_up();
    if (const auto number = signal_number(shown_.stop.signal); number && was_up) (void)signal(*number);
    if (runs()) end(image_->behaviour.stops_after ? image_->behaviour.exit_code : killed);
    if (was_up) tell("stop");
}

void SimulatedContainer::kill() {
    if (is_up()) (void)signal(sigkill);  // that is all that it could object to
}

void SimulatedContainer::crash(int exit_code) {
    if (runs()) end(exit_code);
}

void SimulatedContainer::run_out_of_memory() {
    if (!runs()) return;
    tell("oom");
    shown_.oom_killed = true;
    end(killed);
}

void SimulatedContainer::turn(HealthState health) {
    forced_ = health;
    if (!runs() || health == HealthState::none || shown_.health == HealthState::none) return;
    health_.turn(health);
    show_health();
}

bool SimulatedContainer::serves() const {
    return runs() && (shown_.health == HealthState::none || shown_.health == HealthState::healthy);
}

bool SimulatedContainer::is_over() const {
    return shown_.state == ContainerState::exited && removes_itself(setup_);
}

Bytes SimulatedContainer::memory_limit() const {
    return std::min(Bytes(kernel_.memory), host_memory_);
}

Demand SimulatedContainer::demand_now() const {
    if (!runs() || !load_) return {};
    const SteadyTime at = step_begin(started_, at_);
    Demand demand = load_(wall_at(at), std::chrono::duration_cast<Duration>(at - started_));
    if (const auto& idle = image_->behaviour.idle_cpu; idle && demand.cpu > *idle) {
        const double asked = share_ * static_cast<double>(demand.cpu.nanos() - idle->nanos());
        demand.cpu = Cores::from_nanos(idle->nanos() + static_cast<std::int64_t>(asked));
    }
    return demand;
}

SimulatedProgram SimulatedContainer::program() const {
    return {.at = wall_at(at_),
            .since_start = std::chrono::duration_cast<Duration>(at_ - started_),
            .limits = {.cpu = kernel_.cpu(), .memory = memory_limit()},
            .files = files_};
}

Stats SimulatedContainer::stats() const {
    return runs() ? usage_.sample(demand_now(), memory_limit(), now_.wall) : Stats();
}

void SimulatedContainer::want(const std::string& network, boost::json::object endpoint) {
    setup_.endpoints[network] = std::move(endpoint);
}

void SimulatedContainer::join(const std::string& network, SimulatedEndpoint endpoint) {
    joined_.insert_or_assign(network, std::move(endpoint));
}

std::vector<FileChange> SimulatedContainer::changes() const {
    std::vector<FileChange> changes = files_.changes();
    if (!shown_.started_at) return changes;
    for (const auto& mount : setup_.mounts) {  // where they are mounted a folder was made for them
        const std::string place(mount.at("Destination").as_string());
        if (!files_.contains(place)) changes.push_back({.path = place, .kind = FileChange::Kind::added});
    }
    std::ranges::sort(changes, {}, &FileChange::path);
    return changes;
}

std::string SimulatedContainer::log_tail(int lines) const {
    std::size_t begin = log_.size();
    for (; lines > 0 && begin > 0; --lines) {
        const auto newline = begin < 2 ? std::string::npos : log_.rfind('\n', begin - 2);
        begin = newline == std::string::npos ? 0 : newline + 1;
    }
    return log_.substr(begin);
}

std::vector<Event> SimulatedContainer::take_events() {
    return std::exchange(events_, {});
}

void SimulatedContainer::tell(std::string action, Labels more) {
    Labels attributes = shown_.labels;
    attributes.merge(more);
    attributes.insert_or_assign("image", shown_.image);
    attributes.insert_or_assign("name", shown_.name);
    events_.push_back({.at = wall_at(at_),
                       .type = "container",
                       .action = std::move(action),
                       .actor = shown_.id.full(),
                       .attributes = std::move(attributes)});
}

void let_time_pass(std::span<SimulatedContainer* const> replicas, Instant now) {
    for (SimulatedContainer* one : replicas) one->see(now);
    for (;;) {
        SteadyTime from = now.steady;
        SteadyTime until = now.steady;
        for (const SimulatedContainer* one : replicas) {
            from = std::min(from, one->at());
            until = std::min(until, one->next_change());
        }
        if (from >= now.steady) return;
        const auto serving = std::ranges::count_if(replicas, &SimulatedContainer::serves);
        const double share = serving > 0 ? 1 / static_cast<double>(serving) : 0;
        for (SimulatedContainer* one : replicas) one->pass(until, one->serves() ? share : 0);
    }
}

}  // namespace rm::docker
