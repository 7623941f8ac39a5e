// SPDX-License-Identifier: Apache-2.0
#include "docker/simulation/resources.h"

#include "docker/read_parts.h"

namespace rm::docker {
namespace {

namespace json = boost::json;

constexpr std::int64_t least_memory = std::int64_t{6} << 20;
constexpr std::int64_t least_period = 1000;
constexpr std::int64_t longest_period = 1'000'000;

Status check_memory(const SimulatedResources& wanted, ResourceCheck check) {
    if (wanted.memory != 0 && wanted.memory < least_memory)
        return fail(ErrorCode::invalid, "Minimum memory limit allowed is 6MB");
    if (wanted.memory > 0 && wanted.memory_swap > 0 && wanted.memory_swap < wanted.memory)
        return fail(ErrorCode::invalid,
                    "Minimum memoryswap limit should be larger than memory limit, see usage");
    if (wanted.memory == 0 && wanted.memory_swap > 0 && check == ResourceCheck::creating)
        return fail(ErrorCode::invalid,
                    "You should always set the Memory limit when using Memoryswap limit, see usage");
    if (wanted.memory_reservation > 0 && wanted.memory_reservation < least_memory)
        return fail(ErrorCode::invalid, "Minimum memory reservation allowed is 6MB");
    if (wanted.memory > 0 && wanted.memory_reservation > wanted.memory)
        return fail(ErrorCode::invalid,
                    "Minimum memory limit can not be less than memory reservation limit, see usage");
    return {};
}

Status check_cpu(const SimulatedResources& wanted, Cores host) {
    if (wanted.nano_cpus > 0 && wanted.cpu_period > 0)
        return fail(ErrorCode::invalid, "Conflicting options: Nano CPUs and CPU Period cannot both be set");
    if (wanted.nano_cpus > 0 && wanted.cpu_quota > 0)
        return fail(ErrorCode::invalid, "Conflicting options: Nano CPUs and CPU Quota cannot both be set");
    const std::int64_t whole = host.nanos() / Cores::nanos_per_core;
    if (wanted.nano_cpus < 0 || wanted.nano_cpus > whole * Cores::nanos_per_core)
        return fail(ErrorCode::invalid,
                    "Range of CPUs is from 0.01 to {0}.00, as there are only {0} CPUs available", whole);
    if (wanted.cpu_period != 0 && (wanted.cpu_period < least_period || wanted.cpu_period > longest_period))
        return fail(ErrorCode::invalid,
                    "CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)");
    if (wanted.cpu_quota > 0 && wanted.cpu_quota < least_quota)
        return fail(ErrorCode::invalid, "CPU cfs quota can not be less than 1ms (i.e. 1000)");
    return {};
}

}  // namespace

void write_resources(json::object& host, const SimulatedResources& resources) {
    for (const auto& [name, field] : limit_members) host[name] = resources.*field;
}

SimulatedResources resources_of(const Update& update) {
    const auto bytes = [](const std::optional<Bytes>& given) { return given.value_or(Bytes(0)).count(); };
    const CpuQuota quota = update.cpu_quota.value_or(CpuQuota{.quota = {}, .period = {}});
    return {.nano_cpus = update.nano_cpus.value_or(Cores()).nanos(),
            .cpu_quota = quota.quota.count(),
            .cpu_period = quota.period.count(),
            .memory = bytes(update.memory),
            .memory_swap = bytes(update.memory_swap),
            .memory_reservation = bytes(update.memory_reservation)};
}

Status check_resources(const SimulatedResources& resources, Cores host, ResourceCheck check) {
    if (auto checked = check_memory(resources, check); !checked) return checked;
    return check_cpu(resources, host);
}

Result<SimulatedResources> merged(SimulatedResources present, const SimulatedResources& sent) {
    const bool nanos = present.nano_cpus > 0;
    if (sent.nano_cpus > 0 && (present.cpu_period > 0 || present.cpu_quota > 0))
        return fail(ErrorCode::conflict,
                    "Conflicting options: Nano CPUs cannot be updated as CPU {} has already been set",
                    present.cpu_period > 0 ? "Period" : "Quota");
    if (nanos && (sent.cpu_period > 0 || sent.cpu_quota > 0))
        return fail(ErrorCode::conflict,
                    "Conflicting options: CPU {} cannot be updated as NanoCPUs has already been set",
                    sent.cpu_period > 0 ? "Period" : "Quota");
    if (sent.memory > present.memory_swap && sent.memory != 0 && sent.memory_swap == 0)
        return fail(ErrorCode::conflict,
                    "Memory limit should be smaller than already set memoryswap limit, update the "
                    "memoryswap at the same time");
    for (const auto& [name, field] : limit_members)
        if (sent.*field != 0) present.*field = sent.*field;
    return present;
}

}  // namespace rm::docker
