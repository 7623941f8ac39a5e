// SPDX-License-Identifier: Apache-2.0
#include "docker/http_engine.h"

#include <algorithm>
#include <utility>

#include "docker/answer_error.h"
#include "docker/read.h"
#include "net/url.h"

namespace rm::docker {
namespace {

constexpr ApiVersion first_with_one_shot{.major = 1, .minor = 41};

std::string target_of(const Call& call, std::optional<ApiVersion> api) {
    std::string target = api ? "/v" + print(*api) + call.path : call.path;
    target += call.query;
    if (api && *api >= first_with_one_shot) target += call.query_of_1_41;
    return target;
}

}  // namespace

Result<std::unique_ptr<HttpEngine>> HttpEngine::make(const config::Docker& docker) {
    const bool tls = !docker.tls.ca_file.empty() || !docker.tls.cert_file.empty();
    auto url = net::parse_docker_host(docker.host.with_password(), tls);
    if (!url) return fail(url.error());
    net::HttpOptions options{.timeouts = {.total = docker.timeout},
                             .tls = {.ca_file = docker.tls.ca_file.string(),
                                     .certificate_file = docker.tls.cert_file.string(),
                                     .key_file = docker.tls.key_file.string(),
                                     .verify = docker.tls.verify}};
    // make_unique can't reach the constructor, which is private so that there is none without an address.
    return std::unique_ptr<HttpEngine>(new HttpEngine(*std::move(url), std::move(options)));
}

HttpEngine::HttpEngine(net::Url url, net::HttpOptions options)
    : url_(std::move(url)), timeout_(options.timeouts.total), client_(std::move(options)) {}

Status HttpEngine::ping(const std::stop_token& stop) {
    const auto body = ask({.path = "/_ping", .needs = "PING=1", .versioned = false}, stop);
    if (!body) return fail(body.error());
    if (body->starts_with("OK")) return {};
    return fail(located({.code = ErrorCode::protocol, .message = "this does not answer as an engine does"}));
}

Result<EngineVersion> HttpEngine::version(const std::stop_token& stop) {
    const Call call{.path = "/version", .needs = "VERSION=1", .versioned = false};
    auto version = ask(call, &read_version, stop);
    if (!version) return version;
    const auto minimum = ApiVersion::parse(version->api_minimum);
    if (!minimum) return fail(located(minimum.error()));
    const auto maximum = ApiVersion::parse(version->api_maximum);
    if (!maximum) return fail(located(maximum.error()));
    const auto api = negotiate(*minimum, *maximum);
    if (!api) return fail(located(api.error()));
    version->api = print(*api);
    const std::scoped_lock lock(mutex_);
    api_ = *api;
    return version;
}

Result<std::string> HttpEngine::ask(const Call& call, const std::stop_token& stop) {
    auto response = exchange(call, nullptr, stop);
    if (!response) return fail(response.error());
    return std::move(response->body);
}

Status HttpEngine::tell(const Call& call, const std::stop_token& stop) {
    const auto response = exchange(call, nullptr, stop);
    if (!response) return fail(response.error());
    return {};
}

/// Asks once more when the engine, replaced in the meantime, no longer speaks what was agreed on.
Result<net::Response> HttpEngine::exchange(const Call& call, const OnChunk* on_chunk,
                                           const std::stop_token& stop) {
    if (!call.versioned) return send(call, {}, on_chunk, stop);
    const auto api = agreed_api(stop);
    if (!api) return fail(api.error());
    auto response = send(call, *api, on_chunk, stop);
    if (response || response.error().code != ErrorCode::unsupported) return response;
    const auto again = agreed_api(stop);
    if (!again) return fail(again.error());
    return send(call, *again, on_chunk, stop);
}

Result<net::Response> HttpEngine::send(const Call& call, std::optional<ApiVersion> api,
                                       const OnChunk* on_chunk, const std::stop_token& stop) {
    const Duration first_answer_within =
        call.lasting > Duration::zero() ? std::min(call.lasting, timeout_) : timeout_;
    net::Request request{.method = call.method,
                         .url = url_,
                         .target = target_of(call, api),
                         .body = call.body,
                         .timeouts = net::Timeouts{.total = first_answer_within, .stream = call.lasting},
                         .body_cap = Bytes(static_cast<std::int64_t>(call.cap)),
                         .repeatable = call.repeatable};
    if (!call.body.empty())
        request.headers.push_back({.name = "Content-Type", .value = std::string(call.body_type)});
    auto response =
        on_chunk == nullptr ? client_.send(request, stop) : client_.stream(request, *on_chunk, stop);
    if (response && is_done(call, *response)) return response;
    Error error = response ? located(error_of(call, *response)) : std::move(response.error());
    if (error.code == ErrorCode::unavailable || error.code == ErrorCode::unsupported) forget_api();
    return fail(std::move(error));
}

Result<ApiVersion> HttpEngine::agreed_api(const std::stop_token& stop) {
    {
        const std::scoped_lock lock(mutex_);
        if (api_) return *api_;
    }
    const auto told = version(stop);
    if (!told) return fail(told.error());
    return ApiVersion::parse(told->api);
}

void HttpEngine::forget_api() {
    const std::scoped_lock lock(mutex_);
    api_.reset();
}

Error HttpEngine::located(Error error) const {
    return std::move(error).with_prefix(where());
}

}  // namespace rm::docker
