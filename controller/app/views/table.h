// SPDX-License-Identifier: Apache-2.0
// A table of texts: columns as wide as their widest cell, two spaces between them, nothing behind the last.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "app/views/terminal.h"

namespace rm::app {

struct Cell {
    std::string text;
    Paint paint = Paint::none;
};

using TableRow = std::vector<Cell>;

/// The width of each column; rows may be of different lengths.
std::vector<std::size_t> column_widths(const std::vector<TableRow>& rows);

/// How wide a table with such columns is.
std::size_t table_width(const std::vector<std::size_t>& widths);

/// One line, without its end. A last cell that goes over the terminal's width is shortened.
std::string print_row(const TableRow& row, const std::vector<std::size_t>& widths, const Terminal& terminal);

/// `text` folded behind `first`, which the following lines are indented by.
std::string hanging(const std::string& first, std::string_view text, const Terminal& terminal);

/// All rows, each with its line break.
std::string print_table(const std::vector<TableRow>& rows, const Terminal& terminal);

}  // namespace rm::app
