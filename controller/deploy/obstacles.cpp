// SPDX-License-Identifier: Apache-2.0
#include "deploy/obstacles.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "core/duration.h"
#include "docker/clone.h"

namespace rm::deploy {
namespace {

constexpr Cores smallest_cpu = Cores::from_nanos(10'000'000);
constexpr Bytes smallest_memory = Bytes::mebi(6);

std::string_view kind_of_mount(bool is_anonymous, bool is_volume) {
    if (is_anonymous) return "anonymous volume";
    return is_volume ? "volume" : "folder";
}

using docker::Container;
using docker::ContainerState;
using docker::Wiring;

/// `8000-8010` is a choice, and so is 0, which means any; `8080` and `8080-8080` are not.
bool is_fixed(const std::string& port) {
    const auto dash = port.find('-');
    return !port.empty() && port != "0" &&
           (dash == std::string::npos || port.substr(0, dash) == port.substr(dash + 1));
}

void add_ports(const Wiring& wiring, Sentences& against) {
    for (const auto& port : wiring.ports)
        if (is_fixed(port.host))
            against.push_back(
                fmt::format("{} publishes the host's port {} (for {}), which only one container can have",
                            wiring.name, port.host, port.inside));
}

void add_network(const Wiring& wiring, Sentences& against) {
    if (wiring.network_mode == "host")
        against.push_back(fmt::format(
            "{} uses the network of the host, where two containers would want the same ports", wiring.name));
    if (wiring.network_mode.starts_with("container:"))
        against.push_back(fmt::format(
            "{} uses the network of another container, where two would want the same ports", wiring.name));
    for (const auto& fixed : wiring.addresses)
        against.push_back(fmt::format("{} has the fixed address {} in the network {}", wiring.name,
                                      fixed.address, fixed.network));
    if (!wiring.mac_address.empty())
        against.push_back(fmt::format("{} has the fixed MAC address {}", wiring.name, wiring.mac_address));
}

/// Sockets are there to be used by many.
bool is_socket(const docker::MountedPlace& mount) {
    return !mount.is_volume && mount.source.ends_with(".sock");
}

void add_volumes(const Wiring& wiring, Sentences& against) {
    constexpr std::size_t brief = 12;
    for (const auto& mount : wiring.mounts) {
        if (!mount.writable || is_socket(mount)) continue;
        const bool is_anonymous = mount.is_volume && mount.source.size() == 64;
        against.push_back(fmt::format(
            "{} writes to the {} {} at {}, and two containers at once might damage what is there: "
            "deployment.share_volumes allows it",
            wiring.name, kind_of_mount(is_anonymous, mount.is_volume),
            is_anonymous ? mount.source.substr(0, brief) : mount.source, mount.target));
    }
}

bool takes_over(ContainerState state) {
    return state == ContainerState::running || state == ContainerState::restarting;
}

void add_users(const Subject& subject, const Wiring& wiring, Sentences& against) {
    for (const Wiring& other : subject.others)
        for (const std::string_view use : docker::uses_of(other, wiring))
            against.push_back(fmt::format("{} {} {}, and would lose it", other.name, use, wiring.name));
    for (const std::string& unseen : subject.unseen)
        against.push_back(fmt::format("{} could not be looked at, and might use {}", unseen, wiring.name));
}

void add_health(const Subject& subject, const Container& container, Sentences& against) {
    if (subject.policy.deployment.health.by != config::HealthBy::docker) return;
    const auto& check = container.health_check;
    const Duration timeout = subject.policy.deployment.health_timeout;
    if (!check)
        against.push_back(
            fmt::format("{} has no health check, so that nobody could tell whether a new container works: "
                        "deployment.health says how else to know",
                        container.name));
    else if (check->first_probe() >= timeout)
        against.push_back(fmt::format(
            "{} is probed for the first time after {}, when deployment.health_timeout of {} is over",
            container.name, print(check->first_probe()), print(timeout)));
}

/// Both at once, on a host where nothing is known of what is used, would have to fit by their limits.
void add_memory(const Subject& subject, const Container& container, Sentences& against) {
    const auto wanted = subject.wanted.value_or(container.limits).memory;
    const auto beside = subject.memory_used ? subject.memory_used : container.limits.memory;
    if (!wanted || !beside || beside->count() <= subject.engine.memory.count() - wanted->count()) return;
    against.push_back(fmt::format("a second {} with {} of memory does not fit: the host has {}, and {} {}",
                                  container.name, print(*wanted), print_rounded(subject.engine.memory),
                                  print_rounded(*beside),
                                  subject.memory_used ? "are used" : "belong to the first"));
}

}  // namespace

Sentences against_two(const Subject& subject, const Candidate& replica, const Wiring& wiring) {
    Sentences against;
    const Container& container = replica.container;
    if (!takes_over(container.state))
        against.push_back(fmt::format("{} is {}: there is nothing to take over from", container.name,
                                      to_string(container.state)));
    add_ports(wiring, against);
    add_network(wiring, against);
    if (!subject.policy.deployment.share_volumes) add_volumes(wiring, against);
    add_memory(subject, container, against);
    return against;
}

Sentences against_replacing(const Subject& subject, const Candidate& replica, const Wiring& wiring) {
    Sentences against;
    const Container& container = replica.container;
    if (wiring.auto_remove)
        against.push_back(fmt::format(
            "{} is removed as soon as it stops (AutoRemove): there would be nothing to go back to",
            wiring.name));
    if (wiring.of_swarm)
        against.push_back(fmt::format("{} belongs to Swarm, which replaces containers itself", wiring.name));
    add_users(subject, wiring, against);
    add_health(subject, container, against);
    const auto clone = docker::clone(replica.document, {.name = container.name,
                                                        .limits = subject.wanted.value_or(container.limits),
                                                        .labels = {},
                                                        .api = docker::newest_api,
                                                        .keep_addresses = true});
    if (!clone)
        against.push_back(
            fmt::format("another one like {} can't be made: {}", container.name, clone.error().message));
    return against;
}

Sentences against_changing(const Subject& subject, const Candidate& replica) {
    Sentences against;
    const Container& container = replica.container;
    const bool runs = container.state == ContainerState::running || container.state == ContainerState::paused;
    if (!runs)
        against.push_back(fmt::format("{} is {}: its limits could not be confirmed", container.name,
                                      to_string(container.state)));
    if (!subject.wanted) return against;
    if (container.limits.memory && !subject.wanted->memory)
        against.push_back(
            fmt::format("the memory limit of {} can't be taken away while it runs", container.name));
    if (container.limits.cpu && !subject.wanted->cpu)
        against.push_back(
            fmt::format("the CPU limit of {} can't be taken away while it runs", container.name));
    return against;
}

Sentences against_permissions(const Subject& subject, config::Strategy strategy) {
    const config::Deployment& policy = subject.policy.deployment;
    std::vector<docker::Feature> needed;
    if (strategy == config::Strategy::in_place)
        needed.push_back(docker::Feature::in_place);
    else if (strategy != config::Strategy::script)
        needed.push_back(docker::Feature::replacing);
    if (policy.health.by == config::HealthBy::command) needed.push_back(docker::Feature::programs_inside);
    if (strategy == config::Strategy::blue_green) {
        if (policy.drain_by == config::DrainBy::file) needed.push_back(docker::Feature::drain_file);
        if (policy.drain_by == config::DrainBy::command) needed.push_back(docker::Feature::programs_inside);
    }
    Sentences against;
    for (const docker::Lack& lack : subject.permissions.lacks)
        if (std::ranges::find(needed, lack.feature) != needed.end()) against.push_back(print(lack));
    return against;
}

Sentences against_limits(const Subject& subject) {
    Sentences against;
    if (!subject.wanted) return against;
    const auto& [cpu, memory] = *subject.wanted;
    if (cpu && *cpu > subject.engine.cpus)
        against.push_back(
            fmt::format("{} CPU are wanted, and the host has {}", print(*cpu), print(subject.engine.cpus)));
    if (cpu && *cpu < smallest_cpu)
        against.push_back(fmt::format("{} CPU are wanted, and the kernel takes no less than {}", print(*cpu),
                                      print(smallest_cpu)));
    if (memory && *memory < smallest_memory)
        against.push_back(fmt::format("{} of memory are wanted, and the engine takes no less than {}",
                                      print(*memory), print(smallest_memory)));
    if (memory && *memory > subject.engine.memory)
        against.push_back(fmt::format("{} of memory are wanted, and the host has {}", print(*memory),
                                      print_rounded(subject.engine.memory)));
    return against;
}

}  // namespace rm::deploy
