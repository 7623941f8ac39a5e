// SPDX-License-Identifier: Apache-2.0
#include "tests/lab/containers.h"

#include <chrono>
#include <thread>

#include <boost/json.hpp>

#include "core/text.h"
#include "net/url.h"
#include "tests/lab/http.h"
#include "tests/lab/json.h"

namespace rm::lab {

namespace json = boost::json;

namespace {

Result<json::value> ask(const Engine& engine, const std::string& path) {
    auto reply = call({.url = path, .socket = engine.socket()});
    if (!reply) return fail(reply.error());
    if (reply->status == 404) return fail(ErrorCode::not_found, "the engine has no {}", path);
    if (reply->status != 200)
        return fail(ErrorCode::protocol, "the engine answered {} with {}: {}", path, reply->status,
                    quoted(reply->body));
    return parse_json(reply->body);
}

/// DELETE for each of `list` that bears the project's label; where one is named by its Id, another is by its
/// Name.
Status remove_each(const Engine& engine, const std::string& project, const std::string& list,
                   std::string_view items, std::string_view name, const std::string& how) {
    const std::string label = fmt::format(R"({{"label":["com.docker.compose.project={}"]}})", project);
    auto found = ask(engine, list + "filters=" + net::encoded(label));
    if (!found) return fail(found.error());
    const std::string kind = list.substr(0, list.find_first_of("/?", 1));
    for (const json::value& each : array_at(*found, items)) {
        auto gone = call({.method = "DELETE",
                          .url = fmt::format("{}/{}{}", kind, net::encoded(text_at(each, name)), how),
                          .socket = engine.socket()});
        if (!gone) return fail(gone.error());
    }
    return {};
}

std::string without_slash(const std::string& name) {
    return name.starts_with('/') ? name.substr(1) : name;
}

}  // namespace

Result<Container> inspect(const Engine& engine, const std::string& container) {
    auto answer = ask(engine, "/containers/" + container + "/json");
    if (!answer) return fail(answer.error());
    const json::value& all = *answer;
    Container result{.id = text_at(all, "/Id"),
                     .name = without_slash(text_at(all, "/Name")),
                     .status = text_at(all, "/State/Status"),
                     .health = text_at(all, "/State/Health/Status"),
                     .image = text_at(all, "/Image"),
                     .exit_code = static_cast<int>(number_at(all, "/State/ExitCode")),
                     .oom_killed = true_at(all, "/State/OOMKilled"),
                     .restarts = static_cast<int>(number_at(all, "/RestartCount")),
                     .addresses = {},
                     .labels = {}};
    for (const auto& [network, about] : object_at(all, "/NetworkSettings/Networks"))
        if (const std::string address = text_at(about, "/IPAddress"); !address.empty())
            result.addresses[network] = address;
    for (const auto& [name, value] : object_at(all, "/Config/Labels"))
        if (value.is_string()) result.labels[name] = value.as_string();
    return result;
}

Result<std::vector<std::string>> containers(const Engine& engine) {
    auto answer = ask(engine, "/containers/json?all=1");
    if (!answer) return fail(answer.error());
    std::vector<std::string> names;
    for (const json::value& each : array_at(*answer, ""))
        names.push_back(without_slash(text_at(each, "/Names/0")));
    return names;
}

Status remove_project(const Engine& engine, const std::string& project) {
    if (Status gone = remove_each(engine, project, "/containers/json?all=1&", "", "/Id", "?force=1&v=1");
        !gone)
        return gone;
    if (Status gone = remove_each(engine, project, "/networks?", "", "/Id", ""); !gone) return gone;
    return remove_each(engine, project, "/volumes?", "/Volumes", "/Name", "");
}

Status wait_for_state(const Engine& engine, const std::string& container, const std::string& state,
                      Duration deadline) {
    constexpr auto pause = std::chrono::milliseconds(20);
    const auto end = std::chrono::steady_clock::now() + deadline;
    while (true) {
        auto now = inspect(engine, container);
        if (now && (now->status == state || now->health == state)) return {};
        if (std::chrono::steady_clock::now() > end) {
            if (!now) return fail(now.error());
            return fail(ErrorCode::timeout, "{} is not {} after {} but {} {}", container, state,
                        print(deadline), now->status, now->health);
        }
        std::this_thread::sleep_for(pause);
    }
}

}  // namespace rm::lab
