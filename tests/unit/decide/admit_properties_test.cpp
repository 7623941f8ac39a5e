// SPDX-License-Identifier: Apache-2.0
// Whatever the services of a check want together: the host has it.
#include <algorithm>
#include <map>
#include <memory>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "decide/admit.h"
#include "tests/unit/decide/situation.h"

namespace rm::decide::test {
namespace {

std::int64_t any_of(std::int64_t from, std::int64_t to) {
    return *rc::gen::inRange<std::int64_t>(from, to);
}

/// Several services on one host, most of which want more memory.
std::vector<Assessment> any_services() {
    const Host host{.cpus = Cores::whole(8),
                    .memory = Bytes::mebi(16'384),
                    .memory_used = Bytes::mebi(any_of(0, 14'000)),
                    .memory_promised = Bytes::mebi(any_of(0, 2) * any_of(0, 4096))};
    std::vector<Assessment> services;
    const auto count = any_of(1, 12);
    for (std::int64_t i = 0; i < count; ++i) {
        Situation web;
        web.view.name = ServiceName::parse(fmt::format("shop/web{}", i)).value();
        web.limit(cores("1"), Bytes::mebi(any_of(128, 4096)));
        web.use(0.5, (any_of(0, 4) == 0 ? 0.1 : 0.75) + static_cast<double>(any_of(0, 20)) / 100);
        web.view.host = host;
        web.policy.service_class = *rc::gen::element(
            config::ServiceClass::critical, config::ServiceClass::normal, config::ServiceClass::optional);
        web.policy.deployment.strategy =
            *rc::gen::element(config::Strategy::blue_green, config::Strategy::in_place,
                              config::Strategy::recreate, config::Strategy::automatic);
        web.policy.adjustment.increase_factor = Ratio(1 + static_cast<double>(any_of(6, 150)) / 100);
        (void)web.checks(static_cast<int>(web.policy.thresholds.consecutive_checks) - 1);
        services.push_back({.shown_as = fmt::format("web{}", i),
                            .service = web.view,
                            .policy = std::make_shared<const config::ServicePolicy>(web.policy),
                            .rules = web.rules,
                            .state = web.state,
                            .at = web.now,
                            .verdict = web.look()});
    }
    return services;
}

/// What may be used in the end of what was begun, by the one who begins it.
Bytes wanted_by(const Assessment& service) {
    return memory_promised(service.policy->deployment.strategy, service.verdict.proposal->from,
                           service.verdict.proposal->to,
                           service.service.replicas.front().usage.memory.value());
}

bool raises(const Assessment& service) {
    return service.verdict.proposal &&
           service.verdict.proposal->to.memory > service.verdict.proposal->from.memory;
}

RC_GTEST_PROP(Together, raises_never_want_more_than_the_host_has_left, ()) {
    std::vector<Assessment> services = any_services();
    const Host host = *services.front().service.host;
    std::int64_t left = host.memory.count() - host.memory_used->count() - host.memory_promised.count() -
                        host.memory.count() / 20;
    int begun = 0;
    admit(services, [&](const Assessment& service) -> std::string {
        if (any_of(0, 4) == 0) return "not now";
        if (!raises(service)) return {};
        ++begun;
        left -= wanted_by(service).count();
        RC_ASSERT(left >= 0);
        return {};
    });
    RC_CLASSIFY(begun > 1, "several raises");
}

RC_GTEST_PROP(Together, a_raise_never_gets_more_than_it_would_alone, ()) {
    const std::vector<Assessment> alone = any_services();
    std::vector<Assessment> services = alone;
    admit(services, [](const Assessment&) { return std::string(); });
    for (std::size_t i = 0; i < services.size(); ++i) {
        if (!services[i].verdict.proposal) continue;
        RC_ASSERT(alone[i].verdict.proposal.has_value());
        const Limits& to = services[i].verdict.proposal->to;
        const Limits& would_be = alone[i].verdict.proposal->to;
        RC_ASSERT(bool(to.memory <= would_be.memory && to.cpu == would_be.cpu));
    }
}

RC_GTEST_PROP(Together, the_order_in_which_services_are_found_does_not_matter, ()) {
    std::vector<Assessment> services = any_services();
    std::vector<Assessment> reversed(services.rbegin(), services.rend());
    std::vector<std::string> first;
    std::vector<std::string> second;
    const auto note_in = [](std::vector<std::string>& names) {
        return [&names](const Assessment& service) {
            names.push_back(service.shown_as + " " + print(service.verdict.proposal->to));
            return std::string();
        };
    };
    admit(services, note_in(first));
    admit(reversed, note_in(second));
    RC_ASSERT(first == second);
}

RC_GTEST_PROP(Together, no_raise_goes_before_one_of_a_more_important_class, ()) {
    std::vector<Assessment> services = any_services();
    auto last = config::ServiceClass::critical;
    admit(services, [&](const Assessment& service) {
        if (!raises(service)) return std::string();
        RC_ASSERT(service.policy->service_class >= last);
        last = service.policy->service_class;
        return std::string();
    });
}

}  // namespace
}  // namespace rm::decide::test
