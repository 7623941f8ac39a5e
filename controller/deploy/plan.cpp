// SPDX-License-Identifier: Apache-2.0
#include "deploy/plan.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

#include "core/text.h"
#include "docker/services.h"

namespace rm::deploy {
namespace {

using docker::Container;
using docker::ContainerSummary;

constexpr std::string_view compose_project = "com.docker.compose.project";
constexpr std::string_view compose_service = "com.docker.compose.service";

std::string label(const docker::Labels& labels, std::string_view name) {
    const auto found = labels.find(std::string(name));
    return found == labels.end() ? std::string() : found->second;
}

int number_of(const docker::Labels& labels) {
    const std::string text = label(labels, docker::compose_number);
    int number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    return read.ec == std::errc() && read.ptr == text.data() + text.size() && number > 0 ? number : 0;
}

/// The part of a name that Compose gave before the number: `shop-web-`, `shop_web_`; empty for a name that
/// somebody chose.
std::string stem_of(const Container& container) {
    const int number = number_of(container.labels);
    if (number == 0) return {};
    for (const char between : {'-', '_'}) {
        std::string stem = label(container.labels, compose_project) + between +
                           label(container.labels, compose_service) + between;
        if (container.name == stem + std::to_string(number)) return stem;
    }
    return {};
}

class Names {
public:
    explicit Names(std::span<const ContainerSummary> containers) {
        for (const ContainerSummary& one : containers) names_.insert(one.name);
    }

    /// The lowest number that makes `stem` a free name, which is taken from then on.
    int take_number(const std::string& stem) {
        int number = 1;
        while (names_.contains(stem + std::to_string(number))) ++number;
        names_.insert(stem + std::to_string(number));
        return number;
    }

    void give_back(const std::string& name) { names_.erase(name); }

private:
    std::set<std::string> names_;
};

Replacement replacement(const Container& blue, const Limits& to, const std::string& token, Names& names) {
    Replacement replica{.blue = blue.id,
                        .blue_name = blue.name,
                        .blue_number = number_of(blue.labels),
                        .blue_restart = blue.restart,
                        .from = blue.limits,
                        .to = overlaid(blue.limits, to)};
    const std::string stem = stem_of(blue);
    if (stem.empty()) {
        replica.green_name = blue.name + "." + token;
        replica.final_name = blue.name;
        replica.green_number = replica.blue_number;
        return replica;
    }
    replica.green_number = names.take_number(stem);
    replica.green_name = replica.final_name = stem + std::to_string(replica.green_number);
    names.give_back(blue.name);
    return replica;
}

}  // namespace

Result<Deployment> plan(const Wish& wish, std::span<const Container> replicas, const Taken& taken,
                        std::string token, WallTime now) {
    if (replicas.empty()) return fail(ErrorCode::not_found, "{} has no container", print(wish.service));
    Names names(taken.containers);
    Deployment deployment{.token = std::move(token),
                          .engine = {},
                          .service = wish.service,
                          .strategy = wish.strategy.value_or(config::Strategy::blue_green),
                          .requested_by = wish.requested_by,
                          .reason = wish.reason,
                          .from = replicas.front().limits,
                          .to = overlaid(replicas.front().limits, wish.to),
                          .created_at = now,
                          .phase_since = now,
                          .replicas = {}};
    for (const Container& blue : replicas)
        if (overlaid(blue.limits, wish.to) != blue.limits)
            deployment.replicas.push_back(replacement(blue, wish.to, deployment.token, names));
    if (deployment.replicas.empty())
        return fail(ErrorCode::conflict, "{} has {} already", print(wish.service), print(deployment.to));
    return deployment;
}

}  // namespace rm::deploy
