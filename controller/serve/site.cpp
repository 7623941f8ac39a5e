// SPDX-License-Identifier: Apache-2.0
#include "serve/site.h"

#include <cstddef>
#include <exception>
#include <memory>
#include <string>
#include <utility>

#include "core/text.h"
#include "serve/access.h"
#include "serve/negotiation.h"
#include "serve/problem.h"
#include "serve/static_content.h"
#include "serve/target.h"
#include "telemetry/log.h"

namespace rm::serve {
namespace {

constexpr std::size_t worth_compressing = 512;

void add(Response& response, std::string_view name, std::string_view value) {
    if (find(response.headers, name) == nullptr)
        response.headers.push_back({.name = std::string(name), .value = std::string(value)});
}

void compress(const Request& request, Response& response) {
    if (!response.compressible) return;
    response.headers.push_back({.name = "Vary", .value = "Accept-Encoding"});
    if (response.body.size() < worth_compressing || !accepts_gzip(request.headers)) return;
    std::string packed = response.gzipped.empty() ? gzip(response.body) : std::move(response.gzipped);
    if (packed.empty()) return;
    response.body = std::move(packed);
    response.headers.push_back({.name = "Content-Encoding", .value = "gzip"});
    if (!response.etag.empty()) response.etag += "-gzip";
}

void revalidate(const Request& request, Response& response) {
    if (response.etag.empty() || response.status != 200) return;
    response.headers.push_back({.name = "ETag", .value = '"' + response.etag + '"'});
    const bool get = request.method == "GET" || request.method == "HEAD";
    if (!get || !already_has(request.headers, response.etag)) return;
    response.status = 304;
    response.content_type.clear();
    response.body.clear();
    std::erase_if(response.headers, [](const Header& header) { return header.name == "Content-Encoding"; });
}

/// Pages bring a policy of their own; for anything else a browser has nothing to load or to frame.
void add_security(Response& response) {
    add(response, "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    add(response, "X-Content-Type-Options", "nosniff");
    add(response, "X-Frame-Options", "DENY");
    add(response, "Referrer-Policy", "no-referrer");
    add(response, "Cross-Origin-Resource-Policy", "same-origin");
    add(response, "Cache-Control", "no-store");
}

}  // namespace

Site::Site(RouteTable table, AccessNow access) : table_(std::move(table)), access_(std::move(access)) {}

Result<Site> Site::make(Routes routes, AccessNow access) {
    auto table = RouteTable::make(std::move(routes));
    if (!table) return fail(std::move(table).error());
    return Site(*std::move(table), std::move(access));
}

Site::Admission Site::admit(Request& request, bool http_1_1) const {
    const std::shared_ptr<const Access> access = access_();
    Admission admission;
    auto target = parse_target(request.method, request.target);
    if (!target) {
        admission.refusal = problem(target.error());
        return admission;
    }
    request.path = std::move(target->path);
    request.query = std::move(target->query);
    if (http_1_1 && find(request.headers, "Host") == nullptr) {
        admission.refusal = problem("bad-request", "the Host header is missing");
        return admission;
    }
    if (admission.refusal = check_host(request, target->authority, *access); admission.refusal)
        return admission;
    if (target->whole_server) {
        admission.refusal = preflight(request, "GET, HEAD, OPTIONS, POST, PUT", *access);
        return admission;
    }
    RouteTable::Match match = table_.match(request.method, target->segments);
    if (match.allow.empty()) {
        admission.refusal = problem("not-found", "there is nothing at " + quoted(request.path));
        return admission;
    }
    admission.label = match.pattern;
    if (match.route == nullptr && request.method == "OPTIONS") {
        admission.refusal = preflight(request, match.allow, *access);
    } else if (match.route == nullptr) {
        admission.refusal =
            problem("method-not-allowed", quoted(request.path) + " can do " + match.allow + " only");
        admission.refusal->headers.push_back({.name = "Allow", .value = std::move(match.allow)});
    } else if (admission.refusal = check_origin(request, *access); !admission.refusal) {
        admission.refusal = check_guard(request, match.route->guard, *access);
    }
    admission.route = match.route;
    request.path_parameters = std::move(match.parameters);
    return admission;
}

Response Site::run(const Route& route, const Request& request) {
    const char* what = "something that is not an exception was thrown";
    try {
        return route.handler(request);
    } catch (const std::exception& fault) {
        log::error("serve", "a handler failed", {{"route", route.pattern}, {"error", fault.what()}});
        return problem("internal", "the request could not be served; the log says why");
    } catch (...) {
        log::error("serve", "a handler failed", {{"route", route.pattern}, {"error", what}});
        return problem("internal", "the request could not be served; the log says why");
    }
}

void Site::finish(const Request& request, Response& response) const {
    compress(request, response);
    revalidate(request, response);
    add_cors(request, *access_(), response);
    add_security(response);
}

}  // namespace rm::serve
