// SPDX-License-Identifier: Apache-2.0
// The text of `explain`: what was seen, every gate in order, the last decisions.
#include <algorithm>

#include <fmt/format.h>

#include "app/views/figures.h"
#include "app/views/table.h"
#include "app/views/tables.h"
#include "app/views/text.h"

namespace rm::app {
namespace {

constexpr std::size_t room_for_reason = 50;  // else the reasons of decisions go below them

std::string heading(std::string_view text, const Terminal& terminal) {
    return '\n' + painted(text, Paint::bold, terminal) + '\n';
}

std::string or_gap(const std::optional<double>& value, std::string (*print)(double)) {
    return value ? print(*value) : "?";
}

std::string usage_of(const SignalView& seen, std::string (*print)(double)) {
    if (!seen.gap.empty()) return fmt::format("no data ({})", seen.gap);
    return fmt::format("{} of {}{}", or_gap(seen.usage, print), seen.limit ? print(*seen.limit) : "no limit",
                       seen.ratio ? ", " + print_percent(*seen.ratio) : "");
}

std::string print_signals(const std::vector<SignalView>& signals, const Terminal& terminal) {
    std::vector<TableRow> rows{{{"  REPLICA", Paint::dim},
                                {"RESOURCE", Paint::dim},
                                {"USAGE", Paint::dim},
                                {"TREND", Paint::dim},
                                {"ALSO", Paint::dim}}};
    for (const SignalView& seen : signals) {
        const bool cpu = seen.resource == "cpu";
        auto* const print = cpu ? print_cores : print_memory;
        std::string also = "-";
        if (cpu && seen.throttled) also = print_percent(*seen.throttled) + " throttled";
        if (!cpu && seen.oom_kills) also = fmt::format("{:.0f} OOM kills", *seen.oom_kills);
        rows.push_back({{"  " + seen.replica},
                        {cpu ? "CPU" : seen.resource},
                        {usage_of(seen, print)},
                        {seen.trend ? print(*seen.trend) : "-"},
                        {also}});
    }
    return print_table(rows, terminal);
}

struct Sign {
    std::string_view mark;
    Paint paint;
};

Sign sign_of(const std::string& outcome, const Terminal& terminal) {
    if (outcome == "passed") return {terminal.utf8 ? "✓" : "+", Paint::green};
    if (outcome == "held") return {terminal.utf8 ? "✗" : "x", Paint::red};
    return {terminal.utf8 ? "·" : ".", Paint::dim};
}

std::string label_of(const GateView& gate) {
    if (gate.resource.empty()) return gate.gate;
    return fmt::format("{} ({})", gate.gate, gate.resource == "cpu" ? "CPU" : gate.resource);
}

std::string print_gates(const std::vector<GateView>& gates, const Terminal& terminal) {
    std::size_t width = 0;
    for (const GateView& gate : gates) width = std::max(width, width_of(label_of(gate)));
    std::string text;
    for (const GateView& gate : gates) {
        const Sign sign = sign_of(gate.outcome, terminal);
        // Folded without colours, which have no width; the mark is painted afterwards.
        std::string lines = hanging(fmt::format("  {} {}  ", sign.mark, filled(label_of(gate), width)),
                                    gate.reason.empty() ? "-" : gate.reason, terminal);
        lines.replace(2, sign.mark.size(), painted(sign.mark, sign.paint, terminal));
        text += lines;
        if (!gate.remedy.empty()) text += hanging(std::string(width + 6, ' ') + "-> ", gate.remedy, terminal);
    }
    return text;
}

std::string print_drift(const DriftView& drift) {
    return fmt::format("somebody else set {} in the place of {} from deployment {}, seen at {}: {}",
                       print_limits(drift.found), print_limits(drift.ours), drift.deployment,
                       print_moment(drift.since),
                       drift.accepted ? "that holds, and its history started again (on_drift: accept)"
                                      : "ours are to be set again (on_drift: reapply)");
}

std::string print_service(const ServiceRow& service) {
    return fmt::format("{}: class {}, strategy {}, {} replica{}, adjusted {} of {} times today", service.name,
                       service.service_class, service.strategy, service.replica_count,
                       service.replica_count == 1 ? "" : "s", service.adjustments_today,
                       service.adjustments_per_day);
}

}  // namespace

std::string print_explain(const ExplainView& view, const std::vector<DecisionView>& recent, WallTime now,
                          const Terminal& terminal) {
    const ServiceRow& service = view.service;
    std::string text = print_head(view.check, now, terminal) + '\n';
    text += hanging("", print_service(service), terminal);
    text += hanging("", service.summary, terminal);
    const std::string note = note_of(service, view.check.dry_run, now);
    if (!note.empty()) text += hanging("", note, terminal);
    if (service.limits_assumed)
        text += hanging("", "the limits are those that earlier checks would have set", terminal);
    if (service.drift) text += hanging("", print_drift(*service.drift), terminal);
    text += heading("What was seen", terminal) + print_signals(view.signals, terminal);
    text += heading("Gates", terminal) + print_gates(view.gates, terminal);
    if (!recent.empty()) text += heading("Last decisions", terminal) + print_decisions(recent, terminal);
    return text;
}

std::string print_plan(const PlanView& view, const Terminal& terminal) {
    std::string text;
    for (const ServiceRow& service : view.proposals) {
        if (!service.proposal) continue;
        const ProposalView& made = *service.proposal;
        text += fmt::format("{}  {}  by {}\n", painted(service.name, Paint::bold, terminal),
                            print_change(made.from, made.to), service.strategy);
        text += hanging("  ", made.reason, terminal);
        for (const std::string& clamp : {made.cpu_clamped_by, made.memory_clamped_by})
            if (!clamp.empty()) text += hanging("  ", clamp + " set the number, not the usage", terminal);
        if (service.pause) text += hanging("  ", "it was paused meanwhile: nothing will be done", terminal);
    }
    if (text.empty()) text = "nothing to do\n";
    std::string rest = fmt::format("{} within their thresholds", view.within);
    for (const GateCount& held : view.held) rest += fmt::format(", {} held by {}", held.services, held.gate);
    return text + hanging("", rest, terminal);
}

std::string print_decisions(const std::vector<DecisionView>& decisions, const Terminal& terminal) {
    if (decisions.empty()) return "no decisions yet\n";
    std::vector<TableRow> rows{
        {{"TIME", Paint::dim}, {"SERVICE", Paint::dim}, {"OUTCOME", Paint::dim}, {"LIMITS", Paint::dim}}};
    rows.reserve(decisions.size() + 1);
    for (const DecisionView& decision : decisions)
        rows.push_back(
            {{print_moment(decision.at)},
             {decision.service},
             {decision.outcome},
             {decision.to ? print_change(decision.from, *decision.to) : print_limits(decision.from)}});
    const std::vector<std::size_t> widths = column_widths(rows);
    const bool below = table_width(widths) + room_for_reason > terminal.width;
    if (!below) rows[0].push_back({"REASON", Paint::dim});
    std::string text = print_row(rows[0], widths, terminal) + '\n';
    for (std::size_t i = 0; i < decisions.size(); ++i) {
        if (!below) rows[i + 1].push_back({decisions[i].reason});
        text += print_row(rows[i + 1], widths, terminal) + '\n';
        if (below) text += hanging("  ", decisions[i].reason, terminal);
    }
    return text;
}

}  // namespace rm::app
