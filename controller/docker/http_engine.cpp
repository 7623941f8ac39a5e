// SPDX-License-Identifier: Apache-2.0
#include "docker/http_engine.h"

#include <utility>

#include "docker/event_stream.h"
#include "docker/read.h"
#include "docker/timestamp.h"
#include "net/url.h"

namespace rm::docker {
namespace {

constexpr ApiVersion first_with_one_shot{.major = 1, .minor = 41};

Call about(const ContainerId& id, std::string_view what) {
    return {.path = fmt::format("/containers/{}/{}", id.full(), what),
            .variable = "CONTAINERS",
            .about_container = true};
}

std::string target_of(const Call& call, std::optional<ApiVersion> api) {
    std::string target = api ? "/v" + print(*api) + call.path : call.path;
    target += call.query;
    if (api && *api >= first_with_one_shot) target += call.query_of_1_41;
    return target;
}

/// `{"type":["container"],"event":["start","die"]}`
std::string filters_of(const EventsWanted& wanted) {
    std::string filters = R"({"type":["container"])";
    std::string_view before = R"(,"event":[")";
    for (const std::string& action : wanted.actions) {
        (filters += before) += action;
        before = R"(",")";
    }
    return filters + (wanted.actions.empty() ? "}" : R"("]})");
}

bool is_action(std::string_view text) {
    return !text.empty() && text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string_view::npos;
}

/// An event's words go into JSON as they are.
Result<std::string> events_query(const EventsWanted& wanted) {
    for (const std::string& action : wanted.actions)
        if (!is_action(action))
            return fail(ErrorCode::invalid, "an event's action is a word like start or health_status");
    std::string query = "?filters=" + net::encoded(filters_of(wanted));
    if (wanted.since) query += "&since=" + print_seconds(*wanted.since);
    if (wanted.until) query += "&until=" + print_seconds(*wanted.until);
    return query;
}

/// Reads what was asked for out of a body that may not have come.
template <class T>
Result<T> read_answer(const Result<std::string>& body, Result<T> (*read)(std::string_view),
                      const std::string& context) {
    if (!body) return fail(body.error());
    auto answer = read(*body);
    if (!answer) return fail(std::move(answer.error()).with_prefix(context));
    return answer;
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
                                     .verify = docker.tls.verify},
                             .body_cap = Bytes(static_cast<std::int64_t>(longest_list))};
    // make_unique can't reach the constructor, which is private so that there is none without an address.
    return std::unique_ptr<HttpEngine>(new HttpEngine(*std::move(url), std::move(options)));
}

HttpEngine::HttpEngine(net::Url url, net::HttpOptions options)
    : url_(std::move(url)), client_(std::move(options)) {}

Status HttpEngine::ping(const std::stop_token& stop) {
    const auto body = ask({.path = "/_ping", .variable = "PING", .versioned = false}, stop);
    if (!body) return fail(body.error());
    if (body->starts_with("OK")) return {};
    return fail(located({.code = ErrorCode::protocol, .message = "this does not answer as an engine does"}));
}

Result<EngineVersion> HttpEngine::version(const std::stop_token& stop) {
    const auto body = ask({.path = "/version", .variable = "VERSION", .versioned = false}, stop);
    auto version = read_answer(body, &read_version, where() + ": GET /version");
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

Result<EngineInfo> HttpEngine::info(const std::stop_token& stop) {
    return read_answer(ask({.path = "/info", .variable = "INFO"}, stop), &read_info, where() + ": GET /info");
}

Result<std::vector<ContainerSummary>> HttpEngine::list(const std::stop_token& stop) {
    const Call call{.path = "/containers/json", .query = "?all=1", .variable = "CONTAINERS"};
    return read_answer(ask(call, stop), &read_list, where() + ": GET /containers/json");
}

Result<Container> HttpEngine::inspect(const ContainerId& id, const std::stop_token& stop) {
    const Call call = about(id, "json");
    auto container = read_answer(ask(call, stop), &read_container, where() + ": GET " + call.path);
    if (container && container->id != id)
        return fail(located({.code = ErrorCode::protocol, .message = "another container was told of"}));
    return container;
}

Result<Stats> HttpEngine::stats(const ContainerId& id, const std::stop_token& stop) {
    Call call = about(id, "stats");
    call.query = "?stream=false";
    call.query_of_1_41 = "&one-shot=true";
    return read_answer(ask(call, stop), &read_stats, where() + ": GET " + call.path);
}

Status HttpEngine::events(const EventsWanted& wanted, const OnEvent& on_event, const std::stop_token& stop) {
    auto query = events_query(wanted);
    if (!query) return fail(query.error());
    EventStream stream(on_event);
    const OnChunk on_chunk = [&stream](std::string_view piece) { return stream.take(piece); };
    const auto response =
        exchange({.path = "/events", .query = *std::move(query), .variable = "EVENTS"}, &on_chunk, stop);
    if (!response) return fail(response.error());
    const auto ended = stream.finish();
    if (!ended) return fail(located(ended.error()));
    return {};
}

Result<std::string> HttpEngine::ask(const Call& call, const std::stop_token& stop) {
    auto response = exchange(call, nullptr, stop);
    if (!response) return fail(response.error());
    return std::move(response->body);
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
    const net::Request request{.url = url_, .target = target_of(call, api)};
    auto response =
        on_chunk == nullptr ? client_.send(request, stop) : client_.stream(request, *on_chunk, stop);
    if (response && response->ok()) return response;
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
