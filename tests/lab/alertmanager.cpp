// SPDX-License-Identifier: Apache-2.0
#include "tests/lab/alertmanager.h"

#include <utility>

#include <fmt/format.h>

#include "core/text.h"
#include "tests/lab/http.h"
#include "tests/lab/json.h"

namespace rm::lab {

namespace {

std::map<std::string, std::string> texts(const boost::json::object& object) {
    std::map<std::string, std::string> result;
    for (const auto& [name, value] : object)
        if (value.is_string()) result[name] = value.as_string();
    return result;
}

}  // namespace

Alertmanager::Alertmanager(TempFolder folder, WebPeer peer)
    : folder_(std::move(folder)), peer_(std::move(peer)) {}

Result<Alertmanager> Alertmanager::start(const AlertmanagerOptions& options) {
    auto folder = TempFolder::make("alertmanager");
    if (!folder) return fail(folder.error());
    const std::filesystem::path& where = folder->path();
    if (Status written = write_file(where / "alertmanager.yml", options.configuration); !written)
        return fail(written.error());
    const auto program = [&](std::uint16_t port) {
        return Program{
            .name = "alertmanager",
            .argv = {"prometheus-alertmanager", "--config.file", where / "alertmanager.yml", "--storage.path",
                     where / "data", "--web.listen-address", fmt::format("127.0.0.1:{}", port),
                     "--cluster.listen-address=", "--log.level", "warn"},
            .inside = options.inside};
    };
    auto peer = WebPeer::start(program, "/-/ready");
    if (!peer) return fail(peer.error());
    return Alertmanager(std::move(*folder), std::move(*peer));
}

Result<std::vector<Alert>> Alertmanager::alerts() const {
    auto body = get(url() + "/api/v2/alerts");
    if (!body) return fail(body.error());
    auto answer = parse_json(*body);
    if (!answer) return fail(answer.error());
    std::vector<Alert> alerts;
    for (const auto& each : array_at(*answer, ""))
        alerts.push_back({.labels = texts(object_at(each, "/labels")),
                          .annotations = texts(object_at(each, "/annotations")),
                          .state = text_at(each, "/status/state")});
    return alerts;
}

Status Alertmanager::post(const std::string& json) const {
    auto reply = call({.method = "POST", .url = url() + "/api/v2/alerts", .body = json});
    if (!reply) return fail(reply.error());
    if (reply->status != 200)
        return fail(ErrorCode::invalid, "Alertmanager answered {}: {}", reply->status, quoted(reply->body));
    return {};
}

}  // namespace rm::lab
