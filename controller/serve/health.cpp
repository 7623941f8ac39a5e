// SPDX-License-Identifier: Apache-2.0
#include "serve/health.h"

#include <chrono>
#include <utility>

namespace rm::serve {
namespace {

PartState worse(PartState a, PartState b) {
    if (b == PartState::starting || b == PartState::stopping) b = PartState::degraded;
    return a > b ? a : b;
}

/// Why nothing can be done while a part is in this state; empty if it can.
std::string_view hindrance(PartState state) {
    switch (state) {
        case PartState::starting:
            return " is starting";
        case PartState::stopping:
            return " is stopping";
        case PartState::failed:
            return " has failed";
        case PartState::ok:
        case PartState::degraded:
            return {};
    }
    return {};
}

}  // namespace

std::string_view to_string(PartState state) {
    switch (state) {
        case PartState::starting:
            return "starting";
        case PartState::stopping:
            return "stopping";
        case PartState::ok:
            return "ok";
        case PartState::degraded:
            return "degraded";
        case PartState::failed:
            return "failed";
    }
    return "failed";
}

HealthBoard::HealthBoard(const Clock& clock) : clock_(clock), started_(clock.now().steady) {}

void HealthBoard::report(std::string_view part, PartState state, std::string detail) {
    const WallTime now = clock_.now().wall;
    const std::scoped_lock lock(mutex_);
    const auto [it, is_new] = parts_.try_emplace(std::string(part));
    PartHealth& health = it->second;
    if (is_new || health.state != state) health.since = now;
    health.name = part;
    health.state = state;
    health.detail = std::move(detail);
}

void HealthBoard::remove(std::string_view part) {
    const std::scoped_lock lock(mutex_);
    if (const auto it = parts_.find(part); it != parts_.end()) parts_.erase(it);
}

HealthReport HealthBoard::read() const {
    HealthReport report;
    report.uptime = std::chrono::duration_cast<Duration>(clock_.now().steady - started_);
    const std::scoped_lock lock(mutex_);
    if (parts_.empty()) report.not_ready = "no part has started yet";
    for (const auto& [name, part] : parts_) {
        report.parts.push_back(part);
        report.status = worse(report.status, part.state);
        const std::string_view reason = hindrance(part.state);
        if (reason.empty()) continue;
        if (!report.not_ready.empty()) report.not_ready += "; ";
        report.not_ready += name;
        report.not_ready += reason;
        if (!part.detail.empty()) report.not_ready += ": " + part.detail;
    }
    return report;
}

}  // namespace rm::serve
