// SPDX-License-Identifier: Apache-2.0
#include "app/views/table.h"

#include <algorithm>

#include "app/views/text.h"

namespace rm::app {
namespace {

constexpr std::size_t gap = 2;

}  // namespace

std::vector<std::size_t> column_widths(const std::vector<TableRow>& rows) {
    std::vector<std::size_t> widths;
    for (const TableRow& row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i].text));
    }
    return widths;
}

std::size_t table_width(const std::vector<std::size_t>& widths) {
    std::size_t width = 0;
    for (const std::size_t column : widths) width += column + (width == 0 ? 0 : gap);
    return width;
}

std::string print_row(const TableRow& row, const std::vector<std::size_t>& widths, const Terminal& terminal) {
    std::string line;
    std::size_t at = 0;
    for (std::size_t i = 0; i < row.size(); ++i) {
        const bool last = i + 1 == row.size();
        const std::size_t room = terminal.width > at ? terminal.width - at : 1;
        const std::string text = last ? shortened(row[i].text, room) : row[i].text;
        line += painted(text, row[i].paint, terminal);
        if (last) break;
        const std::size_t column = widths[i] + gap;
        line += std::string(column - width_of(text), ' ');
        at += column;
    }
    while (line.ends_with(' ')) line.pop_back();
    return line;
}

std::string hanging(const std::string& first, std::string_view text, const Terminal& terminal) {
    const std::size_t indent = width_of(first);
    const std::size_t room = terminal.width > indent + 20 ? terminal.width - indent : 20;
    std::string all;
    for (const std::string& line : folded(text, room))
        all += (all.empty() ? first : std::string(indent, ' ')) + line + '\n';
    return all;
}

std::string print_table(const std::vector<TableRow>& rows, const Terminal& terminal) {
    const std::vector<std::size_t> widths = column_widths(rows);
    std::string text;
    for (const TableRow& row : rows) text += print_row(row, widths, terminal) + '\n';
    return text;
}

}  // namespace rm::app
