// SPDX-License-Identifier: Apache-2.0
#include "docker/simulation/events.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

namespace rm::docker {
namespace {

/// `health_status` stands for `health_status: healthy` too.
bool is_action(std::string_view action, std::string_view wanted) {
    return action.starts_with(wanted) && (action.size() == wanted.size() || action[wanted.size()] == ':');
}

bool is_wanted(const Event& event, const EventsWanted& wanted) {
    return (!wanted.since || event.at >= *wanted.since) && (!wanted.until || event.at <= *wanted.until) &&
           (wanted.actions.empty() || std::ranges::any_of(wanted.actions, [&](const std::string& action) {
                return is_action(event.action, action);
            }));
}

}  // namespace

void SimulatedEvents::add(std::vector<Event> events) {
    std::vector<std::pair<WallTime, std::size_t>> order;  // those of one time stay as they came
    order.reserve(events.size());
    for (const Event& event : events) order.emplace_back(event.at, order.size());
    std::ranges::sort(order);
    for (const auto& [at, index] : order) {
        kept_.push_back(std::move(events[index]));
        if (kept_.size() > most_kept) kept_.pop_front();
    }
    next_ += events.size();
}

std::vector<Event> SimulatedEvents::from(std::uint64_t number, const EventsWanted& wanted) const {
    const std::uint64_t first = next_ - kept_.size();
    const std::uint64_t skipped = std::min<std::uint64_t>(std::max(number, first) - first, kept_.size());
    std::vector<Event> events;
    std::copy_if(kept_.begin() + static_cast<std::ptrdiff_t>(skipped), kept_.end(),
                 std::back_inserter(events), [&](const Event& event) { return is_wanted(event, wanted); });
    return events;
}

}  // namespace rm::docker
