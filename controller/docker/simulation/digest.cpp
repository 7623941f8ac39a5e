// SPDX-License-Identifier: Apache-2.0
#include "docker/simulation/digest.h"

#include <cstdint>

#include <fmt/format.h>

namespace rm::docker {
namespace {

std::uint64_t mixed(std::uint64_t value) {
    value += 0x9e3779b97f4a7c15U;
    value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9U;
    value = (value ^ (value >> 27U)) * 0x94d049bb133111ebU;
    return value ^ (value >> 31U);
}

}  // namespace

std::string digest(std::string_view text) {
    std::uint64_t first = text.size();
    std::uint64_t second = 0xcbf29ce484222325U;
    for (const char letter : text) {
        const auto byte = static_cast<unsigned char>(letter);
        first = mixed(first ^ byte);
        second = (second ^ byte) * 0x100000001b3U;
    }
    return fmt::format("{:016x}{:016x}{:016x}{:016x}", mixed(first), mixed(second), mixed(first + second),
                       mixed(first ^ (second << 1U)));
}

}  // namespace rm::docker
