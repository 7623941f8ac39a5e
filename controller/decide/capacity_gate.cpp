// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "config/values.h"
#include "decide/admit.h"
#include "decide/resource_gates.h"

namespace rm::decide {
namespace {

/// What the host has for one replica's limit.
Amount cpu_room(const Host& host, const Context& context) {
    return host.cpus.nanos() - config::amount_of(context.policy.bounds.host_reserve.cpu, host.cpus).nanos();
}

std::string cpu_sentence(const Host& host, const Context& context) {
    const Cores reserve = config::amount_of(context.policy.bounds.host_reserve.cpu, host.cpus);
    return fmt::format("the host has {} CPU, {} of it reserved", print(host.cpus), print(reserve));
}

Bytes memory_reserve(const Host& host, const Context& context) {
    return config::amount_of(context.policy.bounds.host_reserve.memory, host.memory);
}

Amount memory_used(const Host& host) {
    return std::max(host.memory_used->count(), Amount{0});
}

Amount promised_memory(const Host& host) {
    return std::max(host.memory_promised.count(), Amount{0});
}

/// Strategies that start a second replica, or may, need its whole limit beside what is used; the others
/// replace the share of the replica that uses least, which is the hardest to fit.
Amount memory_room(const Host& host, const Context& context, const Sight& sight) {
    const Amount used = memory_used(host);
    const bool beside = runs_beside(context.policy.deployment.strategy);
    const Amount own = beside || !sight.complete ? 0 : std::min(sight.lowest.value_or(0), used);
    const Amount spoken_for = sum(promised_memory(host), memory_reserve(host, context).count());
    return std::max(host.memory.count(), Amount{0}) - sum(spoken_for, used - own);
}

std::string memory_sentence(const Host& host, const Context& context) {
    const auto words = [](Amount amount) { return print_amount(Resource::memory, amount); };
    const Amount promised = promised_memory(host);
    return fmt::format("of the host's {}, {} are used{} and {} reserved", words(host.memory.count()),
                       words(memory_used(host)),
                       promised > 0 ? fmt::format(", {} promised to others", words(promised)) : "",
                       words(memory_reserve(host, context).count()));
}

std::string sentence(const Question& question, const Host& host, const Context& context) {
    return question.sizing.resource == Resource::cpu ? cpu_sentence(host, context)
                                                     : memory_sentence(host, context);
}

Answer no_room(Question& question, const Host& host, const Context& context) {
    const auto resource = question.sizing.resource;
    const Amount to = *question.wanted->to;
    question.wanted->to.reset();
    question.ceiling = "host";
    return held(
        fmt::format("{} would not fit: {}", print_amount(resource, to), sentence(question, host, context)),
        resource == Resource::cpu ? "a larger host, or less bounds.host_reserve.cpu"
                                  : "free memory on the host, or lower bounds.host_reserve.memory");
}

Answer fit(Question& question, const Host& host, const Context& context, Amount room) {
    const auto resource = question.sizing.resource;
    Wanted& wanted = *question.wanted;
    if (*wanted.to <= room) return passed(context, [&] { return sentence(question, host, context); });
    const Amount most = round_down(room, question.sizing.step);
    const Amount from = question.sight.limit.value_or(0);
    const bool worth = most > from && is_worth_it(from, most, context.policy);
    if (wanted.cause == Cause::first_limit || !worth || most < question.sizing.min)
        return no_room(question, host, context);
    wanted.to = most;
    wanted.clamped = "host";
    return passed(context, [&] {
        return fmt::format("cut to {}: {}", print_amount(resource, most), sentence(question, host, context));
    });
}

}  // namespace

Answer host_capacity_gate(Question& question, const Context& context) {
    if (!question.wanted || !question.wanted->to) return idle();
    if (question.wanted->way == Wish::lower && question.sight.limit) return passed("less than before");
    const auto& host = context.service.host;
    const bool is_cpu = question.sizing.resource == Resource::cpu;
    if (!host) return held("what the host has is not known", "passes when the engine tells");
    if (is_cpu) return fit(question, *host, context, cpu_room(*host, context));
    if (!host->memory_used)
        return held("how much of the host's memory is used is not known",
                    "passes when the usage of every running container is known");
    return fit(question, *host, context, memory_room(*host, context, question.sight));
}

}  // namespace rm::decide
