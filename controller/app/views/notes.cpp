// SPDX-License-Identifier: Apache-2.0
// The words around the tables: the headline and the note behind each service.
#include <fmt/format.h>

#include "app/views/figures.h"
#include "app/views/tables.h"
#include "app/views/text.h"

namespace rm::app {
namespace {

std::string spaced(std::string code) {
    for (char& c : code)
        if (c == '_') c = ' ';
    return code;
}

void add(std::string& note, std::string_view more) {
    if (more.empty()) return;
    note += note.empty() ? "" : "; ";
    note += more;
}

/// `would raise CPU to 0.7 (bounds.cpu.max)`
std::string change(bool dry_run, const std::string& what, const std::optional<double>& from,
                   const std::optional<double>& to, std::string (*print)(double), const std::string& clamp) {
    if (from == to || !to) return {};
    std::string verb = "set";
    if (from) verb = *to > *from ? "raise" : "lower";
    return fmt::format("{} {} to {}{}", dry_run ? "would " + verb : verb + "s", what, print(*to),
                       clamp.empty() ? "" : " (" + clamp + ")");
}

std::string at_maximum(const ResourceView& resource, const std::string& what) {
    if (!resource.at_maximum) return {};
    return fmt::format("{} at maximum{}", what,
                       resource.at_maximum_by.empty() ? "" : " (" + resource.at_maximum_by + ")");
}

std::string paused(const PauseView& pause, WallTime now) {
    std::string text = "paused";
    if (pause.until)
        text += fmt::format(" until {}, {} more", print_moment(*pause.until),
                            print_brief(std::chrono::duration_cast<Duration>(*pause.until - now)));
    return pause.reason.empty() ? text : text + ": " + pause.reason;
}

}  // namespace

std::string note_of(const ServiceRow& service, bool dry_run, WallTime now) {
    if (!service.managed) return "not managed";
    std::string note;
    if (service.pause) add(note, paused(*service.pause, now));
    const std::string& gap = service.cpu.gap.empty() ? service.memory.gap : service.cpu.gap;
    if (service.replica_count == 0)
        add(note, "not running");
    else if (!gap.empty())
        add(note, "no data: " + spaced(gap));
    if (service.proposal) {
        const ProposalView& made = *service.proposal;
        add(note, change(dry_run, "CPU", made.from.cpu, made.to.cpu, print_cores, made.cpu_clamped_by));
        add(note, change(dry_run, "memory", made.from.memory, made.to.memory, print_memory,
                         made.memory_clamped_by));
    }
    if (service.drift)
        add(note, service.drift->accepted ? "limits set by somebody else"
                                          : "limits set by somebody else, ours are to be set again");
    add(note, at_maximum(service.cpu, "CPU"));
    add(note, at_maximum(service.memory, "memory"));
    const bool said = service.held_by == "data" || (service.held_by == "paused" && service.pause);
    if (!service.held_by.empty() && !said) add(note, "held by " + spaced(service.held_by));
    if (service.unlimited) {
        if (!service.cpu.limit) add(note, "no CPU limit");
        if (!service.memory.limit) add(note, "no memory limit");
    }
    return note;
}

Paint paint_of(const ResourceView& resource) {
    if (!resource.ratio) return Paint::none;
    if (*resource.ratio > resource.high) return Paint::red;
    return *resource.ratio < resource.low ? Paint::blue : Paint::none;
}

std::string print_head(const CheckHead& check, WallTime now, const Terminal& terminal) {
    const auto between = [](WallTime from, WallTime to) {
        return print_brief(std::chrono::duration_cast<Duration>(to - from));
    };
    std::string line = fmt::format("{}; {} {} ago", check.source.empty() ? "no source" : check.source,
                                   check.counted ? "checked" : "looked at", between(check.at, now));
    if (check.counted && check.next_at > now) line += ", next in " + between(now, check.next_at);
    if (check.dry_run) line += "; dry-run: nothing is changed";
    std::string text;
    for (const std::string& folded_line : folded(line, terminal.width))
        text += painted(folded_line, Paint::bold, terminal) + '\n';
    const auto complain = [&](const std::string& what) {
        for (const std::string& folded_line : folded(what, terminal.width))
            text += painted(folded_line, Paint::red, terminal) + '\n';
    };
    if (!check.problem.empty()) complain("problem: " + check.problem);
    for (const std::string& fault : check.faults) complain("missing: " + fault);
    return text;
}

}  // namespace rm::app
