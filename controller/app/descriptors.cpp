// SPDX-License-Identifier: Apache-2.0
#include "app/descriptors.h"

#include <algorithm>

#include <sys/resource.h>

namespace rm::app {
namespace {

constexpr std::uint64_t reserve = 64;  // for the store, the log, peers and commands

}  // namespace

std::uint64_t allow_descriptors(std::uint64_t wanted) {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return wanted;
    if (limit.rlim_cur >= wanted) return limit.rlim_cur;
    const rlim_t before = limit.rlim_cur;
    limit.rlim_cur = std::min<rlim_t>(wanted, limit.rlim_max);
    return setrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : before;
}

std::uint64_t connections_within_limit(std::uint64_t wanted) {
    const std::uint64_t limit = allow_descriptors(wanted + reserve);
    if (limit >= wanted + reserve) return wanted;
    return limit > 2 * reserve ? limit - reserve : std::max<std::uint64_t>(limit / 2, 1);
}

}  // namespace rm::app
