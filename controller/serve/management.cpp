// SPDX-License-Identifier: Apache-2.0
#include "serve/management.h"

#include <string_view>
#include <utility>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "core/text.h"
#include "serve/json_words.h"
#include "serve/landing_page.h"
#include "serve/static_content.h"

namespace rm::serve {
namespace {

/// The exposition format's exact type: Prometheus 3 refuses a scrape with any other.
constexpr std::string_view exposition = "text/plain; version=0.0.4; charset=utf-8";
constexpr std::string_view plain_text = "text/plain; charset=utf-8";
constexpr std::string_view html = "text/html; charset=utf-8";

Response text(int status, std::string body) {
    Response response;
    response.status = status;
    response.content_type = plain_text;
    response.body = std::move(body) + "\n";
    return response;
}

Response health(const HealthReport& report, const std::string& version) {
    boost::json::object parts;
    for (const PartHealth& part : report.parts) {
        boost::json::object entry{{"status", to_string(part.state)}, {"since", print_time(part.since)}};
        if (!part.detail.empty()) entry["detail"] = valid_utf8(part.detail);
        parts[valid_utf8(part.name)] = std::move(entry);
    }
    const boost::json::object body{
        {"status", to_string(report.status)},
        {"version", version},
        {"uptime_seconds", std::chrono::duration_cast<std::chrono::seconds>(report.uptime).count()},
        {"parts", std::move(parts)}};
    Response response = json_response(boost::json::serialize(body) + "\n");
    response.status = report.status == PartState::failed ? 503 : 200;
    return response;
}

Response ready(const HealthReport& report) {
    return report.not_ready.empty() ? text(200, "ready") : text(503, "not ready: " + report.not_ready);
}

Response metrics_text(const telemetry::Metrics& metrics) {
    Response response;
    response.content_type = exposition;
    response.body = metrics.expose();
    response.compressible = true;
    return response;
}

Response reload(const Management& management) {
    if (!management.reload_is_on || !management.reload_is_on())
        return problem("forbidden", "reloading over HTTP is off: set http.reload_endpoint to true");
    const Reloaded reloaded = management.reload();
    if (!reloaded)
        return problem("invalid-configuration",
                       "the new configuration was refused; the old one is still in use", reloaded.error());
    boost::json::array changed;
    for (const std::string& key : *reloaded) changed.emplace_back(valid_utf8(key));
    return json_response(boost::json::serialize(boost::json::object{{"changed", std::move(changed)}}) + "\n");
}

Response explain(const Request& request) {
    const std::string* const name = find(request.path_parameters, "name");
    for (const ProblemType& type : problem_types())
        if (name != nullptr && type.name == *name)
            return text(200, fmt::format("{} ({})\n\n{}", type.title, type.status, type.explanation));
    return problem("not-found", "there is no such type of problem");
}

Route route(std::string pattern, std::string description, Handler handler) {
    Route made;
    made.methods = {"GET"};
    made.pattern = std::move(pattern);
    made.description = std::move(description);
    made.handler = std::move(handler);
    return made;
}

}  // namespace

Routes management_routes(const Management& management, Routes others) {
    const HealthBoard& board = management.health;
    telemetry::Metrics& metrics = management.metrics;
    const std::string version = management.version;
    const std::string version_json = boost::json::serialize(boost::json::object{{"version", version}}) + "\n";

    Routes routes;
    routes.push_back(route("/health", "The state of the program and of each of its parts, as JSON.",
                           [&board, version](const Request&) { return health(board.read(), version); }));
    routes.push_back(route("/metrics", "Figures for Prometheus.",
                           [&metrics](const Request&) { return metrics_text(metrics); }));
    routes.push_back(
        route("/version", "The version, as JSON.", static_content("application/json", version_json)));
    routes.push_back(route("/-/healthy", "Answers as long as the program runs.",
                           [](const Request&) { return text(200, "healthy"); }));
    routes.push_back(route("/-/ready", "Whether the program can do its work, and why not.",
                           [&board](const Request&) { return ready(board.read()); }));
    routes.push_back(route("/problems/{name}", "What a type of problem means.", explain));

    Route reloading = route("/-/reload", "Reads the configuration again, as SIGHUP does.",
                            [management](const Request&) { return reload(management); });
    reloading.methods = {"POST", "PUT"};
    reloading.guard = Guard::token;
    reloading.runs = Runs::on_worker;
    routes.push_back(std::move(reloading));

    for (Route& other : others) routes.push_back(std::move(other));
    routes.push_back(route("/", "This page.", nullptr));
    routes.back().handler = static_content(
        std::string(html), landing_page(version, routes),
        {{.name = "Content-Security-Policy",
          .value = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"}});
    return routes;
}

}  // namespace rm::serve
