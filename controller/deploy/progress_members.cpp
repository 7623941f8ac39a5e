// SPDX-License-Identifier: Apache-2.0
#include "deploy/progress_members.h"

#include "core/text.h"
#include "docker/json.h"

namespace rm::deploy {

std::string Members::text(std::string_view name) {
    return keep(docker::text_or_empty(object_, name));
}

std::string Members::name(std::string_view name) {
    std::string found = text(name);
    if (found.empty()) complain(name);
    return found;
}

bool Members::flag(std::string_view name) {
    return keep(docker::flag_at(object_, name));
}

std::optional<std::int64_t> Members::integer(std::string_view name) {
    return keep(docker::integer_at(object_, name));
}

int Members::small(std::string_view name) {
    const std::int64_t number = integer(name).value_or(0);
    if (!std::in_range<int>(number)) complain(name);
    return std::in_range<int>(number) ? static_cast<int>(number) : 0;
}

std::optional<WallTime> Members::time(std::string_view name) {
    const auto nanos = integer(name);
    if (!nanos) return std::nullopt;
    return WallTime(std::chrono::duration_cast<WallTime::duration>(std::chrono::nanoseconds(*nanos)));
}

std::optional<ContainerId> Members::id(std::string_view name) {
    const std::string found = text(name);
    if (found.empty()) return std::nullopt;
    auto id = ContainerId::parse(found);
    if (!id) complain(name);
    return id ? std::optional(*std::move(id)) : std::nullopt;
}

Limits Members::limits(std::string_view name) {
    const boost::json::object* const found = object(name);
    if (found == nullptr) {
        complain(name);
        return {};
    }
    Members members(*found);
    Limits limits;
    if (const auto cpu = members.integer("cpu")) limits.cpu = Cores::from_nanos(*cpu);
    if (const auto memory = members.integer("memory")) limits.memory = Bytes(*memory);
    if (limits.cpu && *limits.cpu <= Cores()) members.complain("cpu");
    if (limits.memory && *limits.memory <= Bytes()) members.complain("memory");
    take(members);
    return limits;
}

docker::LimitFields Members::fields(std::string_view name) {
    const boost::json::object* const found = object(name);
    if (found == nullptr) {
        complain(name);
        return {};
    }
    Members members(*found);
    docker::LimitFields fields{.nano_cpus = members.integer("nano_cpus").value_or(0),
                               .cpu_quota = members.integer("cpu_quota").value_or(0),
                               .cpu_period = members.integer("cpu_period").value_or(0),
                               .memory = members.integer("memory").value_or(0),
                               .memory_swap = members.integer("memory_swap").value_or(0),
                               .memory_reservation = members.integer("memory_reservation").value_or(0)};
    take(members);
    return fields;
}

const boost::json::object* Members::object(std::string_view name) {
    const boost::json::value* const value = docker::member(object_, name);
    if (value == nullptr) return nullptr;
    if (!value->is_object()) {
        complain(name);
        return nullptr;
    }
    return &value->get_object();
}

void Members::complain(std::string_view name) {
    if (status_) status_ = fail(ErrorCode::corrupt, "{} is not what was written there", quoted(name));
}

void Members::take(const Members& inner) {
    if (status_ && !inner.status_) status_ = inner.status_;
}

}  // namespace rm::deploy
