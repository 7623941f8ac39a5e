// SPDX-License-Identifier: Apache-2.0
#include "deploy/limits_update.h"

#include <string_view>

namespace rm::deploy {
namespace {

using docker::Container;
using docker::LimitFields;

constexpr std::int64_t usual_period = 100'000;
constexpr std::int64_t unlimited_swap = std::int64_t{1} << 50;

template <class T>
Status can_change(const Container& container, std::string_view what, const std::optional<T>& from,
                  const std::optional<T>& to) {
    if (from && !to)
        return fail(ErrorCode::unsupported, "the {} limit of {} can't be taken away while it is there", what,
                    container.name);
    if (!from && to)
        return fail(ErrorCode::unsupported,
                    "{} has no {} limit, and one that is set while it is there could not be taken back",
                    container.name, what);
    return {};
}

}  // namespace

LimitFields in_numbers(LimitFields fields) {
    if (fields.cpu_quota > 0 && fields.cpu_period == 0) fields.cpu_period = usual_period;
    if (fields.memory > 0 && fields.memory_swap == 0) fields.memory_swap = 2 * fields.memory;
    const bool unlimited = fields.memory_swap < 0 || fields.memory_swap > unlimited_swap / 2;
    if (fields.memory > 0 && unlimited) fields.memory_swap = unlimited_swap;
    return fields;
}

Result<LimitFields> fields_in_place(const Container& container, const Limits& to) {
    if (const auto can = can_change(container, "CPU", container.limits.cpu, to.cpu); !can)
        return fail(can.error());
    if (const auto can = can_change(container, "memory", container.limits.memory, to.memory); !can)
        return fail(can.error());
    const auto fields = docker::with_limits(container.limit_fields, to);
    if (!fields) return fail(fields.error().with_prefix(container.name));
    return in_numbers(*fields);
}

docker::Update update_of(const LimitFields& now, const LimitFields& next) {
    docker::Update update;
    if (next.nano_cpus != now.nano_cpus) update.nano_cpus = Cores::from_nanos(next.nano_cpus);
    if (next.cpu_quota != now.cpu_quota || next.cpu_period != now.cpu_period)
        update.cpu_quota = docker::CpuQuota{.quota = std::chrono::microseconds(next.cpu_quota),
                                            .period = std::chrono::microseconds(next.cpu_period)};
    if (next.memory == now.memory && next.memory_swap == now.memory_swap &&
        next.memory_reservation == now.memory_reservation)
        return update;
    update.memory = Bytes(next.memory);
    update.memory_swap = Bytes(next.memory_swap);
    if (next.memory_reservation != now.memory_reservation)
        update.memory_reservation = Bytes(next.memory_reservation);
    return update;
}

}  // namespace rm::deploy
