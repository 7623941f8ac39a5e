// SPDX-License-Identifier: Apache-2.0
#include "decide/admit.h"

#include <algorithm>
#include <optional>
#include <tuple>

#include "decide/quantity.h"
#include "decide/sight.h"

namespace rm::decide {
namespace {

bool is_raised(const std::optional<Bytes>& from, const std::optional<Bytes>& to) {
    return to && (!from || *to > *from);
}

bool raises_memory(const Assessment& service) {
    const auto& proposal = service.verdict.proposal;
    return proposal && is_raised(proposal->from.memory, proposal->to.memory);
}

double fullest(const Assessment& service) {
    double most = 0;
    for (const Signal& signal : service.verdict.signals)
        if (signal.resource == Resource::memory && signal.of_limit)
            most = std::max(most, signal.of_limit->value());
    return most;
}

int rank(config::ServiceClass service_class) {
    switch (service_class) {
        case config::ServiceClass::critical:
            return 0;
        case config::ServiceClass::normal:
            return 1;
        case config::ServiceClass::optional:
            return 2;
    }
    return 2;
}

/// The smaller, the earlier.
auto turn(const Assessment& service) {
    const bool raises = raises_memory(service);
    return std::tuple(!raises, raises ? rank(service.policy->service_class) : 0,
                      !(raises && service.verdict.proposal->oom), raises ? -fullest(service) : 0.0,
                      print(service.service.name));
}

std::vector<Assessment*> in_turn(std::vector<Assessment>& services) {
    std::vector<Assessment*> order;
    for (Assessment& service : services)
        if (service.verdict.proposal) order.push_back(&service);
    std::ranges::sort(order, {}, [](const Assessment* service) { return turn(*service); });
    return order;
}

Bytes promised_to(const Assessment& service) {
    const Proposal& proposal = *service.verdict.proposal;
    const Sight sight =
        look(sizing_of(Resource::memory, *service.policy), service.service, service.verdict.in_force);
    const Bytes own(sight.complete ? sight.lowest.value_or(0) : 0);
    return memory_promised(service.policy->deployment.strategy, proposal.from, proposal.to, own);
}

void decide_again(Assessment& service) {
    service.verdict = decide(service.service, *service.policy, service.rules, service.state, service.at,
                             service.verdict.words);
}

void take_from_host(Assessment& service, Bytes promised) {
    if (!service.service.host || promised == Bytes()) return;
    Bytes& all = service.service.host->memory_promised;
    all = Bytes(sum(all.count(), promised.count()));
    decide_again(service);
}

}  // namespace

bool runs_beside(config::Strategy strategy) {
    return strategy != config::Strategy::in_place && strategy != config::Strategy::recreate;
}

Bytes memory_promised(config::Strategy strategy, const Limits& from, const Limits& to, Bytes own) {
    if (!is_raised(from.memory, to.memory)) return {};
    const Amount limit = std::max(to.memory->count(), Amount{0});
    if (runs_beside(strategy)) return Bytes(limit);
    return Bytes(limit - std::clamp(own.count(), Amount{0}, limit));
}

void admit(std::vector<Assessment>& services, const Begin& begin) {
    Bytes promised;
    for (Assessment* const service : in_turn(services)) {
        if (raises_memory(*service)) take_from_host(*service, promised);
        if (!service->verdict.proposal) continue;
        if (std::string why = begin(*service); !why.empty()) {
            service->service.refused = std::move(why);
            decide_again(*service);
            continue;
        }
        promised = Bytes(sum(promised.count(), promised_to(*service).count()));
    }
}

}  // namespace rm::decide
