// SPDX-License-Identifier: Apache-2.0
#include "deploy/preflight.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "decide/calendar.h"
#include "deploy/obstacles.h"

namespace rm::deploy {
namespace {

using config::Strategy;

void append(Sentences& sentences, const Sentences& more) {
    sentences.insert(sentences.end(), more.begin(), more.end());
}

/// Nothing: no window is set.
std::optional<bool> in_window(const Subject& subject) {
    const auto& adjustment = subject.policy.adjustment;
    if (!adjustment.maintenance_window) return std::nullopt;
    const auto local = decide::local_time(adjustment.timezone, subject.now);
    return local && adjustment.maintenance_window->contains(local->time);
}

Sentences against_time(const Subject& subject) {
    if (in_window(subject).value_or(true)) return {};
    return {fmt::format("it stops the service, and now is not within the maintenance window {}",
                        print(*subject.policy.adjustment.maintenance_window))};
}

/// The options with what speaks against them, on account of one replica.
void look_at(const Subject& subject, const Candidate& replica, Sentences& blue_green, Sentences& in_place,
             Sentences& recreate) {
    append(in_place, against_changing(subject, replica));
    const auto wiring = docker::read_wiring(replica.document);
    if (!wiring) {
        const auto unreadable =
            fmt::format("{} could not be read: {}", replica.container.name, wiring.error().message);
        blue_green.push_back(unreadable);
        recreate.push_back(unreadable);
        return;
    }
    const Sentences replacing = against_replacing(subject, replica, *wiring);
    append(blue_green, against_two(subject, replica, *wiring));
    append(blue_green, replacing);
    append(recreate, replacing);
}

std::vector<Option> options_of(const Subject& subject) {
    Sentences common = against_limits(subject);
    if (subject.replicas.empty())
        common.push_back(fmt::format("{} has no container", print(subject.service)));
    Option blue_green{.strategy = Strategy::blue_green, .against = common};
    Option in_place{.strategy = Strategy::in_place, .against = common};
    Option recreate{.strategy = Strategy::recreate, .against = common};
    Option script{.strategy = Strategy::script, .against = common};
    for (const Candidate& replica : subject.replicas)
        look_at(subject, replica, blue_green.against, in_place.against, recreate.against);
    append(recreate.against, against_time(subject));
    for (Option* const option : {&blue_green, &in_place, &recreate, &script})
        append(option->against, against_permissions(subject, option->strategy));
    if (subject.policy.deployment.script.empty())
        script.against.emplace_back("deployment.script names no program");
    return {std::move(blue_green), std::move(in_place), std::move(recreate), std::move(script)};
}

std::string reasons(const Option& option) {
    return fmt::format("{} is not possible: {}", to_string(option.strategy), fmt::join(option.against, "; "));
}

void choose_alone(Preflight& result, Strategy wanted, std::string_view how) {
    const Option& option = result.option(wanted);
    if (option.is_possible()) {
        result.strategy = wanted;
        result.why = fmt::format("it is {}", how);
    } else {
        result.why = fmt::format("{} is {}, and {}", to_string(wanted), how, reasons(option));
    }
}

void choose_first_possible(Preflight& result, const Subject& subject) {
    Sentences passed_over;
    for (const Strategy strategy : {Strategy::blue_green, Strategy::in_place, Strategy::recreate}) {
        const Option& option = result.option(strategy);
        const bool is_outage = strategy == Strategy::recreate && !in_window(subject);
        if (option.is_possible() && !is_outage) {
            result.strategy = strategy;
            break;
        }
        passed_over.push_back(
            option.is_possible()
                ? std::string("recreate stops the service, which auto does in a maintenance window only")
                : reasons(option));
    }
    result.why = passed_over.empty() ? "it is the first choice of auto"
                                     : fmt::format("{}", fmt::join(passed_over, ". "));
}

}  // namespace

const Option& Preflight::option(Strategy wanted) const {
    const auto found = std::ranges::find(options, wanted, &Option::strategy);
    return found == options.end() ? options.front() : *found;
}

Preflight preflight(const Subject& subject) {
    Preflight result{.options = options_of(subject), .strategy = {}, .why = {}};
    const Strategy wanted = subject.asked_for.value_or(subject.policy.deployment.strategy);
    if (wanted == Strategy::automatic)
        choose_first_possible(result, subject);
    else
        choose_alone(result, wanted, subject.asked_for ? "asked for" : "configured");
    return result;
}

}  // namespace rm::deploy
