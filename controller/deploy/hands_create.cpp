// SPDX-License-Identifier: Apache-2.0
// How green comes into being.
#include <utility>

#include <fmt/format.h>

#include "core/text.h"
#include "deploy/hands.h"
#include "deploy/injected_files.h"
#include "deploy/marks.h"
#include "docker/clone.h"
#include "docker/clone_guard.h"

namespace rm::deploy {
namespace {

constexpr int lines_kept = 20;
constexpr std::size_t most_evidence = std::size_t{4} << 10;

/// The id of blue's own image where its name means another one by now: a resize must not become an upgrade.
Result<std::optional<std::string>> image_moved(docker::Engine& engine, const docker::Container& blue,
                                               const std::stop_token& stop) {
    const auto now = engine.image_id(blue.image, stop);
    if (now && *now == blue.image_id) return std::nullopt;
    if (now || now.error().code == ErrorCode::not_found) return blue.image_id;
    return fail(now.error());
}

Result<docker::CloneWanted> clone_wanted(docker::Engine& engine, const Task& task,
                                         const std::stop_token& stop) {
    const Replacement& replica = task.replica();
    const auto version = engine.version(stop);
    if (!version) return fail(version.error());
    const auto api = docker::ApiVersion::parse(version->api);
    if (!api) return fail(api.error());
    auto image = image_moved(engine, *task.sight.blue, stop);
    if (!image) return fail(std::move(image).error());
    docker::CloneWanted wanted{.name = replica.green_name,
                               .limits = replica.to,
                               .labels = {{std::string(mark_deployment), task.deployment.token},
                                          {std::string(mark_replaces), replica.blue.full()},
                                          {std::string(mark_name), replica.final_name}},
                               .api = *api,
                               .image = *std::move(image),
                               .restart = replica.blue_restart,
                               .keep_addresses = task.deployment.strategy == config::Strategy::recreate};
    if (replica.green_number > 0) wanted.container_number = replica.green_number;
    return wanted;
}

Result<docker::NewContainer> cloned(docker::Engine& engine, const Task& task, const std::stop_token& stop) {
    const auto document = engine.document(task.replica().blue, stop);
    if (!document) return fail(document.error());
    const auto wanted = clone_wanted(engine, task, stop);
    if (!wanted) return fail(wanted.error());
    auto made = docker::clone(*document, *wanted);
    if (!made) return fail(std::move(made).error());
    if (auto same = docker::check_create_body(*document, *made, *wanted); !same)
        return fail(std::move(same).error());
    return made;
}

}  // namespace

Result<std::string> Hands::create_green(const Task& task, const std::stop_token& stop) {
    if (!task.sight.blue) return fail(ErrorCode::not_found, "{} is gone", task.replica().blue_name);
    const auto made = cloned(engine_, task, stop);
    if (!made) return fail(made.error());
    const auto id = engine_.create(made->name, made->body, stop);
    if (!id) return fail(id.error());
    return fmt::format("{} ({}) with {}", made->name, id->brief(), print(task.replica().to));
}

Result<std::string> Hands::furnish_green(const Task& task, const std::stop_token& stop) {
    if (!task.sight.blue) return fail(ErrorCode::not_found, "{} is gone", task.replica().blue_name);
    const auto made = cloned(engine_, task, stop);
    if (!made) return fail(made.error());
    for (const docker::NetworkToJoin& join : made->networks)
        if (auto joined = engine_.connect(join.network, task.sight.green->id, join.endpoint, stop); !joined)
            return fail(std::move(joined).error());
    const auto copied = copy_injected_files(engine_, *task.sight.blue, task.sight.green->id,
                                            task.policy.deployment.drain_file, stop);
    if (!copied) return fail(copied.error());
    if (*copied == 0) return std::string();
    return fmt::format("{} of the old container's files were copied", *copied);
}

Result<std::string> Hands::keep_evidence(const Task& task, const std::stop_token& stop) {
    const docker::Container& green = *task.sight.green;
    std::string evidence;
    if (!green.health_output.empty())
        evidence += fmt::format("its last health check said: {}", quoted(green.health_output));
    const auto tail = engine_.log_tail(green.id, lines_kept, stop);
    if (tail && !tail->empty()) {
        if (!evidence.empty()) evidence += "; ";
        evidence += "its log ends with:\n" + valid_utf8(*tail);
    }
    if (evidence.size() > most_evidence) evidence = valid_utf8(evidence.substr(0, most_evidence)) + " ...";
    return evidence;
}

}  // namespace rm::deploy
