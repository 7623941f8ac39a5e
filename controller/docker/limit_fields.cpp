// SPDX-License-Identifier: Apache-2.0
#include "docker/limit_fields.h"

#include <algorithm>
#include <limits>

namespace rm::docker {
namespace {

constexpr std::int64_t least_nanos = 10'000'000;  // less is rounded to no limit at all
constexpr std::int64_t most_cores = 1'000'000;
constexpr std::int64_t usual_period = 100'000;
constexpr std::int64_t longest_quota_period = 1'000'000;
constexpr std::int64_t least_kernel_quota = 1'000;  // the kernel's
constexpr Bytes least_limit = Bytes::mebi(6);
constexpr Bytes most_memory = Bytes::mebi(std::int64_t{1} << 40);

std::int64_t period_of(const LimitFields& fields) {
    return fields.cpu_period > 0 ? fields.cpu_period : usual_period;
}

/// Zero and less mean that there is no limit.
Result<std::optional<Cores>> cpu_limit(const LimitFields& fields) {
    if (fields.nano_cpus > most_cores * Cores::nanos_per_core)
        return fail(ErrorCode::protocol, "HostConfig.NanoCpus is too large");
    if (fields.nano_cpus > 0) return Cores::from_nanos(fields.nano_cpus);
    if (fields.cpu_quota <= 0) return std::nullopt;
    const std::int64_t period = period_of(fields);
    if (period > longest_quota_period)
        return fail(ErrorCode::protocol, "HostConfig.CpuPeriod is over a second");
    if (fields.cpu_quota / period > most_cores)
        return fail(ErrorCode::protocol, "HostConfig.CpuQuota is too large");
    return Cores::from_nanos(fields.cpu_quota / period * Cores::nanos_per_core +
                             fields.cpu_quota % period * Cores::nanos_per_core / period);
}

std::int64_t quota_of(Cores cores, std::int64_t period) {
    const std::int64_t whole = cores.nanos() / Cores::nanos_per_core * period;
    const std::int64_t rest = cores.nanos() % Cores::nanos_per_core * period;
    return whole + (rest + Cores::nanos_per_core / 2) / Cores::nanos_per_core;
}

void set_quota(LimitFields& fields, const std::optional<Cores>& cpu) {
    if (!cpu) {
        fields.cpu_quota = std::min<std::int64_t>(fields.cpu_quota, 0);
        return;
    }
    fields.cpu_quota = quota_of(*cpu, period_of(fields));
    if (fields.cpu_quota >= least_kernel_quota) return;
    fields.cpu_period = usual_period;  // with a short period there is no quota as small as this
    fields.cpu_quota = quota_of(*cpu, usual_period);
}

Status set_cpu(LimitFields& fields, const std::optional<Cores>& cpu) {
    if (fields.cpu_period < 0 || fields.cpu_period > longest_quota_period)
        return fail(ErrorCode::protocol, "HostConfig.CpuPeriod is {}", fields.cpu_period);
    const bool by_quota = fields.cpu_quota != 0 || fields.cpu_period != 0;
    if (by_quota && fields.nano_cpus != 0)
        return fail(ErrorCode::protocol, "HostConfig has NanoCpus and a CPU quota");
    if (cpu && (cpu->nanos() <= 0 || *cpu > Cores::whole(most_cores)))
        return fail(ErrorCode::invalid, "{} CPU is no limit that can be set", print(*cpu));
    const auto before = cpu_limit(fields);
    if (!before) return fail(before.error());
    if (cpu == *before) return {};
    if (cpu && cpu->nanos() < least_nanos)
        return fail(ErrorCode::invalid, "{} CPU is less than can be set", print(*cpu));
    if (by_quota)
        set_quota(fields, cpu);
    else
        fields.nano_cpus = cpu ? cpu->nanos() : 0;
    return {};
}

/// What MemorySwap must be so that it means with `memory` what `swap` meant with `before`.
Result<std::int64_t> swap_for(std::int64_t memory, std::int64_t before, std::int64_t swap) {
    constexpr std::int64_t unlimited = -1;
    if (swap == 0 || swap == unlimited) return swap;
    if (before <= 0 || swap < before)
        return fail(ErrorCode::protocol, "HostConfig has MemorySwap {} with Memory {}", swap, before);
    if (memory == 0) return 0;
    const std::int64_t extra = swap - before;
    if (extra == before) return 2 * memory;
    if (extra > std::numeric_limits<std::int64_t>::max() - memory)
        return fail(ErrorCode::protocol, "HostConfig.MemorySwap is {}", swap);
    return memory + extra;
}

Status set_memory(LimitFields& fields, const std::optional<Bytes>& memory) {
    if (memory && (*memory < least_limit || *memory > most_memory))
        return fail(ErrorCode::invalid, "{} of memory is no limit that can be set", print(*memory));
    if (fields.memory < 0) return fail(ErrorCode::protocol, "HostConfig.Memory is {}", fields.memory);
    const std::int64_t wanted = memory ? memory->count() : 0;
    const auto swap = swap_for(wanted, fields.memory, fields.memory_swap);
    if (!swap) return fail(swap.error());
    fields.memory = wanted;
    fields.memory_swap = *swap;
    if (memory) fields.memory_reservation = std::min(fields.memory_reservation, wanted);
    return {};
}

}  // namespace

Result<Limits> limits_of(const LimitFields& fields) {
    const auto cpu = cpu_limit(fields);
    if (!cpu) return fail(cpu.error());
    Limits limits{.cpu = *cpu, .memory = {}};
    if (fields.memory > 0) limits.memory = Bytes(fields.memory);
    return limits;
}

Result<LimitFields> with_limits(const LimitFields& now, const Limits& wanted) {
    LimitFields fields = now;
    if (const auto done = set_cpu(fields, wanted.cpu); !done) return fail(done.error());
    if (const auto done = set_memory(fields, wanted.memory); !done) return fail(done.error());
    return fields;
}

}  // namespace rm::docker
