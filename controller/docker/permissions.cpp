// SPDX-License-Identifier: Apache-2.0
#include "docker/permissions.h"

#include <algorithm>
#include <map>
#include <optional>
#include <span>
#include <utility>

#include "docker/api_version.h"
#include "docker/tar.h"

namespace rm::docker {
namespace {

constexpr ApiVersion first_with_networks_at_creation{.major = 1, .minor = 44};

/// What nothing on the engine is called.
constexpr const char* unused_name = "resource-manager-asks-for-permission";

std::string unused_image() {
    return "sha256:" + std::string(64, '0');
}

ContainerId no_container() {
    return ContainerId::parse(std::string(64, '0')).value();
}

template <class T>
Status without_value(const Result<T>& result) {
    if (!result) return fail(result.error());
    return {};
}

using Ask = Status (*)(Engine& engine, const std::stop_token& stop);

Status ask_events(Engine& engine, const std::stop_token& stop) {
    return engine.events(
        {.since = WallTime(std::chrono::seconds(1)),
         .until = WallTime(std::chrono::seconds(2)),
         .actions = {}},
        [](const Event&) { return false; }, stop);
}

Status ask_creation(Engine& engine, const std::stop_token& stop) {
    return without_value(
        engine.create(unused_name, fmt::format(R"({{"Image":"{}"}})", unused_image()), stop));
}

Status ask_archive(Engine& engine, const std::stop_token& stop) {
    const auto empty = write_tar({});
    if (!empty) return fail(empty.error());
    return engine.put_archive(no_container(), "/", *empty, stop);
}

constexpr Ask to_list = [](Engine& engine, const std::stop_token& stop) {
    return without_value(engine.list(stop));
};
constexpr Ask to_inspect = [](Engine& engine, const std::stop_token& stop) {
    return without_value(engine.inspect(no_container(), stop));
};
constexpr Ask to_know_the_host = [](Engine& engine, const std::stop_token& stop) {
    return without_value(engine.info(stop));
};
constexpr Ask to_read_statistics = [](Engine& engine, const std::stop_token& stop) {
    return without_value(engine.stats(no_container(), stop));
};
constexpr Ask to_update = [](Engine& engine, const std::stop_token& stop) {
    return engine.update(no_container(), {.restart = RestartRule{}}, stop);
};
constexpr Ask to_start = [](Engine& engine, const std::stop_token& stop) {
    return engine.start(no_container(), stop);
};
constexpr Ask to_signal = [](Engine& engine, const std::stop_token& stop) {
    return engine.signal(no_container(), "SIGTERM", stop);
};
constexpr Ask to_rename = [](Engine& engine, const std::stop_token& stop) {
    return engine.rename(no_container(), unused_name, stop);
};
constexpr Ask to_remove = [](Engine& engine, const std::stop_token& stop) {
    return engine.remove(no_container(), Removal::stopped, stop);
};
constexpr Ask to_know_images = [](Engine& engine, const std::stop_token& stop) {
    return without_value(engine.image_id(unused_image(), stop));
};
constexpr Ask to_connect = [](Engine& engine, const std::stop_token& stop) {
    return engine.connect(unused_name, no_container(), "{}", stop);
};
constexpr Ask to_read_logs = [](Engine& engine, const std::stop_token& stop) {
    return without_value(engine.log_tail(no_container(), 1, stop));
};
constexpr Ask to_read_files = [](Engine& engine, const std::stop_token& stop) {
    return without_value(engine.get_archive(no_container(), "/", stop));
};
constexpr Ask to_make_programs = [](Engine& engine, const std::stop_token& stop) {
    return without_value(engine.exec(no_container(), {.argv = {unused_name}}, stop));
};
constexpr Ask to_run_programs = [](Engine& engine, const std::stop_token& stop) {
    return engine.may_exec(stop);
};

constexpr std::array of_watching{to_list, to_inspect};
constexpr std::array<Ask, 1> of_events{&ask_events};
constexpr std::array of_host{to_know_the_host};
constexpr std::array of_statistics{to_read_statistics};
constexpr std::array of_in_place{to_update, to_read_statistics};
constexpr std::array<Ask, 7> of_replacing{&ask_creation, to_start,  to_signal,     to_rename,
                                          to_remove,     to_update, to_know_images};
constexpr std::array of_networks{to_connect};
constexpr std::array of_last_words{to_read_logs};
constexpr std::array<Ask, 2> of_drain_file{&ask_archive, to_read_files};
constexpr std::array of_programs{to_make_programs, to_run_programs};

std::span<const Ask> asks_of(Feature feature) {
    switch (feature) {
        case Feature::watching:
            return of_watching;
        case Feature::events:
            return of_events;
        case Feature::host:
            return of_host;
        case Feature::statistics:
            return of_statistics;
        case Feature::in_place:
            return of_in_place;
        case Feature::replacing:
            return of_replacing;
        case Feature::old_networks:
            return of_networks;
        case Feature::last_words:
            return of_last_words;
        case Feature::drain_file:
            return of_drain_file;
        case Feature::programs_inside:
            return of_programs;
    }
    return {};
}

/// Nothing is known of a call that did not come through to where it is allowed or forbidden.
bool is_no_answer(ErrorCode code) {
    using enum ErrorCode;
    return code == unavailable || code == timeout || code == cancelled || code == io;
}

/// An engine that could not do it was asked all the same; one that is away was not.
bool came_through(const Error& error, Engine& engine, const std::stop_token& stop) {
    if (!is_no_answer(error.code)) return true;
    return error.code == ErrorCode::unavailable && engine.ping(stop);
}

/// Why it is forbidden; nothing: it is not.
Result<std::optional<std::string>> forbidden(Ask ask, Engine& engine, const std::stop_token& stop) {
    const Status asked = ask(engine, stop);
    if (asked) return std::nullopt;
    if (!came_through(asked.error(), engine, stop)) return fail(asked.error());
    if (asked.error().code == ErrorCode::permission) return asked.error().message;
    return std::nullopt;
}

/// Since API 1.44 a container is created with all its networks.
Result<bool> connects_networks(Engine& engine, const std::stop_token& stop) {
    const auto version = engine.version(stop);
    if (!version) return fail(version.error());
    const auto api = ApiVersion::parse(version->api);
    if (!api) return fail(api.error());
    return *api < first_with_networks_at_creation;
}

}  // namespace

std::string_view to_string(Feature feature) {
    switch (feature) {
        case Feature::watching:
            return "seeing containers";
        case Feature::events:
            return "seeing at once what happens to containers";
        case Feature::host:
            return "knowing what the host has";
        case Feature::statistics:
            return "measuring usage by the engine's own statistics";
        case Feature::in_place:
            return "changing limits in place";
        case Feature::replacing:
            return "replacing containers (blue_green, recreate)";
        case Feature::old_networks:
            return "replacing containers that are in several networks";
        case Feature::last_words:
            return "keeping the log of a container that failed";
        case Feature::drain_file:
            return "draining by a file";
        case Feature::programs_inside:
            return "running programs in containers (health and drain by command)";
    }
    return "something";
}

bool Permissions::allows(Feature feature) const {
    return std::ranges::find(lacks, feature, &Lack::feature) == lacks.end();
}

bool Permissions::may_deploy() const {
    return allows(Feature::watching) && (allows(Feature::replacing) || allows(Feature::in_place));
}

std::string print(const Lack& lack) {
    return fmt::format("{} is not possible: {}", to_string(lack.feature), lack.reason);
}

Result<Permissions> find_permissions(Engine& engine, const std::stop_token& stop) {
    const auto connects = connects_networks(engine, stop);
    if (!connects) return fail(connects.error());
    std::map<Ask, std::optional<std::string>> known;
    Permissions permissions;
    for (const Feature feature : every_feature) {
        if (feature == Feature::old_networks && !*connects) continue;
        for (const Ask ask : asks_of(feature)) {
            if (!known.contains(ask)) {
                auto answer = forbidden(ask, engine, stop);
                if (!answer) return fail(std::move(answer).error());
                known.emplace(ask, *std::move(answer));
            }
            if (const auto& reason = known.at(ask))
                permissions.lacks.push_back({.feature = feature, .reason = *reason});
        }
    }
    return permissions;
}

}  // namespace rm::docker
