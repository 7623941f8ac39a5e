// SPDX-License-Identifier: Apache-2.0
#include "net/own_networks.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <memory>
#include <numeric>
#include <optional>
#include <utility>

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>

namespace rm::net {
namespace {

constexpr std::size_t longest_address = 16;

struct Raw {
    std::array<unsigned char, longest_address> bytes{};
    std::size_t size = 0;
};

std::optional<Raw> raw_of(std::string_view text) {
    const std::string whole(text);
    Raw raw;
    for (const auto& [family, size] : {std::pair{AF_INET, 4}, std::pair{AF_INET6, 16}}) {
        if (::inet_pton(family, whole.c_str(), raw.bytes.data()) != 1) continue;
        raw.size = static_cast<std::size_t>(size);
        return raw;
    }
    return std::nullopt;
}

std::optional<Raw> raw_of(const sockaddr* address) {
    if (address == nullptr) return std::nullopt;
    Raw raw;
    if (address->sa_family == AF_INET) {
        raw.size = 4;
        std::memcpy(raw.bytes.data(), &reinterpret_cast<const sockaddr_in*>(address)->sin_addr, raw.size);
        return raw;
    }
    if (address->sa_family != AF_INET6) return std::nullopt;
    raw.size = longest_address;
    std::memcpy(raw.bytes.data(), &reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr, raw.size);
    return raw;
}

std::string text_of(const Raw& raw) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    ::inet_ntop(raw.size == longest_address ? AF_INET6 : AF_INET, raw.bytes.data(), text.data(), text.size());
    return text.data();
}

int ones_in(const Raw& raw) {
    return std::accumulate(raw.bytes.begin(), raw.bytes.end(), 0,
                           [](int sum, unsigned char byte) { return sum + std::popcount(byte); });
}

}  // namespace

Result<std::vector<Subnet>> own_networks() {
    ifaddrs* list = nullptr;
    if (::getifaddrs(&list) != 0)
        return fail(ErrorCode::io, "our own network interfaces can't be read: {}", std::strerror(errno));
    const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owner(list, &::freeifaddrs);
    std::vector<Subnet> subnets;
    for (const ifaddrs* one = list; one != nullptr; one = one->ifa_next) {
        const auto address = raw_of(one->ifa_addr);
        const auto mask = raw_of(one->ifa_netmask);
        if (!address || !mask || (one->ifa_flags & IFF_UP) == 0) continue;
        subnets.push_back({.address = text_of(*address), .prefix = ones_in(*mask)});
    }
    return subnets;
}

bool contains(const Subnet& subnet, std::string_view address) {
    const auto ours = raw_of(subnet.address);
    const auto theirs = raw_of(address);
    if (!ours || !theirs || ours->size != theirs->size) return false;
    const auto bits = static_cast<std::size_t>(std::max(subnet.prefix, 0));
    if (bits > ours->size * 8) return false;
    for (std::size_t bit = 0; bit < bits; ++bit) {
        const unsigned differing = ours->bytes.at(bit / 8) ^ theirs->bytes.at(bit / 8);
        if ((differing >> (7 - bit % 8) & 1U) != 0) return false;
    }
    return true;
}

}  // namespace rm::net
