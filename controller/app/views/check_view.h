// SPDX-License-Identifier: Apache-2.0
// The API's answers as values for the tables: what the command line shows, and no more. Texts are harmless
// for a terminal already.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/fwd.hpp>

#include "core/clock.h"
#include "core/result.h"

namespace rm::app {

struct CheckHead {
    bool counted = true;
    WallTime at;
    WallTime next_at;
    bool dry_run = true;
    std::string source;
    std::string problem;
    std::vector<std::string> faults;  // `cpu_trend: no answer within 10s`
};

/// In cores or bytes.
struct ResourceView {
    std::optional<double> usage;
    std::optional<double> limit;
    std::optional<double> ratio;
    std::string gap;  // a code; empty if usage is known
    double high = 0;
    double low = 0;
    std::int64_t streak = 0;
    bool at_maximum = false;
    std::string at_maximum_by;
};

struct LimitsView {
    std::optional<double> cpu;
    std::optional<double> memory;
};

struct ProposalView {
    LimitsView from;
    LimitsView to;
    std::string cpu_clamped_by;
    std::string memory_clamped_by;
    std::string reason;
};

struct PauseView {
    std::optional<WallTime> until;
    std::string reason;
};

/// Limits that somebody else set in the place of ours.
struct DriftView {
    std::int64_t deployment = 0;
    WallTime since;
    LimitsView ours;
    LimitsView found;
    bool accepted = false;
};

struct ServiceRow {
    std::string name;
    std::string shown_as;
    bool managed = true;
    std::string service_class;
    std::string strategy;
    std::int64_t replica_count = 0;
    ResourceView cpu;
    ResourceView memory;
    std::int64_t consecutive_checks = 0;
    std::optional<WallTime> cooldown_until;
    std::int64_t adjustments_today = 0;
    std::int64_t adjustments_per_day = 0;
    std::optional<PauseView> pause;
    std::string held_by;
    std::string summary;
    std::optional<ProposalView> proposal;
    bool unlimited = false;
    bool limits_assumed = false;
    std::optional<DriftView> drift;
};

struct StatusView {
    CheckHead check;
    std::vector<ServiceRow> services;
};

/// GET /api/services, or GET /api/services/{name} as a list of one.
Result<StatusView> read_status(std::string_view json);

struct GateView {
    std::string gate;
    std::string resource;  // empty: of the service as a whole
    std::string outcome;
    std::string reason;
    std::string remedy;
};

struct SignalView {
    std::string replica;
    std::string resource;
    std::optional<double> usage;
    std::optional<double> limit;
    std::optional<double> ratio;
    std::optional<double> trend;
    std::optional<double> throttled;  // of CPU
    std::optional<double> oom_kills;  // of memory
    std::string gap;
};

struct ExplainView {
    CheckHead check;
    ServiceRow service;
    std::vector<SignalView> signals;
    std::vector<GateView> gates;
};

/// GET /api/services/{name}
Result<ExplainView> read_explain(std::string_view json);

struct GateCount {
    std::string gate;
    std::int64_t services = 0;
};

struct PlanView {
    CheckHead check;
    std::vector<ServiceRow> proposals;
    std::vector<GateCount> held;
    std::int64_t within = 0;
};

/// GET /api/plan
Result<PlanView> read_plan(std::string_view json);

struct DecisionView {
    WallTime at;
    std::string service;
    std::string outcome;
    LimitsView from;
    std::optional<LimitsView> to;
    std::string reason;
};

/// An object with `cpu_cores` and `memory_bytes`.
Result<LimitsView> read_limits(const boost::json::value& value);

/// GET /api/decisions
Result<std::vector<DecisionView>> read_decisions(std::string_view json);

}  // namespace rm::app
