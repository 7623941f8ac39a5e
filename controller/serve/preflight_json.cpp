// SPDX-License-Identifier: Apache-2.0
#include "serve/preflight_json.h"

#include <boost/json.hpp>

#include "serve/json_words.h"

namespace rm::serve {
namespace {

namespace json = boost::json;

json::array sentences(const std::vector<std::string>& texts) {
    json::array all;
    all.reserve(texts.size());
    for (const std::string& text : texts) all.emplace_back(words(text));
    return all;
}

json::value maybe_limits(const std::optional<Limits>& amounts) {
    return amounts ? json::value(limits(*amounts)) : json::value(nullptr);
}

json::object shown(const PreflightOf& one) {
    json::array options;
    for (const PreflightOption& option : one.options)
        options.emplace_back(json::object{{"strategy", to_string(option.strategy)},
                                          {"possible", option.against.empty()},
                                          {"against", sentences(option.against)}});
    return {{"name", print(one.service)},
            {"shown_as", words(one.shown_as)},
            {"managed", one.managed},
            {"configured", to_string(one.configured)},
            {"strategy", one.strategy ? json::value(to_string(*one.strategy)) : json::value(nullptr)},
            {"why", words(one.why)},
            {"options", std::move(options)},
            {"replicas", sentences(one.replicas)},
            {"from", maybe_limits(one.from)},
            {"to", maybe_limits(one.to)},
            {"steps", sentences(one.steps)},
            {"under_way", one.under_way ? json::value(*one.under_way) : json::value(nullptr)}};
}

}  // namespace

std::string preflight_json(const PreflightReport& report) {
    json::array services;
    services.reserve(report.services.size());
    for (const PreflightOf& one : report.services) services.emplace_back(shown(one));
    return print(json::object{{"at", print_time(report.at)}, {"services", std::move(services)}});
}

}  // namespace rm::serve
