// SPDX-License-Identifier: Apache-2.0
#include "docker/simulation/kernel.h"

namespace rm::docker {
namespace {

constexpr std::int64_t page = 4096;
constexpr std::int64_t default_period = 100'000;

std::int64_t whole_pages(std::int64_t bytes) {
    return bytes / page * page;
}

tl::unexpected<Error> refused(std::int64_t value, const char* file) {
    return fail(ErrorCode::conflict, "failed to write \"{}\": write {}: invalid argument", value, file);
}

/// NanoCpus become a quota in microseconds; one that rounds to nothing is not written.
Status write_cpu(KernelLimits& limits, const SimulatedResources& sent) {
    if (sent.nano_cpus > 0) {
        const std::int64_t quota = sent.nano_cpus / (Cores::nanos_per_core / default_period);
        if (quota == 0) return {};
        if (quota < least_quota) return refused(quota, "cpu.cfs_quota_us");
        limits.cpu_quota = quota;
        limits.cpu_period = default_period;
        return {};
    }
    if (sent.cpu_period > 0) limits.cpu_period = sent.cpu_period;
    if (sent.cpu_quota != 0) limits.cpu_quota = sent.cpu_quota;
    return {};
}

Status write_memory(KernelLimits& limits, std::int64_t bytes, Bytes in_use) {
    if (bytes == 0) return {};
    const std::int64_t value = whole_pages(bytes);
    if (value > limits.memory_and_swap) return refused(bytes, "memory.limit_in_bytes");
    if (value < in_use.count())
        return fail(ErrorCode::conflict, "unable to set memory limit to {} (current usage: {})", bytes,
                    in_use.count());
    limits.memory = value;
    return {};
}

Status write_swap(KernelLimits& limits, std::int64_t bytes, Bytes in_use) {
    if (bytes <= 0) return {};
    const std::int64_t value = whole_pages(bytes);
    if (value < limits.memory || value < in_use.count()) return refused(bytes, "memory.memsw.limit_in_bytes");
    limits.memory_and_swap = value;
    return {};
}

/// The larger one must be written first, so that memory never stands above both together.
Status write_version_1(KernelLimits& limits, const SimulatedResources& sent, Bytes in_use) {
    const bool swap_first = limits.memory < sent.memory_swap;
    if (swap_first)
        if (auto written = write_swap(limits, sent.memory_swap, in_use); !written) return written;
    if (auto written = write_memory(limits, sent.memory, in_use); !written) return written;
    return swap_first ? Status() : write_swap(limits, sent.memory_swap, in_use);
}

/// Swap is a file of its own there, and nothing guards what is in use.
void write_version_2(KernelLimits& limits, const SimulatedResources& sent) {
    if (sent.memory > 0) limits.memory = whole_pages(sent.memory);
    if (sent.memory_swap > 0) limits.memory_and_swap = whole_pages(sent.memory_swap);
}

}  // namespace

std::optional<Cores> KernelLimits::cpu() const {
    if (cpu_quota <= 0) return std::nullopt;
    return Cores::from_nanos(cpu_quota / cpu_period * Cores::nanos_per_core +
                             cpu_quota % cpu_period * Cores::nanos_per_core / cpu_period);
}

Result<KernelLimits> limits_at_start(const SimulatedResources& resources) {
    KernelLimits limits;
    write_version_2(limits, resources);
    if (auto written = write_cpu(limits, resources); !written) return fail(written.error());
    return limits;
}

Result<KernelLimits> limits_after(const KernelLimits& present, const SimulatedResources& sent, Bytes in_use,
                                  int cgroup_version) {
    KernelLimits limits = present;
    if (cgroup_version == 1) {
        if (auto written = write_version_1(limits, sent, in_use); !written) return fail(written.error());
    } else {
        write_version_2(limits, sent);
    }
    if (auto written = write_cpu(limits, sent); !written) return fail(written.error());
    return limits;
}

}  // namespace rm::docker
