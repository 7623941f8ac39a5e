// SPDX-License-Identifier: Apache-2.0
#include "serve/check_json.h"

#include <cstdint>
#include <map>

#include <boost/json.hpp>

#include "serve/json_words.h"
#include "serve/service_object.h"
#include "serve/verdict_json.h"

namespace rm::serve {
namespace {

namespace json = boost::json;

json::object head(const decide::Check& check) {
    json::array faults;
    faults.reserve(check.faults.size());
    for (const Fault& fault : check.faults)
        faults.emplace_back(json::object{{"what", words(fault.what)},
                                         {"cause", to_string(fault.cause)},
                                         {"message", words(fault.message)}});
    return {{"number", check.number},
            {"counted", check.counted},
            {"at", print_time(check.at)},
            {"took_seconds", seconds(check.took)},
            {"next_at", print_time(check.next)},
            {"dry_run", check.dry_run},
            {"source", words(check.source)},
            {"problem", words_or_null(check.problem)},
            {"faults", std::move(faults)},
            {"requests", check.requests},
            {"missed", check.missed}};
}

/// How many services each gate holds back, and how many want nothing.
json::object tally(const decide::Check& check) {
    std::map<decide::Gate, std::int64_t> held;
    std::int64_t within = 0;
    for (const decide::Assessment& service : check.services) {
        if (service.verdict.proposal) continue;
        if (const decide::GateReport* gate = first_held(service.verdict))
            ++held[gate->gate];
        else
            ++within;
    }
    json::object by_gate;
    for (const auto& [gate, count] : held) by_gate[to_string(gate)] = count;
    return {{"held_by_gate", std::move(by_gate)}, {"within", within}};
}

}  // namespace

std::string services_json(const decide::Check& check, const Pauses& pauses, WallTime now) {
    json::array services;
    services.reserve(check.services.size());
    for (const decide::Assessment& service : check.services)
        services.emplace_back(in_short(service, check.at, pause_of(service, pauses, now)));
    return print(json::object{{"check", head(check)}, {"services", std::move(services)}});
}

std::string service_json(const decide::Check& check, const decide::Assessment& service, const Pauses& pauses,
                         WallTime now) {
    return print(json::object{{"check", head(check)},
                              {"service", in_full(service, check.at, pause_of(service, pauses, now))}});
}

std::string plan_json(const decide::Check& check, const Pauses& pauses, WallTime now) {
    json::array proposals;
    for (const decide::Assessment& service : check.services)
        if (service.verdict.proposal)
            proposals.emplace_back(in_short(service, check.at, pause_of(service, pauses, now)));
    json::object body{{"check", head(check)}, {"proposals", std::move(proposals)}};
    for (auto& member : tally(check)) body[member.key()] = member.value();
    return print(body);
}

std::string pause_json(const store::Pause& pause) {
    return print(json::object{{"service", print(pause.service)}, {"pause", shown(pause)}});
}

std::string resumed_json(const ServiceName& service, bool was_paused) {
    return print(json::object{{"service", print(service)}, {"was_paused", was_paused}});
}

}  // namespace rm::serve
