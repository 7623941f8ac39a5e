// SPDX-License-Identifier: Apache-2.0
// What HttpEngine asks without changing anything.
#include <algorithm>
#include <array>
#include <ranges>
#include <utility>

#include "docker/check_write.h"
#include "docker/event_stream.h"
#include "docker/http_engine.h"
#include "docker/json.h"
#include "docker/output_tail.h"
#include "docker/timestamp.h"
#include "net/url.h"

namespace rm::docker {
namespace {

constexpr std::array no_image{Meaning{.status = 404, .words = "no such image", .code = ErrorCode::not_found}};

constexpr std::array no_file{
    Meaning{.status = 404, .words = "could not find the file", .code = ErrorCode::not_found},
    Meaning{.status = 500, .words = "not a directory", .code = ErrorCode::not_found}};

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

/// Slashes are part of an image's name, and of the engine's path.
std::string path_of_image(std::string_view image) {
    std::string path = "/images";
    for (const auto part : std::views::split(image, '/'))
        path += '/' + net::encoded(std::string_view(part.begin(), part.end()));
    return path + "/json";
}

}  // namespace

Result<EngineInfo> HttpEngine::info(const std::stop_token& stop) {
    return ask({.path = "/info", .needs = "INFO=1"}, &read_info, stop);
}

Result<std::vector<ContainerSummary>> HttpEngine::list(const std::stop_token& stop) {
    const Call call{
        .path = "/containers/json", .query = "?all=1", .needs = "CONTAINERS=1", .cap = longest_list};
    return ask(call, &read_list, stop);
}

Result<Container> HttpEngine::inspect(const ContainerId& id, const std::stop_token& stop) {
    auto container = ask(about(id, "json"), &read_container, stop);
    if (container && container->id != id)
        return fail(located({.code = ErrorCode::protocol, .message = "another container was told of"}));
    return container;
}

Result<std::string> HttpEngine::document(const ContainerId& id, const std::stop_token& stop) {
    auto body = ask(about(id, "json"), stop);
    if (!body) return body;
    const auto container = read_container(*body);
    if (!container) return fail(located(container.error()));
    if (container->id != id)
        return fail(located({.code = ErrorCode::protocol, .message = "another container was told of"}));
    return body;
}

Result<Stats> HttpEngine::stats(const ContainerId& id, const std::stop_token& stop) {
    Call call = about(id, "stats");
    call.query = "?stream=false";
    call.query_of_1_41 = "&one-shot=true";
    return ask(call, &read_stats, stop);
}

Status HttpEngine::events(const EventsWanted& wanted, const OnEvent& on_event, const std::stop_token& stop) {
    auto query = events_query(wanted);
    if (!query) return fail(query.error());
    EventStream stream(on_event);
    const OnChunk on_chunk = [&stream](std::string_view piece) { return stream.take(piece); };
    const Call call{.path = "/events", .query = *std::move(query), .needs = "EVENTS=1"};
    const auto response = exchange(call, &on_chunk, stop);
    if (!response) return fail(response.error());
    const auto ended = stream.finish();
    if (!ended) return fail(located(ended.error()));
    return {};
}

Result<std::string> HttpEngine::image_id(const std::string& image, const std::stop_token& stop) {
    if (const auto checked = check_image(image); !checked) return fail(checked.error());
    const Call call{.path = path_of_image(image), .needs = "IMAGES=1", .meanings = no_image};
    return ask(call, &read_image_id, stop);
}

Result<std::vector<FileChange>> HttpEngine::changes(const ContainerId& id, const std::stop_token& stop) {
    return ask(about(id, "changes"), &read_changes, stop);
}

Result<std::string> HttpEngine::log_tail(const ContainerId& id, int lines, const std::stop_token& stop) {
    Call call = about(id, "logs");
    call.query = fmt::format("?stdout=1&stderr=1&tail={}", std::max(lines, 0));
    call.lasting = timeout_;
    OutputTail output;
    const OnChunk on_chunk = [&output](std::string_view piece) {
        output.take(piece);
        return true;
    };
    const auto response = exchange(call, &on_chunk, stop);
    if (!response) return fail(response.error());
    return output.text();
}

Result<std::string> HttpEngine::get_archive(const ContainerId& id, const std::string& path,
                                            const std::stop_token& stop) {
    if (const auto checked = check_path(path); !checked) return fail(checked.error());
    Call call = about(id, "archive");
    call.query = "?path=" + net::encoded(path);
    call.meanings = no_file;
    call.cap = longest_archive;
    auto tar = ask(call, stop);
    if (!tar) return tar;
    if (const auto plain = check_archive(*tar); !plain)
        return fail(located({.code = ErrorCode::protocol, .message = plain.error().message}));
    return tar;
}

}  // namespace rm::docker
