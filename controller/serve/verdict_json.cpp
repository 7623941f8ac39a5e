// SPDX-License-Identifier: Apache-2.0
#include "serve/verdict_json.h"

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "serve/json_words.h"

namespace rm::serve {
namespace {

namespace json = boost::json;
using decide::Resource;
using decide::Signal;
using decide::Verdict;

const decide::Replica& replica_of(const decide::Assessment& service, const Signal& seen) {
    return service.service.replicas.at(seen.replica);
}

json::object signal(const Signal& seen, const decide::Replica& replica) {
    json::object object{{"resource", to_string(seen.resource)},
                        {"replica", words(replica.name)},
                        {"usage_ratio", amount(seen.of_limit)},
                        {"gap", seen.gap ? json::value(to_string(*seen.gap)) : json::value(nullptr)}};
    const Usage& usage = replica.usage;
    if (seen.resource == Resource::cpu) {
        put(object, "usage_cores", "usage_gap", usage.cpu);
        object["limit_cores"] = amount(replica.limits.cpu);
        put(object, "trend_cores", "trend_gap", usage.cpu_trend);
        put(object, "throttled_ratio", "throttled_gap", usage.throttled);
        return object;
    }
    put(object, "usage_bytes", "usage_gap", usage.memory);
    object["limit_bytes"] = amount(replica.limits.memory);
    put(object, "trend_bytes", "trend_gap", usage.memory_trend);
    put(object, "oom_kills", "oom_kills_gap", usage.oom_kills);
    return object;
}

/// How much a signal counts when one of them has to stand for the service.
double weight(const Signal& seen, const Usage& usage) {
    if (seen.of_limit) return 1 + seen.of_limit->value();
    const bool cpu = seen.resource == Resource::cpu;
    if (cpu ? usage.cpu.has_value() : usage.memory.has_value()) return 0;
    return -1;
}

const Signal* busiest(const decide::Assessment& service, Resource resource) {
    const auto weight_of = [&](const Signal& seen) { return weight(seen, replica_of(service, seen).usage); };
    const Signal* found = nullptr;
    for (const Signal& seen : service.verdict.signals)
        if (seen.resource == resource && (found == nullptr || weight_of(seen) > weight_of(*found)))
            found = &seen;
    return found;
}

/// Why a replica's usage is not known; of the first such one.
std::optional<Gap> gap_of(const Verdict& verdict, Resource resource) {
    for (const Signal& seen : verdict.signals)
        if (seen.resource == resource && seen.gap) return seen.gap;
    return std::nullopt;
}

}  // namespace

json::array signals(const decide::Assessment& service) {
    json::array all;
    all.reserve(service.verdict.signals.size());
    for (const Signal& seen : service.verdict.signals)
        all.emplace_back(signal(seen, replica_of(service, seen)));
    return all;
}

json::array gates(const decide::Assessment& service) {
    const std::vector<decide::GateReport> reports = every_gate(service);
    json::array all;
    all.reserve(reports.size());
    for (const decide::GateReport& gate : reports)
        all.emplace_back(json::object{
            {"gate", to_string(gate.gate)},
            {"resource", gate.resource ? json::value(to_string(*gate.resource)) : json::value(nullptr)},
            {"outcome", to_string(gate.outcome)},
            {"reason", words(gate.reason)},
            {"remedy", words_or_null(gate.remedy)}});
    return all;
}

json::value proposal(const Verdict& verdict) {
    if (!verdict.proposal) return nullptr;
    const decide::Proposal& made = *verdict.proposal;
    return json::object{{"from", limits(made.from)},
                        {"to", limits(made.to)},
                        {"because_of_oom", made.oom},
                        {"cpu_clamped_by", words_or_null(made.clamped_cpu)},
                        {"memory_clamped_by", words_or_null(made.clamped_memory)},
                        {"reason", words(made.reason)}};
}

json::object resource(const decide::Assessment& service, Resource resource) {
    const Verdict& verdict = service.verdict;
    const config::Thresholds& thresholds = service.policy->thresholds;
    const bool cpu = resource == Resource::cpu;
    const Signal* seen = busiest(service, resource);
    const Usage usage = seen == nullptr ? Usage() : replica_of(service, *seen).usage;
    const std::optional<Gap> gap = seen == nullptr ? Gap::absent : gap_of(verdict, resource);
    const auto optional = [](const auto& reading) {
        return reading ? amount(std::optional(*reading)) : json::value(nullptr);
    };
    json::object object;
    object[cpu ? "usage_cores" : "usage_bytes"] = cpu ? optional(usage.cpu) : optional(usage.memory);
    object[cpu ? "limit_cores" : "limit_bytes"] =
        cpu ? amount(verdict.in_force.cpu) : amount(verdict.in_force.memory);
    object["usage_ratio"] = seen == nullptr ? json::value(nullptr) : amount(seen->of_limit);
    object["gap"] = gap ? json::value(to_string(*gap)) : json::value(nullptr);
    object["high_ratio"] = plain(cpu ? thresholds.cpu_high : thresholds.memory_high);
    object["low_ratio"] = plain(cpu ? thresholds.cpu_low : thresholds.memory_low);
    object["wish"] = to_string(cpu ? verdict.cpu : verdict.memory);
    object["streak"] = cpu ? verdict.next.streaks.cpu : verdict.next.streaks.memory;
    object["at_maximum"] = cpu ? verdict.cpu_at_maximum : verdict.memory_at_maximum;
    object["at_maximum_by"] = words_or_null(cpu ? verdict.cpu_ceiling : verdict.memory_ceiling);
    return object;
}

std::string_view outcome(const Verdict& verdict) {
    if (verdict.proposal) return "proposed";
    return first_held(verdict) == nullptr ? "within" : "held";
}

}  // namespace rm::serve
