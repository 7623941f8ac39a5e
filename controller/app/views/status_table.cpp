// SPDX-License-Identifier: Apache-2.0
// The table of `status`: as much as the width allows. Where it gets narrow the notes go below their rows,
// then the bars and the class go.
#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "app/views/figures.h"
#include "app/views/table.h"
#include "app/views/tables.h"
#include "app/views/text.h"

namespace rm::app {
namespace {

struct Layout {
    std::size_t bar = 0;  // columns within its frame; 0: no bars
    bool with_class = true;
    std::size_t note_room = 0;  // what must be left for notes in the row; 0: they go below
};

/// The first one that fits is used, else the last.
constexpr std::array layouts{Layout{10, true, 30}, Layout{6, true, 24}, Layout{6, true, 0},
                             Layout{6, false, 0},  Layout{0, true, 0},  Layout{0, false, 0}};

/// `↑2/3`
std::string streak(const ResourceView& resource, std::int64_t needed, const Terminal& terminal) {
    if (resource.streak == 0) return {};
    const bool up = resource.streak > 0;
    const std::string_view arrow = up ? "↑" : "↓";
    const std::string_view sign = up ? "+" : "-";
    return fmt::format("{}{}/{}", terminal.utf8 ? arrow : sign, std::abs(resource.streak), needed);
}

/// The texts of one column, aligned among themselves.
struct ResourceCells {
    std::vector<std::string> amounts;   // 0.42 / 0.5
    std::vector<std::string> percents;  // 84%
    std::vector<std::string> streaks;
};

std::size_t widest_of(const std::vector<std::string>& texts) {
    std::size_t width = 0;
    for (const std::string& text : texts) width = std::max(width, width_of(text));
    return width;
}

std::string right(const std::string& text, std::size_t width) {
    const std::size_t present = width_of(text);
    return std::string(width > present ? width - present : 0, ' ') + text;
}

std::vector<std::string> resource_column(const std::vector<ServiceRow>& services,
                                         ResourceView ServiceRow::* resource, std::string (*print)(double),
                                         std::size_t bar_width, const Terminal& terminal) {
    ResourceCells cells;
    for (const ServiceRow& service : services) {
        const ResourceView& seen = service.*resource;
        cells.amounts.push_back(fmt::format("{} / {}", seen.usage ? print(*seen.usage) : "?",
                                            seen.limit ? print(*seen.limit) : "none"));
        cells.percents.push_back(seen.ratio ? print_percent(*seen.ratio) : "-");
        cells.streaks.push_back(streak(seen, service.consecutive_checks, terminal));
    }
    const std::size_t amounts = widest_of(cells.amounts);
    const std::size_t percents = widest_of(cells.percents);
    std::vector<std::string> column;
    column.reserve(services.size());
    for (std::size_t i = 0; i < services.size(); ++i) {
        const ResourceView& seen = services[i].*resource;
        std::string text;
        if (bar_width > 0) text = bar(seen.ratio.value_or(0), bar_width, terminal) + ' ';
        text += right(cells.amounts[i], amounts) + "  " + right(cells.percents[i], percents);
        if (!cells.streaks[i].empty()) text += ' ' + cells.streaks[i];
        column.push_back(std::move(text));
    }
    return column;
}

std::string cooldown(const ServiceRow& service, WallTime now) {
    if (!service.cooldown_until || *service.cooldown_until <= now) return "-";
    return print_brief(std::chrono::duration_cast<Duration>(*service.cooldown_until - now));
}

std::vector<TableRow> rows_of(const std::vector<ServiceRow>& services, WallTime now, const Layout& layout,
                              const Terminal& terminal) {
    const auto cpu = resource_column(services, &ServiceRow::cpu, print_cores, layout.bar, terminal);
    const auto memory = resource_column(services, &ServiceRow::memory, print_memory, layout.bar, terminal);
    std::vector<TableRow> rows;
    rows.reserve(services.size() + 1);
    TableRow header{{"SERVICE", Paint::dim}};
    if (layout.with_class) header.push_back({"CLASS", Paint::dim});
    for (const auto* title : {"CPU", "MEMORY", "COOLDOWN", "TODAY"}) header.push_back({title, Paint::dim});
    rows.push_back(std::move(header));
    for (std::size_t i = 0; i < services.size(); ++i) {
        const ServiceRow& service = services[i];
        TableRow row{{service.shown_as.empty() ? service.name : service.shown_as}};
        if (layout.with_class) row.push_back({service.service_class});
        row.push_back({cpu[i], paint_of(service.cpu)});
        row.push_back({memory[i], paint_of(service.memory)});
        row.push_back({cooldown(service, now)});
        row.push_back({fmt::format("{}/{}", service.adjustments_today, service.adjustments_per_day)});
        rows.push_back(std::move(row));
    }
    return rows;
}

Paint paint_of_note(const ServiceRow& service) {
    if (service.cpu.at_maximum || service.memory.at_maximum) return Paint::red;
    return service.proposal ? Paint::green : Paint::none;
}

std::string print_rows(std::vector<TableRow> rows, const StatusView& view, WallTime now, const Layout& layout,
                       const Terminal& terminal) {
    const bool below = layout.note_room == 0;
    if (!below) rows[0].push_back({"NOTE", Paint::dim});
    const std::vector<std::size_t> widths = column_widths(rows);
    std::string text = print_row(rows[0], widths, terminal) + '\n';
    for (std::size_t i = 0; i < view.services.size(); ++i) {
        const Cell note{note_of(view.services[i], view.check.dry_run, now), paint_of_note(view.services[i])};
        if (!below && !note.text.empty()) rows[i + 1].push_back(note);
        text += print_row(rows[i + 1], widths, terminal) + '\n';
        if (below && !note.text.empty())
            text += "  " + painted(shortened(note.text, terminal.width - 2), note.paint, terminal) + '\n';
    }
    return text;
}

}  // namespace

std::string print_status(const StatusView& view, WallTime now, const Terminal& terminal) {
    std::string text = print_head(view.check, now, terminal);
    if (view.services.empty()) return text + "no services were found\n";
    text += '\n';
    for (const Layout& layout : layouts) {
        std::vector<TableRow> rows = rows_of(view.services, now, layout, terminal);
        const std::size_t needed =
            table_width(column_widths(rows)) + (layout.note_room == 0 ? 0 : layout.note_room + 2);
        if (needed <= terminal.width || &layout == &layouts.back())
            return text + print_rows(std::move(rows), view, now, layout, terminal);
    }
    return text;
}

}  // namespace rm::app
