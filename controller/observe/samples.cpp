// SPDX-License-Identifier: Apache-2.0
#include "observe/samples.h"

#include <algorithm>
#include <atomic>
#include <string_view>
#include <thread>
#include <utility>

#include "core/fault.h"

namespace rm::observe {
namespace {

constexpr std::string_view project_label = "com.docker.compose.project";
constexpr std::string_view service_label = "com.docker.compose.service";
constexpr Duration inspect_again_after = std::chrono::minutes(1);
// An event may be written a little later than its time says.
constexpr Duration overlap_of_events = std::chrono::seconds(2);
// So many failures in a row are the engine's and not a container's.
constexpr int most_failures = 3;

void keep_only_compose(docker::Labels& labels) {
    std::erase_if(labels, [](const auto& label) {
        return label.first != project_label && label.first != service_label;
    });
}

std::string label(const docker::Labels& labels, std::string_view name) {
    const auto found = labels.find(std::string(name));
    return found == labels.end() ? std::string() : found->second;
}

Usage all_gaps(Gap cause) {
    Usage usage;
    usage.cpu = usage.cpu_trend = tl::unexpected(cause);
    usage.memory = usage.memory_trend = tl::unexpected(cause);
    usage.throttled = tl::unexpected(cause);
    usage.oom_kills = tl::unexpected(cause);
    return usage;
}

}  // namespace

Samples::Samples(docker::Engine& engine, const Clock& clock, SamplesOptions options)
    : engine_(engine), clock_(clock), options_(options) {}

void Samples::reach_back(const Reach& reach) {
    const std::scoped_lock lock(mutex_);
    options_.reach = reach;
}

void Samples::take(const std::stop_token& stop) {
    auto listed = engine_.list(stop);
    if (stop.stop_requested()) return;
    if (!listed) {
        end_round(fault_of("engine", listed.error()));
        return;
    }
    const bool sampled = sample_all(merge(*std::move(listed)), stop);
    if (stop.stop_requested()) return;
    if (!sampled) {
        end_round(Fault{.what = "engine",
                        .cause = Gap::unavailable,
                        .message = "the engine lists containers, but gives no statistics of them"});
        return;
    }
    count_ooms(stop);
    if (!stop.stop_requested()) end_round(std::nullopt);
}

void Samples::end_round(std::optional<Fault> engine) {
    const std::scoped_lock lock(mutex_);
    engine_fault_ = std::move(engine);
    ran_ = true;
}

/// Takes over what is there now, and gives those that run.
std::vector<ContainerId> Samples::merge(std::vector<docker::ContainerSummary> listed) {
    std::vector<ContainerId> running;
    running.reserve(listed.size());
    const std::scoped_lock lock(mutex_);
    std::map<ContainerId, Entry> kept;
    for (docker::ContainerSummary& summary : listed) {
        keep_only_compose(summary.labels);
        const ContainerId id = summary.id;
        auto known = entries_.extract(id);
        if (!known) {
            kept.emplace(id, Entry{.summary = std::move(summary)});
        } else {
            known.mapped().summary = std::move(summary);
            kept.insert(std::move(known));
        }
        Entry& entry = kept.at(id);
        if (entry.summary.state == docker::ContainerState::running)
            running.push_back(id);
        else
            entry.history = History();
    }
    entries_ = std::move(kept);
    return running;
}

/// False if the engine does not keep up.
bool Samples::sample_all(const std::vector<ContainerId>& running, const std::stop_token& stop) {
    std::atomic<std::size_t> next = 0;
    std::atomic<int> failures = 0;  // in a row
    const auto work = [&] {
        while (!stop.stop_requested() && failures < most_failures) {
            const std::size_t mine = next++;
            if (mine >= running.size()) return;
            if (sample(running[mine], stop))
                failures = 0;
            else
                ++failures;
        }
    };
    {
        std::vector<std::jthread> helpers;
        for (std::size_t i = 1; i < std::min(options_.at_once, running.size()); ++i)
            helpers.emplace_back(work);
        work();
    }
    return failures < most_failures;
}

/// False if the engine is to blame.
bool Samples::sample(const ContainerId& id, const std::stop_token& stop) {
    const auto stats = engine_.stats(id, stop);
    const Instant now = clock_.now();
    {
        const std::scoped_lock lock(mutex_);
        Entry& entry = entries_.at(id);
        entry.failure = stats ? std::nullopt : std::optional(gap_of(stats.error().code));
        if (!stats) return stats.error().code == ErrorCode::not_found;
        const auto& last = entry.history.last();
        if (!last || last->read_at != stats->read_at) entry.sampled_at = now.wall;
        entry.history.add(*stats, now.steady, options_.reach, options_.memory);
        engine_now_ = std::max(engine_now_, stats->read_at);
        const bool known = entry.details && now.steady - entry.details->at < inspect_again_after;
        if (!options_.inspect || known) return true;
    }
    inspect(id, stop);
    return true;
}

/// Without an answer the export shows what was known before.
void Samples::inspect(const ContainerId& id, const std::stop_token& stop) {
    const auto container = engine_.inspect(id, stop);
    if (!container) return;
    const std::scoped_lock lock(mutex_);
    entries_.at(id).details =
        Details{.limits = container->limits, .started_at = container->started_at, .at = clock_.now().steady};
}

void Samples::count_ooms(const std::stop_token& stop) {
    docker::EventsWanted wanted{.since = {}, .until = {}, .actions = {"oom"}};
    {
        const std::scoped_lock lock(mutex_);
        if (engine_now_ == WallTime()) return;  // nothing runs, and the engine's time is not known
        if (!counted_to_) counted_to_ = engine_now_;
        if (engine_now_ <= *counted_to_) return;
        wanted.since = *counted_to_ - overlap_of_events;
        wanted.until = engine_now_;  // in the engine's past, so that the call ends
    }
    const auto on_event = [&](const docker::Event& event) {
        note_oom(event);
        return true;
    };
    const Status told = engine_.events(wanted, on_event, stop);
    const std::scoped_lock lock(mutex_);
    if (told) counted_to_ = wanted.until;
    events_fault_ = told ? std::nullopt : std::optional(fault_of("oom_kills", told.error()));
}

void Samples::note_oom(const docker::Event& event) {
    const auto id = ContainerId::parse(event.actor);
    if (!id || event.action != "oom") return;
    const std::scoped_lock lock(mutex_);
    const auto found = entries_.find(*id);
    // What was told before comes again, because the calls overlap.
    if (found == entries_.end() || event.at <= found->second.last_oom) return;
    found->second.last_oom = event.at;
    ++found->second.oom_kills;
}

Usage Samples::usage_of(const Target& target, const Windows& windows, WallTime now) const {
    if (engine_fault_) return all_gaps(engine_fault_->cause);
    const auto found = entries_.find(target.id);
    if (found == entries_.end()) return all_gaps(ran_ ? Gap::absent : Gap::warming_up);
    const Entry& entry = found->second;
    if (entry.failure) return all_gaps(*entry.failure);
    if (!entry.history.last()) return all_gaps(ran_ ? Gap::absent : Gap::warming_up);
    const Duration oldest = 2 * std::max(windows.check_interval, options_.interval);
    if (clock_.now().steady - entry.history.last_at() > oldest) return all_gaps(Gap::stale);

    const bool young = now - target.started_at < windows.window;
    const bool young_for_trend = now - target.started_at < windows.trend;
    const History& history = entry.history;
    Usage usage = all_gaps(Gap::warming_up);
    if (!young) {
        usage.cpu = history.cpu(windows.window);
        usage.memory = history.memory_peak(windows.window);
        usage.throttled = history.throttled(windows.window);
    }
    if (!young_for_trend) {
        usage.cpu_trend = history.cpu_trend(windows.trend);
        usage.memory_trend = history.memory_trend(windows.trend);
    }
    if (!target.cpu_limited) usage.throttled = tl::unexpected(Gap::not_applicable);
    usage.oom_kills = entry.oom_kills;
    if (events_fault_) usage.oom_kills = tl::unexpected(events_fault_->cause);
    return usage;
}

Observation Samples::observe(std::span<const Target> targets, const Windows& windows, WallTime now) const {
    Observation observation;
    const std::scoped_lock lock(mutex_);
    for (const Target& target : targets) observation.usage.emplace(target.id, usage_of(target, windows, now));
    if (engine_fault_) observation.faults.push_back(*engine_fault_);
    if (events_fault_) observation.faults.push_back(*events_fault_);
    return observation;
}

std::vector<LatestSample> Samples::latest() const {
    const std::scoped_lock lock(mutex_);
    std::vector<LatestSample> latest;
    latest.reserve(entries_.size());
    for (const auto& [id, entry] : entries_) {
        if (!entry.history.last()) continue;
        LatestSample sample{.id = id,
                            .name = entry.summary.name,
                            .image = entry.summary.image,
                            .project = label(entry.summary.labels, project_label),
                            .service = label(entry.summary.labels, service_label),
                            .stats = *entry.history.last(),
                            .at = entry.sampled_at,
                            .oom_kills = entry.oom_kills};
        if (entry.details) {
            sample.limits = entry.details->limits;
            sample.started_at = entry.details->started_at;
        }
        latest.push_back(std::move(sample));
    }
    return latest;
}

}  // namespace rm::observe
