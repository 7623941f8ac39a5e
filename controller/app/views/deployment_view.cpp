// SPDX-License-Identifier: Apache-2.0
#include "app/views/deployment_view.h"

#include "app/views/json_fields.h"
#include "app/views/text.h"

namespace rm::app {
namespace {

/// What a program said may be of several lines; nothing else in it steers the terminal.
std::string harmless_lines(const boost::json::value& value) {
    std::string all;
    if (!value.is_string()) return all;
    std::string_view rest = value.get_string();
    while (rest.ends_with('\n')) rest.remove_suffix(1);
    for (;;) {
        const std::size_t end = rest.find('\n');
        all += harmless(rest.substr(0, end));
        if (end == std::string_view::npos) return all;
        all += '\n';
        rest.remove_prefix(end + 1);
    }
}

Result<PhaseView> read_phase(const boost::json::value& value) {
    JsonFields read(value, "phase");
    return read.result(PhaseView{
        .phase = read.text("phase"), .began_at = read.time("began_at"), .seconds = read.number("seconds")});
}

Result<LogLineView> read_log_line(const boost::json::value& value) {
    JsonFields read(value, "log");
    return read.result(LogLineView{.at = read.time("at"),
                                   .phase = read.text("phase"),
                                   .message = harmless_lines(read.member("message"))});
}

DeploymentView read_summary(JsonFields& read) {
    return {.id = read.count("id"),
            .service = read.text("service"),
            .strategy = read.text("strategy"),
            .status = read.text("status"),
            .phase = read.text("phase"),
            .requested_by = read.text("requested_by"),
            .reason = read.text("reason"),
            .from = read.part("from", read_limits),
            .to = read.part("to", read_limits),
            .created_at = read.time("created_at"),
            .seconds = read.number("duration_seconds"),
            .failure = harmless_lines(read.member("failure")),
            .phases = {},
            .log = {}};
}

Result<DeploymentView> read_listed(const boost::json::value& value) {
    JsonFields read(value, "deployment");
    return read.result(read_summary(read));
}

Result<DeploymentView> read_whole(const boost::json::value& value) {
    JsonFields read(value, "deployment");
    DeploymentView view = read_summary(read);
    view.phases = read.list("phases", read_phase);
    view.log = read.list("log", read_log_line);
    return read.result(std::move(view));
}

}  // namespace

Result<std::vector<DeploymentView>> read_deployments(std::string_view json) {
    const auto body = parse_json(json);
    if (!body) return fail(body.error());
    JsonFields read(*body, "body");
    return read.result(read.list("deployments", read_listed));
}

Result<DeploymentView> read_deployment(std::string_view json) {
    const auto body = parse_json(json);
    if (!body) return fail(body.error());
    JsonFields read(*body, "body");
    return read.result(read.part("deployment", read_whole));
}

}  // namespace rm::app
