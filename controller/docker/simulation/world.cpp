// SPDX-License-Identifier: Apache-2.0
#include "docker/simulation/world.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "docker/json.h"
#include "docker/read.h"
#include "docker/simulation/check_setup.h"
#include "docker/simulation/digest.h"

namespace rm::docker {
namespace {

namespace json = boost::json;

ContainerId id_of(std::uint64_t number) {
    return ContainerId::parse(digest(fmt::format("container {}", number))).value();
}

/// Of Compose; empty for a container that shares its load with none.
std::string shared_service(const SimulatedContainer& container) {
    if (!container.image().behaviour.idle_cpu) return {};
    const Labels& labels = container.shown().labels;
    const auto project = labels.find("com.docker.compose.project");
    const auto service = labels.find("com.docker.compose.service");
    if (project == labels.end() || service == labels.end()) return {};
    return project->second + '/' + service->second;
}

Result<json::object> settings_in(const SimulatedContainer& container, const std::string& network) {
    const auto settings = object_at(container.setup().endpoints, network);
    if (!settings) return fail(ErrorCode::invalid, "{}", settings.error().message);
    return **settings;
}

Result<std::string> wanted_address(const json::object& settings) {
    const auto addresses = object_at(settings, "IPAMConfig");
    if (!addresses) return fail(ErrorCode::invalid, "{}", addresses.error().message);
    auto address = text_or_empty(**addresses, "IPv4Address");
    if (!address) return fail(ErrorCode::invalid, "{}", address.error().message);
    return address;
}

/// Its short id is a name of it in every network of the user's; the default one has no names.
Status add_own_alias(json::object& settings, std::string_view network, const ContainerId& id,
                     ApiVersion api) {
    constexpr ApiVersion first_without{.major = 1, .minor = 45};
    json::value& aliases = settings["Aliases"];
    const bool given = aliases.is_array() && !aliases.get_array().empty();
    if (network == "bridge" && given)
        return fail(ErrorCode::invalid,
                    "network-scoped alias is supported only for containers in user defined networks");
    if (network == "bridge" || network == "host" || network == "none" || api >= first_without) return {};
    if (!aliases.is_array()) aliases.emplace_array();
    if (std::ranges::find(aliases.get_array(), json::value(id.brief())) == aliases.get_array().end())
        aliases.get_array().emplace_back(id.brief());
    return {};
}

}  // namespace

SimulatedWorld::SimulatedWorld(Clock& clock, SimulatedHost host) : clock_(clock), host_(std::move(host)) {}

Result<SimulatedContainer*> SimulatedWorld::find(const ContainerId& id) {
    sweep();
    auto found = containers_.find(id);
    if (found != containers_.end()) {
        settle(found->second);
        sweep();
        found = containers_.find(id);
    }
    if (found == containers_.end()) return fail(ErrorCode::not_found, "No such container: {}", id.full());
    return &found->second;
}

std::vector<const SimulatedContainer*> SimulatedWorld::all() {
    for (auto& [id, container] : containers_) settle(container);
    sweep();
    std::vector<const SimulatedContainer*> all;
    all.reserve(containers_.size());
    for (const auto& [id, container] : containers_) all.push_back(&container);
    return all;
}

void SimulatedWorld::settle(SimulatedContainer& container) {
    const Instant now = clock_.now();
    const std::string service = shared_service(container);
    if (service.empty()) {
        const std::array alone{&container};
        let_time_pass(alone, now);
        take_events(container);
        return;
    }
    const auto& replicas = sharing_.at(service);
    let_time_pass(replicas, now);
    for (SimulatedContainer* replica : replicas) take_events(*replica);
}

void SimulatedWorld::take_events(SimulatedContainer& container) {
    std::ranges::move(container.take_events(), std::back_inserter(events_));
    if (container.is_over()) over_.push_back(container.shown().id);
}

std::vector<Event> SimulatedWorld::take_events() {
    return std::exchange(events_, {});
}

Status SimulatedWorld::check_name(const std::string& name) const {
    if (!is_container_name(name))
        return fail(ErrorCode::invalid,
                    "Invalid container name ({}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed", name);
    const auto taken = names_.find(name);
    if (taken == names_.end()) return {};
    return fail(
        ErrorCode::conflict,
        "Conflict. The container name \"/{}\" is already in use by container \"{}\". You have to remove "
        "(or rename) that container to be able to reuse that name.",
        name, taken->second.full());
}

Result<ContainerId> SimulatedWorld::create(const std::string& name, std::string_view body) {
    const auto wanted = read_body(body);
    if (!wanted) return fail(wanted.error());
    const auto image_name = text_or_empty(*wanted, "Image");
    if (!image_name) return fail(ErrorCode::unavailable, "{}", image_name.error().message);
    const ImagePtr image = images_.find(*image_name);
    if (!image) return fail(ErrorCode::not_found, "No such image: {}", *image_name);
    ContainerId id = id_of(created_);
    auto setup = make_setup(*wanted, image->config, id, host_);
    if (!setup) return fail(setup.error());
    Container readable{.id = id, .name = {}, .image = {}, .labels = {}, .limits = {}, .created_at = {}};
    if (const auto described = describe(readable, *setup); !described)
        return fail(ErrorCode::unavailable, "{}", described.error().message);
    if (const auto checked = check_name(name); !checked) return fail(checked.error());
    ++created_;
    names_.emplace(name, id);
    const auto made =
        containers_.try_emplace(id, id, name, *std::move(setup), image, host_, clock_.now()).first;
    share_load(made->second);
    settle(made->second);
    return id;
}

void SimulatedWorld::share_load(SimulatedContainer& container) {
    const std::string service = shared_service(container);
    if (service.empty()) return;
    auto& replicas = sharing_[service];
    let_time_pass(replicas, clock_.now());
    replicas.push_back(&container);
}

const SimulatedContainer* SimulatedWorld::named(std::string_view name_or_id) const {
    const auto by_name = names_.find(name_or_id);
    const auto id = by_name == names_.end() ? ContainerId::parse(name_or_id) : by_name->second;
    if (!id) return nullptr;
    const auto found = containers_.find(*id);
    return found == containers_.end() ? nullptr : &found->second;
}

bool SimulatedWorld::is_up(const ContainerId& id) const {
    const auto found = containers_.find(id);
    return found != containers_.end() && found->second.is_up();
}

Status SimulatedWorld::start(SimulatedContainer& container) {
    if (container.is_up()) return {};
    auto done = prepare(container);
    if (done) done = container.start();
    if (!done) container.refuse_start(done.error());
    settle(container);
    return done;
}

/// What a container must have before it can run.
Status SimulatedWorld::prepare(SimulatedContainer& container) {
    if (auto done = check_joint_network(container); !done) return done;
    if (auto done = join_networks(container); !done) return done;
    return bind_ports(container);
}

/// With `NetworkMode: container:<name or id>` the other one must run.
Status SimulatedWorld::check_joint_network(const SimulatedContainer& container) const {
    const auto mode = text_or_empty(container.setup().host, "NetworkMode");
    constexpr std::string_view joint = "container:";
    if (!mode || !mode->starts_with(joint)) return {};
    const std::string_view other_name = std::string_view(*mode).substr(joint.size());
    const SimulatedContainer* other = named(other_name);
    if (other == nullptr) return fail(ErrorCode::not_found, "No such container: {}", other_name);
    if (other->is_up()) return {};
    return fail(ErrorCode::conflict, "cannot join network of a non running container: {}",
                other->shown().id.full());
}

Status SimulatedWorld::join_networks(SimulatedContainer& container) {
    std::vector<std::string> networks;
    for (const auto& [network, endpoint] : container.setup().endpoints) networks.emplace_back(network);
    for (const std::string& network : networks)
        if (auto joined = join(container, network); !joined) return joined;
    return {};
}

Status SimulatedWorld::join(SimulatedContainer& container, const std::string& network) {
    const ContainerId& id = container.shown().id;
    auto settings = settings_in(container, network);
    if (!settings) return fail(settings.error());
    if (auto done = add_own_alias(*settings, network, id, host_.api); !done) return done;
    const auto wanted = wanted_address(*settings);
    if (!wanted) return fail(wanted.error());
    const auto before = container.joined().find(network);
    if (before != container.joined().end()) networks_.leave(network, id, before->second);
    auto endpoint =
        networks_.join(network, id, *wanted, [this](const ContainerId& one) { return is_up(one); });
    if (!endpoint) return fail(endpoint.error());
    container.want(network, *std::move(settings));
    container.join(network, *std::move(endpoint));
    return {};
}

Status SimulatedWorld::bind_ports(SimulatedContainer& container) {
    auto wanted = host_ports(container.setup());
    if (!wanted) return fail(wanted.error());
    auto bound = ports_.take(container.shown().id, *std::move(wanted),
                             [this](const ContainerId& id) { return is_up(id); });
    if (!bound) return fail(bound.error());
    container.bind(*std::move(bound));
    return {};
}

Status SimulatedWorld::connect(SimulatedContainer& container, std::string_view network,
                               std::string_view endpoint) {
    const auto name = networks_.find(network);
    if (!name) return fail(name.error());
    if (*name == "host" || *name == "none")
        return fail(ErrorCode::invalid,
                    "container cannot be disconnected from {0} network or connected to {0} network", *name);
    const bool there = container.setup().endpoints.contains(*name);
    if (there && container.is_up()) return {};
    auto settings = read_body(endpoint);
    if (!settings) return fail(settings.error());
    if (auto done = add_own_alias(*settings, *name, container.shown().id, host_.api); !done) return done;
    container.want(*name, *std::move(settings));
    return container.is_up() ? join(container, *name) : Status();
}

Status SimulatedWorld::rename(SimulatedContainer& container, const std::string& name) {
    const std::string old = container.shown().name;
    if (name == old) return {};
    if (auto checked = check_name(name); !checked) return checked;
    auto taken = names_.extract(old);
    taken.key() = name;
    names_.insert(std::move(taken));
    container.rename(name);
    settle(container);
    return {};
}

Status SimulatedWorld::update(SimulatedContainer& container, const Update& update) {
    const SimulatedResources sent = resources_of(update);
    if (auto checked = check_resources(sent, host_.cpus, ResourceCheck::updating); !checked) return checked;
    if (update.restart && update.restart->maximum_retries != 0 &&
        update.restart->policy != RestartPolicy::on_failure)
        return fail(ErrorCode::invalid, "maximum retry count cannot be used with restart policy '{}'",
                    to_string(update.restart->policy));
    auto done = container.update(sent, update.restart);
    settle(container);
    return done;
}

Status SimulatedWorld::remove(SimulatedContainer& container, Removal how) {
    if (container.is_up() && how == Removal::stopped)
        return fail(ErrorCode::conflict,
                    "You cannot remove a {} container {}. Stop the container before attempting removal or "
                    "force remove",
                    to_string(container.shown().state), container.shown().id.full());
    container.destroy();
    take_events(container);
    erase(container);
    return {};
}

void SimulatedWorld::erase(SimulatedContainer& container) {
    const ContainerId id = container.shown().id;
    if (const std::string service = shared_service(container); !service.empty()) {
        std::erase(sharing_.at(service), &container);
        if (sharing_.at(service).empty()) sharing_.erase(service);
    }
    for (const auto& [network, endpoint] : container.joined()) networks_.leave(network, id, endpoint);
    ports_.give_back(id);
    names_.erase(container.shown().name);
    containers_.erase(id);
}

/// Removes those that remove themselves.
void SimulatedWorld::sweep() {
    while (!over_.empty()) {
        const auto found = containers_.find(over_.back());
        over_.pop_back();
        if (found == containers_.end()) continue;
        found->second.destroy();
        take_events(found->second);
        erase(found->second);
    }
}

void SimulatedWorld::restart() {
    std::vector<SimulatedContainer*> coming_back;
    for (auto& [id, container] : containers_) {
        settle(container);
        if (container.end_with_engine()) coming_back.push_back(&container);
        take_events(container);
    }
    for (SimulatedContainer* container : coming_back) (void)start(*container);  // it keeps why it could not
    sweep();
}

}  // namespace rm::docker
