// SPDX-License-Identifier: Apache-2.0
#include "config/yaml_read.h"

#include <algorithm>
#include <optional>
#include <sstream>
#include <utility>

#include <fmt/format.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include "config/yaml_builder.h"
#include "config/yaml_places.h"
#include "core/text.h"

namespace rm::config {
namespace {

Problem about_text(const std::string& file, Mark mark, std::string message) {
    return {.where = {.kind = Origin::Kind::file, .name = file, .mark = mark},
            .path = {},
            .message = std::move(message)};
}

/// The first byte that can't be in a text for people; also keeps the parser from ending early at one.
std::optional<Problem> check_bytes(std::string_view text, const std::string& file) {
    Mark mark{.line = 1, .column = 1};
    while (!text.empty()) {
        const std::size_t length = printable_prefix(text);
        const bool break_or_tab = text[0] == '\n' || text[0] == '\t' || text.starts_with("\r\n");
        if (length == 0 && !break_or_tab)
            return about_text(file, mark,
                              fmt::format("is not text: the byte {:#04x} is a control character or no UTF-8",
                                          static_cast<unsigned char>(text[0])));
        ++mark.column;
        if (text[0] == '\n') mark = {.line = mark.line + 1, .column = 1};
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return std::nullopt;
}

/// The first line up to `last` that is indented with a tab; 0 if none is.
int tab_indented_line(std::string_view text, int last) {
    for (int line = 1; line <= last && !text.empty(); ++line) {
        const auto indent = text.substr(0, text.find_first_not_of(" \t"));
        if (indent.find('\t') != std::string_view::npos) return line;
        const auto end = text.find('\n');
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return 0;
}

Problem syntax_problem(std::string_view text, const std::string& file, Mark mark, const std::string& reason) {
    if (const int line = tab_indented_line(text, mark.line))
        return about_text(file, {.line = line, .column = 1},
                          "is not valid YAML: a tab indents this line; YAML takes only spaces");
    return about_text(file, mark, "is not valid YAML: " + reason);
}

void parse(std::string_view text, const std::string& file, YamlText& result) {
    YamlBuilder builder(text, file, result);
    try {
        std::istringstream stream{std::string(text)};
        YAML::Parser parser(stream);
        while (parser.HandleNextDocument(builder)) {
        }
    } catch (const YAML::Exception& error) {
        Places places(text);
        result.problems.push_back(syntax_problem(text, file, places(error.mark), error.msg));
    } catch (const std::exception& error) {
        result.problems.push_back(
            about_text(file, {}, fmt::format("cannot be read as YAML: {}", error.what())));
    }
}

}  // namespace

YamlText read_yaml(std::string_view text, const std::string& file) {
    YamlText result;
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    if (text.size() > max_yaml_size) {
        result.problems.push_back(
            about_text(file, {}, fmt::format("is larger than {} KiB", max_yaml_size / 1024)));
    } else if (auto problem = check_bytes(text, file)) {
        result.problems.push_back(std::move(*problem));
    } else {
        parse(text, file, result);
    }
    return result;
}

}  // namespace rm::config
