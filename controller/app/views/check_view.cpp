// SPDX-License-Identifier: Apache-2.0
#include "app/views/check_view.h"

#include <utility>

#include "app/views/json_fields.h"
#include "app/views/text.h"

namespace rm::app {
namespace {

namespace json = boost::json;

Result<std::string> read_fault(const json::value& value) {
    JsonFields read(value, "check.faults");
    std::string what = read.text("what");
    return read.result(std::move(what) + ": " + read.text("message"));
}

Result<CheckHead> read_head(const json::value& value) {
    JsonFields read(value, "check");
    return read.result(CheckHead{.counted = read.flag("counted"),
                                 .at = read.time("at"),
                                 .next_at = read.time("next_at"),
                                 .dry_run = read.flag("dry_run"),
                                 .source = read.text("source"),
                                 .problem = read.maybe_text("problem"),
                                 .faults = read.list("faults", read_fault)});
}

ResourceView read_resource(JsonFields& read, std::string_view usage, std::string_view limit) {
    return {.usage = read.maybe_number(usage),
            .limit = read.maybe_number(limit),
            .ratio = read.maybe_number("usage_ratio"),
            .gap = read.maybe_text("gap"),
            .high = read.number("high_ratio"),
            .low = read.number("low_ratio"),
            .streak = read.count("streak"),
            .at_maximum = read.flag("at_maximum"),
            .at_maximum_by = read.maybe_text("at_maximum_by")};
}

Result<ResourceView> read_cpu(const json::value& value) {
    JsonFields read(value, "cpu");
    return read.result(read_resource(read, "usage_cores", "limit_cores"));
}

Result<ResourceView> read_memory(const json::value& value) {
    JsonFields read(value, "memory");
    return read.result(read_resource(read, "usage_bytes", "limit_bytes"));
}

Result<ProposalView> read_proposal(const json::value& value) {
    JsonFields read(value, "proposal");
    return read.result(ProposalView{.from = read.part("from", read_limits),
                                    .to = read.part("to", read_limits),
                                    .cpu_clamped_by = read.maybe_text("cpu_clamped_by"),
                                    .memory_clamped_by = read.maybe_text("memory_clamped_by"),
                                    .reason = read.text("reason")});
}

Result<PauseView> read_pause(const json::value& value) {
    JsonFields read(value, "pause");
    return read.result(PauseView{.until = read.maybe_time("until"), .reason = read.maybe_text("reason")});
}

Result<DriftView> read_drift(const json::value& value) {
    JsonFields read(value, "drift");
    return read.result(DriftView{.deployment = read.count("deployment"),
                                 .since = read.time("since"),
                                 .ours = read.part("ours", read_limits),
                                 .found = read.part("found", read_limits),
                                 .accepted = read.flag("accepted")});
}

Result<ServiceRow> read_service(const json::value& value) {
    JsonFields read(value, "service");
    return read.result(ServiceRow{.name = read.text("name"),
                                  .shown_as = read.text("shown_as"),
                                  .managed = read.flag("managed"),
                                  .service_class = read.text("class"),
                                  .strategy = read.text("strategy"),
                                  .replica_count = read.count("replica_count"),
                                  .cpu = read.part("cpu", read_cpu),
                                  .memory = read.part("memory", read_memory),
                                  .consecutive_checks = read.count("consecutive_checks"),
                                  .cooldown_until = read.maybe_time("cooldown_until"),
                                  .adjustments_today = read.count("adjustments_today"),
                                  .adjustments_per_day = read.count("adjustments_per_day"),
                                  .pause = read.maybe_part("pause", read_pause),
                                  .held_by = read.maybe_text("held_by"),
                                  .summary = read.text("summary"),
                                  .proposal = read.maybe_part("proposal", read_proposal),
                                  .unlimited = read.flag("unlimited"),
                                  .limits_assumed = read.flag("limits_assumed"),
                                  .drift = read.maybe_part("drift", read_drift)});
}

Result<GateView> read_gate(const json::value& value) {
    JsonFields read(value, "gate");
    return read.result(GateView{.gate = read.text("gate"),
                                .resource = read.maybe_text("resource"),
                                .outcome = read.text("outcome"),
                                .reason = read.text("reason"),
                                .remedy = read.maybe_text("remedy")});
}

Result<SignalView> read_signal(const json::value& value) {
    JsonFields read(value, "signal");
    SignalView seen{.replica = read.text("replica"),
                    .resource = read.text("resource"),
                    .usage = {},
                    .limit = {},
                    .ratio = read.maybe_number("usage_ratio"),
                    .trend = {},
                    .throttled = read.maybe_number("throttled_ratio"),
                    .oom_kills = read.maybe_number("oom_kills"),
                    .gap = read.maybe_text("gap")};
    const bool cpu = seen.resource == "cpu";
    seen.usage = read.maybe_number(cpu ? "usage_cores" : "usage_bytes");
    seen.limit = read.maybe_number(cpu ? "limit_cores" : "limit_bytes");
    seen.trend = read.maybe_number(cpu ? "trend_cores" : "trend_bytes");
    return read.result(std::move(seen));
}

Result<DecisionView> read_decision(const json::value& value) {
    JsonFields read(value, "decision");
    return read.result(DecisionView{.at = read.time("at"),
                                    .service = read.text("service"),
                                    .outcome = read.text("outcome"),
                                    .from = read.part("from", read_limits),
                                    .to = read.maybe_part("to", read_limits),
                                    .reason = read.text("reason")});
}

}  // namespace

Result<LimitsView> read_limits(const json::value& value) {
    JsonFields read(value, "limits");
    return read.result(
        LimitsView{.cpu = read.maybe_number("cpu_cores"), .memory = read.maybe_number("memory_bytes")});
}

Result<StatusView> read_status(std::string_view json) {
    const auto body = parse_json(json);
    if (!body) return fail(body.error());
    JsonFields read(*body, "body");
    StatusView view{.check = read.part("check", read_head), .services = {}};
    if (auto one = read.maybe_part("service", read_service))
        view.services.push_back(*std::move(one));
    else
        view.services = read.list("services", read_service);
    return read.result(std::move(view));
}

Result<ExplainView> read_explain(std::string_view json) {
    const auto body = parse_json(json);
    if (!body) return fail(body.error());
    JsonFields read(*body, "body");
    JsonFields read_more(read.member("service"), "service");
    ExplainView view{.check = read.part("check", read_head),
                     .service = read.part("service", read_service),
                     .signals = read_more.list("signals", read_signal),
                     .gates = read_more.list("gates", read_gate)};
    auto all = read.result(std::move(view));
    if (!all) return all;
    return read_more.result(*std::move(all));
}

Result<PlanView> read_plan(std::string_view json) {
    const auto body = parse_json(json);
    if (!body) return fail(body.error());
    JsonFields read(*body, "body");
    PlanView view{.check = read.part("check", read_head),
                  .proposals = read.list("proposals", read_service),
                  .held = {},
                  .within = read.count("within")};
    const json::value& held = read.member("held_by_gate");
    JsonFields read_held(held, "held_by_gate");
    if (const auto* counts = held.if_object())
        for (const auto& member : *counts)
            view.held.push_back({.gate = harmless(member.key()), .services = read_held.count(member.key())});
    auto all = read.result(std::move(view));
    if (!all) return all;
    return read_held.result(*std::move(all));
}

Result<std::vector<DecisionView>> read_decisions(std::string_view json) {
    const auto body = parse_json(json);
    if (!body) return fail(body.error());
    JsonFields read(*body, "body");
    return read.result(read.list("decisions", read_decision));
}

}  // namespace rm::app
