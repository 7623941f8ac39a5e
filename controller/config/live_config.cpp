// SPDX-License-Identifier: Apache-2.0
#include "config/live_config.h"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "config/effective.h"

namespace rm::config {
namespace {

std::string shown(const Entry* entry) {
    if (entry == nullptr || entry->value.kind == Node::Kind::nothing) return "(not set)";
    return print_yaml(visible(*entry));
}

bool differ(const Entry* before, const Entry* after) {
    if (before == nullptr || after == nullptr) return true;
    return !same(before->value, after->value) || before->content != after->content;
}

Change change_of(const Entry* before, const Entry* after) {
    const Entry& entry = after != nullptr ? *after : *before;
    Change change{.path = entry.path,
                  .before = shown(before),
                  .after = shown(after),
                  .needs_restart = entry.key->row.needs_restart};
    if (change.before == change.after) change.after += " (its secret differs)";
    return change;
}

/// Services that are listed in `a` only and have no key of their own, which would tell of them.
void add_bare_services(std::vector<Change>& found, const Effective& a, const Effective& b, bool added) {
    for (const auto& [name, policy] : a.settings.services) {
        const bool bare = std::ranges::find(a.entries, name, &Entry::service) == a.entries.end();
        if (!bare || b.settings.services.contains(name)) continue;
        found.push_back({.path = "services." + print(name),
                         .before = added ? "(not set)" : "listed",
                         .after = added ? "listed" : "(not set)",
                         .needs_restart = false});
    }
}

}  // namespace

std::string print(const Change& change) {
    return fmt::format("{}: {} -> {}{}", change.path, change.before, change.after,
                       change.needs_restart ? " (needs a restart)" : "");
}

std::vector<Change> changes(const Config& before, const Config& after) {
    std::vector<Change> found;
    std::map<std::string_view, const Entry*> gone;
    for (const Entry& entry : before.effective().entries) gone.emplace(entry.path, &entry);
    for (const Entry& entry : after.effective().entries) {
        const auto old = gone.extract(entry.path);
        const Entry* before_it = old.empty() ? nullptr : old.mapped();
        if (differ(before_it, &entry)) found.push_back(change_of(before_it, &entry));
    }
    for (const auto& [path, entry] : gone) found.push_back(change_of(entry, nullptr));
    add_bare_services(found, after.effective(), before.effective(), true);
    add_bare_services(found, before.effective(), after.effective(), false);
    return found;
}

LiveConfig::LiveConfig(Sources sources, Config config, FileState file_as_read)
    : sources_(std::move(sources)),
      last_read_(file_as_read),
      current_(std::make_shared<const Config>(std::move(config))),
      loaded_(current_) {}

std::shared_ptr<const Config> LiveConfig::current() const {
    const std::scoped_lock lock(mutex_);
    return current_;
}

tl::expected<std::vector<Change>, Problems> LiveConfig::reload() {
    const std::scoped_lock one_at_a_time(reloading_);
    // The state from before it is read, so that a change in between is told by whoever watches it.
    if (sources_.file) last_read_.set(state_of(*sources_.file));
    auto loaded = load(sources_, FileKinds::regular);
    if (!loaded) return tl::unexpected(std::move(loaded.error()));
    auto next = std::make_shared<const Config>(*std::move(loaded));
    auto in_use = std::make_shared<const Config>(carried_over(*current(), *next));
    const std::scoped_lock lock(mutex_);
    std::vector<Change> found = changes(*loaded_, *next);
    loaded_ = std::move(next);
    current_ = std::move(in_use);
    return found;
}

std::vector<Change> LiveConfig::pending() const {
    const std::scoped_lock lock(mutex_);
    return changes(*current_, *loaded_);
}

}  // namespace rm::config
