// SPDX-License-Identifier: Apache-2.0
#include "docker/check_write.h"

#include <algorithm>
#include <charconv>
#include <ranges>

#include "core/text.h"
#include "docker/read.h"

namespace rm::docker {
namespace {

constexpr std::size_t longest_network = 255;
constexpr std::size_t longest_image = 1024;
constexpr std::size_t longest_signal = 16;
constexpr std::size_t longest_path = 4096;
constexpr Cores least_cpu = Cores::from_nanos(10'000'000);

bool consists_of(std::string_view text, std::string_view others) {
    return std::ranges::all_of(
        text, [others](char c) { return is_letter_or_digit(c) || others.find(c) != std::string_view::npos; });
}

bool leads_elsewhere(std::string_view segment) {
    return segment.empty() || segment == "." || segment == "..";
}

Status above_zero(std::int64_t value, std::string_view name) {
    if (value > 0) return {};
    return fail(ErrorCode::invalid, "{} is {}, which is no limit", name, value);
}

Status check_cpu(const Update& update) {
    if (update.nano_cpus && update.cpu_quota)
        return fail(ErrorCode::invalid, "NanoCpus and CpuQuota can't be set together");
    if (update.nano_cpus && *update.nano_cpus < least_cpu)
        return fail(ErrorCode::invalid, "{} CPU is too little: the kernel takes {} and more",
                    print(*update.nano_cpus), print(least_cpu));
    if (!update.cpu_quota) return {};
    if (auto quota = above_zero(update.cpu_quota->quota.count(), "CpuQuota"); !quota) return quota;
    return above_zero(update.cpu_quota->period.count(), "CpuPeriod");
}

}  // namespace

Status check_container_name(std::string_view name) {
    if (is_container_name(name)) return {};
    return fail(ErrorCode::invalid, "{} is not a container's name", quoted(name));
}

Status check_network(std::string_view network) {
    const bool plain = is_printable(network) && network.find_first_of("/\\") == std::string_view::npos;
    if (plain && network.size() <= longest_network && !leads_elsewhere(network)) return {};
    return fail(ErrorCode::invalid, "{} is not a network's name", quoted(network));
}

Status check_image(std::string_view image) {
    const auto wrong = [](const auto& part) {
        return leads_elsewhere(std::string_view(part.begin(), part.end()));
    };
    if (image.size() <= longest_image && !image.empty() && consists_of(image, "._:/@+-") &&
        std::ranges::none_of(std::views::split(image, '/'), wrong))
        return {};
    return fail(ErrorCode::invalid, "{} is not an image's name", quoted(image));
}

Status check_signal(std::string_view signal) {
    constexpr int last_signal = 64;
    int number = 0;
    const auto [end, wrong] = std::from_chars(signal.data(), signal.data() + signal.size(), number);
    const bool is_number = wrong == std::errc() && end == signal.data() + signal.size();
    const bool is_name = !signal.empty() && signal.size() <= longest_signal &&
                         is_letter_or_digit(signal[0]) && consists_of(signal, "+-");
    if (is_number ? number >= 1 && number <= last_signal : is_name) return {};
    return fail(ErrorCode::invalid, "{} is not a signal", quoted(signal));
}

Status check_path(std::string_view path) {
    if (path.starts_with('/') && path.size() <= longest_path && is_printable(path)) return {};
    return fail(ErrorCode::invalid, "{} is not a whole path", quoted(path));
}

Status check_archive(std::string_view tar) {
    constexpr std::size_t block = 512;
    constexpr std::size_t magic_at = 257;
    if (tar.size() > longest_archive)
        return fail(ErrorCode::too_large, "the archive has {} bytes, {} at most are allowed", tar.size(),
                    longest_archive);
    const bool whole = !tar.empty() && tar.size() % block == 0;
    const bool empty = tar.find_first_not_of('\0') == std::string_view::npos;
    if (whole && (empty || tar.substr(magic_at).starts_with("ustar"))) return {};
    return fail(ErrorCode::invalid, "this is no plain tar archive");
}

Status check_update(const Update& update) {
    if (auto cpu = check_cpu(update); !cpu) return cpu;
    for (const auto& [bytes, name] :
         {std::pair{update.memory, "Memory"}, std::pair{update.memory_swap, "MemorySwap"},
          std::pair{update.memory_reservation, "MemoryReservation"}})
        if (bytes)
            if (auto positive = above_zero(bytes->count(), name); !positive) return positive;
    return {};
}

Status check_exec(const Exec& what) {
    if (what.argv.empty() || what.argv.front().empty())
        return fail(ErrorCode::invalid, "there is no program to run");
    for (const std::string& argument : what.argv)
        if (!is_utf8(argument) || argument.find('\0') != std::string::npos)
            return fail(ErrorCode::invalid, "{} can't be an argument", quoted(argument));
    if (what.limit <= Duration::zero()) return fail(ErrorCode::invalid, "there is no time to run it in");
    return {};
}

}  // namespace rm::docker
