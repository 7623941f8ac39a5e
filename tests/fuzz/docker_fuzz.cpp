// SPDX-License-Identifier: Apache-2.0
// Whatever an engine, or something in its place, answers. The input's first byte says in what pieces a stream
// arrives, the rest is every answer in turn. Besides what the sanitizers see: what was read holds what its
// reader promises, errors can be printed, and events and output are the same in any pieces.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "core/text.h"
#include "docker/api_version.h"
#include "docker/check_write.h"
#include "docker/event_stream.h"
#include "docker/output_tail.h"
#include "docker/read.h"
#include "docker/services.h"
#include "docker/surroundings.h"
#include "docker/timestamp.h"

namespace {

using namespace rm::docker;

void require(bool condition) {
    if (!condition) std::abort();
}

bool is_printable(std::string_view text) {
    while (!text.empty()) {
        const std::size_t length = rm::printable_prefix(text);
        if (length == 0) return false;
        text.remove_prefix(length);
    }
    return true;
}

/// True if there is a value; an error must be one that can be shown.
template <class T>
bool was_read(const rm::Result<T>& result) {
    constexpr std::size_t longest = 1000;
    if (!result) require(is_printable(result.error().message) && result.error().message.size() < longest);
    return result.has_value();
}

void check_list(std::string_view body) {
    const auto list = read_list(body);
    if (!was_read(list)) return;
    for (const ContainerSummary& one : *list) {
        require(one.name.empty() ? !one.unreadable.empty() : is_container_name(one.name));
        require(one.unreadable.empty() || one.labels.empty());
    }
    const Inventory inventory = find_services(*list);
    std::size_t placed = inventory.left_out.size();
    for (const auto& [name, service] : inventory.services) {
        require(!service.replicas.empty());
        placed += service.replicas.size();
        require(resolve(inventory, name).has_value() || name.project().empty());
    }
    require(placed <= list->size());
}

void check_container(std::string_view body) {
    const auto container = read_container(body);
    if (!was_read(container)) return;
    require(is_container_name(container->name));
    require(!container->limits.cpu || *container->limits.cpu >= rm::Cores());
    require(!container->limits.memory || *container->limits.memory > rm::Bytes(0));
    require(container->restart_count >= 0 && container->restart.maximum_retries >= 0);
    const auto limits = limits_of(container->limit_fields);
    require(limits.has_value() && *limits == container->limits);
    require(check_signal(container->stop.signal).has_value());
    require(container->stop.timeout >= rm::Duration::zero());
    require(is_printable(container->health_output));
    if (!container->health_check) return;
    require(container->health_check->interval > rm::Duration::zero() && container->health_check->retries > 0);
    require(container->health_check->timeout > rm::Duration::zero());
    require(container->health_check->start_period >= rm::Duration::zero());
}

void check_changes(std::string_view body) {
    if (const auto changes = read_changes(body); was_read(changes))
        for (const FileChange& change : *changes) require(change.path.starts_with('/'));
    was_read(read_is_connected(body, "shop_default"));
    if (const auto surroundings = read_surroundings(body); was_read(surroundings))
        static_cast<void>(mount_of(*surroundings, "/tmp/drain"));
    was_read(read_created_id(body));
    was_read(read_exec_id(body));
    was_read(read_exec_end(body));
    if (const auto id = read_image_id(body); was_read(id)) require(check_image(*id).has_value());
}

void check_stats(std::string_view body) {
    const auto stats = read_stats(body);
    if (!was_read(stats)) return;
    require(stats->cpu_total.count() >= 0 && stats->cpu_periods >= 0 && stats->cpu_throttled_periods >= 0);
    require(!stats->memory_working_set ||
            (stats->memory_usage && *stats->memory_working_set <= *stats->memory_usage));
    require(!stats->memory_limit || *stats->memory_limit > rm::Bytes(0));
}

void check_engine(std::string_view body) {
    if (const auto info = read_info(body); was_read(info))
        require(info->cpus >= rm::Cores::whole(1) && is_printable(info->name));
    if (const auto version = read_version(body); was_read(version)) {
        require(is_printable(version->version + version->system));
        const auto api = ApiVersion::parse(version->api_maximum);
        if (was_read(api)) require(ApiVersion::parse(print(*api)).value() == *api);
    }
    require(is_printable(read_message(body)));
    was_read(parse_timestamp(body));
}

struct Told {
    std::vector<std::string> events;
    std::string error;

    friend bool operator==(const Told&, const Told&) = default;
};

Told read_events(std::string_view text, std::size_t piece) {
    Told told;
    const Engine::OnEvent on_event = [&](const Event& event) {
        require(is_printable(event.action) && is_printable(event.type));
        told.events.push_back(event.actor + event.action + print_seconds(event.at));
        return true;
    };
    EventStream stream(on_event);
    while (!text.empty() && stream.take(text.substr(0, piece)))
        text.remove_prefix(std::min(piece, text.size()));
    if (const auto status = stream.finish(); !was_read(status)) told.error = status.error().message;
    return told;
}

std::string read_output(std::string_view text, std::size_t piece) {
    OutputTail tail;
    while (!text.empty()) {
        tail.take(text.substr(0, piece));
        text.remove_prefix(std::min(piece, text.size()));
    }
    std::string lines = tail.text();
    std::ranges::replace(lines, '\n', ' ');
    require(is_printable(lines) && lines.size() < 2 * OutputTail::longest);
    return lines;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::size_t piece = std::max<std::size_t>(1, data[0]);
    const std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);
    check_list(body);
    check_container(body);
    check_stats(body);
    check_engine(body);
    check_changes(body);
    require(read_output(body, piece) == read_output(body, body.size() + 1));
    require(read_events(body, piece) == read_events(body, body.size() + 1));
    return 0;
}
