// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "docker/json.h"
#include "docker/read.h"
#include "docker/read_container_parts.h"
#include "docker/read_parts.h"

namespace rm::docker {
namespace {

namespace json = boost::json;

Status read_into(Container& container, const json::object& document) {
    const auto created = read_time_at(document, "Created");
    if (!created) return fail(created.error());
    container.created_at = created->value_or(WallTime());
    const auto restarts = count_at(document, "RestartCount");
    if (!restarts) return fail(restarts.error());
    container.restart_count = *restarts;
    auto image_id = read_image_id_at(document, "Image");
    if (!image_id) return fail(image_id.error());
    container.image_id = *std::move(image_id);
    const auto state = object_at(document, "State");
    if (!state) return fail(state.error());
    if (auto done = read_state_into(container, **state); !done) return done;
    const auto config = object_at(document, "Config");
    if (!config) return fail(config.error());
    if (auto done = read_config_into(container, **config); !done) return done;
    const auto host = object_at(document, "HostConfig");
    if (!host) return fail(host.error());
    return read_host_config_into(container, **host);
}

}  // namespace

Result<Container> read_container(std::string_view body) {
    const auto document = parse_object(body, longest_answer, "the container");
    if (!document) return fail(document.error());
    const auto id_text = text_at(*document, "Id");
    if (!id_text) return fail(id_text.error());
    auto id = read_id(*id_text);
    if (!id) return fail(id.error());
    const auto name_text = text_at(*document, "Name");
    if (!name_text) return fail(name_text.error());
    auto name = read_name(*name_text);
    if (!name) return fail(name.error());
    Container container{.id = *std::move(id),
                        .name = *std::move(name),
                        .image = {},
                        .labels = {},
                        .limits = {},
                        .created_at = {}};
    if (const auto done = read_into(container, *document); !done) return fail(done.error());
    return container;
}

}  // namespace rm::docker
