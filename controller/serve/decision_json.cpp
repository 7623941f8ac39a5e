// SPDX-License-Identifier: Apache-2.0
#include "serve/decision_json.h"

#include <boost/json.hpp>

#include "serve/json_words.h"
#include "serve/service_object.h"

namespace rm::serve {
namespace {

namespace json = boost::json;

json::value parsed(const std::string& text) {
    json::error_code error;
    json::value value = json::parse(text, error);
    if (error) return nullptr;
    return value;
}

json::object shown(const store::Decision& decision) {
    return {{"at", print_time(decision.at)},
            {"service", print(decision.service)},
            {"outcome", words(decision.outcome)},
            {"from", limits(decision.from)},
            {"to", decision.to ? json::value(limits(*decision.to)) : json::value(nullptr)},
            {"reason", words(decision.reason)}};
}

}  // namespace

std::string decisions_json(const std::vector<store::Decision>& decisions, const std::string& next,
                           bool with_details) {
    json::array all;
    all.reserve(decisions.size());
    for (const store::Decision& decision : decisions) {
        json::object object{{"id", decision.id}};
        for (auto& member : shown(decision)) object[member.key()] = member.value();
        if (with_details) object["details"] = parsed(decision.details);
        all.emplace_back(std::move(object));
    }
    return print(json::object{{"decisions", std::move(all)}, {"next", words_or_null(next)}});
}

std::string decision_line(const store::Decision& decision) {
    json::object object = shown(decision);
    object["details"] = parsed(decision.details);
    return print(object);
}

std::string details(const decide::Check& check, const decide::Assessment& service) {
    std::string text = print(as_decided(service, check));
    text.pop_back();
    return text;
}

}  // namespace rm::serve
