// SPDX-License-Identifier: Apache-2.0
// What HttpEngine tells an engine to do. Where the engine refuses to do again what is done already, its words
// say so, and it is a success.
#include <array>
#include <utility>

#include <boost/json.hpp>

#include "docker/check_write.h"
#include "docker/http_engine.h"
#include "docker/json.h"
#include "net/url.h"

namespace rm::docker {
namespace {

namespace json = boost::json;

constexpr std::array of_create{
    Meaning{.status = 404, .words = "no such image", .code = ErrorCode::not_found}};

/// A network that is gone or a port that is taken: trying again would not mend it.
constexpr std::array of_start{
    Meaning{.status = 304, .words = ""},
    Meaning{.status = 404, .words = " not found", .code = ErrorCode::conflict},
    Meaning{.status = 500, .words = "port is already allocated", .code = ErrorCode::conflict}};

constexpr std::array of_rename{Meaning{.status = 400, .words = "same name as its current name"}};

constexpr std::array of_remove{Meaning{.status = 404, .words = "no such container"},
                               Meaning{.status = 409, .words = "is already in progress"}};

/// The kernel refused; so it will as long as nothing else changes.
constexpr std::array of_update{
    Meaning{.status = 500, .words = "cannot update container", .code = ErrorCode::conflict}};

constexpr std::array of_connect{
    Meaning{.status = 403, .words = "already exists in network", .code = ErrorCode::conflict},
    Meaning{.status = 404, .words = " not found", .code = ErrorCode::conflict}};

constexpr std::array of_put_archive{
    Meaning{.status = 404, .words = "could not find the file", .code = ErrorCode::not_found},
    Meaning{.status = 500, .words = "read-only", .code = ErrorCode::permission},
    Meaning{.status = 500, .words = "not a directory", .code = ErrorCode::invalid},
    Meaning{.status = 500, .words = "tar file", .code = ErrorCode::invalid}};

Result<json::value> object_in(std::string_view text, std::string_view what) {
    auto value = parse_json(text, longest_answer);
    if (value && value->is_object()) return value;
    return fail(ErrorCode::invalid, "{} is not a JSON object", what);
}

std::string body_of(const Update& update) {
    json::object body;
    if (update.nano_cpus) body["NanoCpus"] = update.nano_cpus->nanos();
    if (update.cpu_quota) {
        body["CpuPeriod"] = update.cpu_quota->period.count();
        body["CpuQuota"] = update.cpu_quota->quota.count();
    }
    if (update.memory) body["Memory"] = update.memory->count();
    if (update.memory_swap) body["MemorySwap"] = update.memory_swap->count();
    if (update.memory_reservation) body["MemoryReservation"] = update.memory_reservation->count();
    if (update.restart)
        body["RestartPolicy"] = {{"Name", to_string(update.restart->policy)},
                                 {"MaximumRetryCount", update.restart->maximum_retries}};
    return json::serialize(body);
}

}  // namespace

Result<ContainerId> HttpEngine::create(const std::string& name, const std::string& body,
                                       const std::stop_token& stop) {
    if (const auto checked = check_container_name(name); !checked) return fail(checked.error());
    if (const auto object = object_in(body, "what to create"); !object) return fail(object.error());
    const Call call{.method = net::Method::post,
                    .path = "/containers/create",
                    .query = "?name=" + net::encoded(name),
                    .body = body,
                    .needs = "CONTAINERS=1 and POST=1",
                    .meanings = of_create};
    return ask(call, &read_created_id, stop);
}

Status HttpEngine::start(const ContainerId& id, const std::stop_token& stop) {
    Call call = change(id, "start");
    call.needs = "POST=1 and CONTAINERS=1 or ALLOW_START=1";
    call.meanings = of_start;
    call.repeatable = true;
    return tell(call, stop);
}

/// A second SIGTERM makes some programs give up their clients: it is not sent twice.
Status HttpEngine::signal(const ContainerId& id, const std::string& signal, const std::stop_token& stop) {
    if (const auto checked = check_signal(signal); !checked) return fail(checked.error());
    Call call = change(id, "kill");
    call.query = "?signal=" + net::encoded(signal);
    call.needs = "POST=1 and CONTAINERS=1 or ALLOW_RESTARTS=1";
    return tell(call, stop);
}

Status HttpEngine::rename(const ContainerId& id, const std::string& name, const std::stop_token& stop) {
    if (const auto checked = check_container_name(name); !checked) return fail(checked.error());
    Call call = change(id, "rename");
    call.query = "?name=" + net::encoded(name);
    call.meanings = of_rename;
    call.repeatable = true;
    return tell(call, stop);
}

Status HttpEngine::remove(const ContainerId& id, Removal how, const std::stop_token& stop) {
    const Call call{.method = net::Method::del,
                    .path = "/containers/" + id.full(),
                    .query = how == Removal::forced ? "?force=1" : "",
                    .needs = "CONTAINERS=1 and POST=1",
                    .meanings = of_remove};
    return tell(call, stop);
}

Status HttpEngine::update(const ContainerId& id, const Update& update, const std::stop_token& stop) {
    if (auto checked = check_update(update); !checked) return checked;
    Call call = change(id, "update");
    call.body = body_of(update);
    call.meanings = of_update;
    call.repeatable = true;
    return tell(call, stop);
}

/// The engine lets a stopped container be connected twice, but not a running one. What it says then it also
/// says when a crash left an endpoint of that name behind, so the container is looked at.
Status HttpEngine::connect(const std::string& network, const ContainerId& id, const std::string& endpoint,
                           const std::stop_token& stop) {
    if (auto checked = check_network(network); !checked) return checked;
    auto config = object_in(endpoint, "the endpoint");
    if (!config) return fail(config.error());
    json::object body{{"Container", id.full()}};
    body["EndpointConfig"] = *std::move(config);
    const Call call{.method = net::Method::post,
                    .path = fmt::format("/networks/{}/connect", net::encoded(network)),
                    .body = json::serialize(body),
                    .needs = "NETWORKS=1 and POST=1",
                    .meanings = of_connect,
                    .repeatable = true};
    auto done = tell(call, stop);
    if (done || done.error().code != ErrorCode::conflict) return done;
    const auto connected = is_connected(network, id, stop);
    if (!connected) return fail(connected.error());
    return *connected ? Status() : done;
}

Result<bool> HttpEngine::is_connected(const std::string& network, const ContainerId& id,
                                      const std::stop_token& stop) {
    const auto body = ask(about(id, "json"), stop);
    if (!body) return fail(body.error());
    auto connected = read_is_connected(*body, network);
    if (!connected) return fail(located(connected.error()));
    return connected;
}

Status HttpEngine::put_archive(const ContainerId& id, const std::string& folder, const std::string& tar,
                               const std::stop_token& stop) {
    if (auto checked = check_path(folder); !checked) return checked;
    if (auto checked = check_archive(tar); !checked) return checked;
    const Call call{.method = net::Method::put,
                    .path = fmt::format("/containers/{}/archive", id.full()),
                    .query = "?path=" + net::encoded(folder) + "&noOverwriteDirNonDir=1",
                    .body = tar,
                    .body_type = "application/x-tar",
                    .needs = "CONTAINERS=1 and POST=1",
                    .meanings = of_put_archive};
    return tell(call, stop);
}

}  // namespace rm::docker
