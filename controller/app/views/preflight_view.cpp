// SPDX-License-Identifier: Apache-2.0
#include "app/views/preflight_view.h"

#include <fmt/format.h>

#include "app/views/figures.h"
#include "app/views/json_fields.h"
#include "app/views/table.h"
#include "app/views/text.h"

namespace rm::app {
namespace {

Result<std::string> read_sentence(const boost::json::value& value) {
    if (!value.is_string()) return fail(ErrorCode::protocol, "a sentence in the answer is not a text");
    return harmless(value.get_string());
}

Result<OptionView> read_option(const boost::json::value& value) {
    JsonFields read(value, "option");
    return read.result(OptionView{.strategy = read.text("strategy"),
                                  .possible = read.flag("possible"),
                                  .against = read.list("against", read_sentence)});
}

Result<PreflightView> read_preflight_of(const boost::json::value& value) {
    JsonFields read(value, "service");
    return read.result(PreflightView{.service = read.text("name"),
                                     .managed = read.flag("managed"),
                                     .configured = read.text("configured"),
                                     .strategy = read.maybe_text("strategy"),
                                     .why = read.text("why"),
                                     .options = read.list("options", read_option),
                                     .replicas = read.list("replicas", read_sentence),
                                     .from = read.maybe_part("from", read_limits),
                                     .to = read.maybe_part("to", read_limits),
                                     .steps = read.list("steps", read_sentence),
                                     .under_way = read.maybe_number("under_way")});
}

std::string strategy_or_none(const PreflightView& service) {
    return service.strategy.empty() ? "none" : service.strategy;
}

std::string print_option(const OptionView& option, const Terminal& terminal) {
    constexpr std::size_t width = 10;  // of the longest strategy
    std::string_view mark = terminal.utf8 ? "✗" : "x";
    if (option.possible) mark = terminal.utf8 ? "✓" : "+";
    const std::string head = fmt::format("  {} {}  ", mark, filled(option.strategy, width));
    std::string lines;
    if (option.possible) lines = fmt::format("  {} {}\n", mark, option.strategy);
    for (const std::string& sentence : option.against)
        lines += hanging(lines.empty() ? head : std::string(width_of(head), ' '), sentence, terminal);
    return lines.replace(2, mark.size(),
                         painted(mark, option.possible ? Paint::green : Paint::red, terminal));
}

}  // namespace

Result<std::vector<PreflightView>> read_preflight(std::string_view json) {
    const auto body = parse_json(json);
    if (!body) return fail(body.error());
    JsonFields read(*body, "body");
    return read.result(read.list("services", read_preflight_of));
}

std::string print_preflight(const std::vector<PreflightView>& services, const Terminal& terminal) {
    if (services.empty()) return "no services were found\n";
    std::vector<TableRow> rows{
        {{"SERVICE", Paint::dim}, {"CONFIGURED", Paint::dim}, {"WOULD GET", Paint::dim}}};
    for (const PreflightView& service : services)
        rows.push_back({{service.service},
                        {service.managed ? service.configured : "not managed"},
                        {strategy_or_none(service), service.strategy.empty() ? Paint::red : Paint::green}});
    const std::vector<std::size_t> widths = column_widths(rows);
    std::string text = print_row(rows[0], widths, terminal) + '\n';
    for (std::size_t i = 0; i < services.size(); ++i)
        text += print_row(rows[i + 1], widths, terminal) + '\n' + hanging("  ", services[i].why, terminal);
    return text;
}

std::string print_preflight_of(const PreflightView& service, const Terminal& terminal) {
    std::string text = fmt::format("{}: {} replica{}", painted(service.service, Paint::bold, terminal),
                                   service.replicas.size(), service.replicas.size() == 1 ? "" : "s");
    if (service.from) text += ", " + print_limits(*service.from);
    if (service.from && service.to) text += "; wanted: " + print_change(*service.from, *service.to);
    text += '\n';
    text += hanging("", fmt::format("would get {}: {}", strategy_or_none(service), service.why), terminal);
    if (service.under_way)
        text += fmt::format("but not yet: deployment {:.0f} is under way\n", *service.under_way);
    for (const std::string& step : service.steps) text += hanging("  - ", step, terminal);
    if (service.options.empty()) return text;
    text += '\n';
    for (const OptionView& option : service.options) text += print_option(option, terminal);
    return text;
}

}  // namespace rm::app
