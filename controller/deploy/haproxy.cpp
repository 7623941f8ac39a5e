// SPDX-License-Identifier: Apache-2.0
#include "deploy/haproxy.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>

#include <fmt/ranges.h>

#include "core/text.h"
#include "net/plain_socket.h"

namespace rm::deploy {
namespace {

constexpr Duration answer_within = std::chrono::seconds(5);

// srv_admin_state and srv_op_state, as HAProxy's management guide has them.
constexpr unsigned forced_drain = 0x08;
constexpr unsigned no_address = 0x20;
constexpr unsigned any_maintenance = 0x01 | 0x02 | 0x04 | no_address | 0x40;
constexpr unsigned running = 2;

using Row = std::map<std::string_view, std::string_view>;

/// The first line of `text`, which loses it.
std::string_view take_line(std::string_view& text) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    return line;
}

std::vector<std::string_view> words_of(std::string_view line) {
    std::vector<std::string_view> words;
    while (!line.empty()) {
        const std::string_view word = line.substr(0, line.find(' '));
        line.remove_prefix(std::min(line.size(), word.size() + 1));
        if (!word.empty()) words.push_back(word);
    }
    return words;
}

std::optional<unsigned> number_at(const Row& row, std::string_view column) {
    const auto found = row.find(column);
    if (found == row.end()) return std::nullopt;
    unsigned value = 0;
    const auto [end, wrong] =
        std::from_chars(found->second.data(), found->second.data() + found->second.size(), value);
    if (wrong != std::errc() || end != found->second.data() + found->second.size()) return std::nullopt;
    return value;
}

Result<HaproxyServer> server_of(const Row& row) {
    const auto state = number_at(row, "srv_op_state");
    const auto admin = number_at(row, "srv_admin_state");
    const auto weight = number_at(row, "srv_uweight");
    const auto own_weight = number_at(row, "srv_iweight");
    const auto name = row.find("srv_name");
    const auto address = row.find("srv_addr");
    if (!state || !admin || name == row.end() || address == row.end())
        return fail(ErrorCode::protocol, "HAProxy's list of servers has a line that can't be read");
    return HaproxyServer{.name = std::string(name->second),
                         .address = std::string(address->second),
                         .runs = *state == running,
                         .drained = (*admin & forced_drain) != 0,
                         .closed = (*admin & any_maintenance) != 0,
                         .unresolved = (*admin & no_address) != 0,
                         .held = own_weight && weight && *weight == 0 && *own_weight > 0};
}

/// What goes into a command can't be another one.
bool is_plain(std::string_view name) {
    return !name.empty() && std::ranges::all_of(name, [](char c) {
        return is_letter_or_digit(c) || std::string_view("-_.:").find(c) != std::string_view::npos;
    });
}

Result<std::string> ask(const config::Haproxy& haproxy, const std::string& command,
                        const std::stop_token& stop) {
    const auto address = net::read_socket_address(haproxy.socket.with_password());
    if (!address) return fail(address.error());
    auto answer = net::ask_once(*address, command + '\n', answer_within, stop);
    if (!answer) return fail(std::move(answer).error().with_prefix("HAProxy"));
    return answer;
}

/// HAProxy complains in words: all of them but those on what may come are for good.
Error complaint(std::string_view answer) {
    const std::string_view first = trimmed(answer.substr(0, answer.find('\n')), " \r");
    ErrorCode code = ErrorCode::invalid;
    if (first == "No such server." || first.empty()) code = ErrorCode::not_found;
    if (first.starts_with("Permission denied")) code = ErrorCode::permission;
    return {.code = code, .message = fmt::format("HAProxy says: {}", quoted(first))};
}

std::vector<HaproxyServer> at(const std::vector<HaproxyServer>& servers,
                              const std::vector<std::string>& addresses) {
    std::vector<HaproxyServer> found;
    std::ranges::copy_if(servers, std::back_inserter(found), [&](const HaproxyServer& server) {
        return std::ranges::find(addresses, server.address) != addresses.end();
    });
    return found;
}

tl::unexpected<Error> nobody_at(const config::Haproxy& haproxy, const std::vector<std::string>& addresses) {
    if (addresses.empty())
        return fail(ErrorCode::not_found, "the container has no address by which HAProxy could know it");
    return fail(ErrorCode::not_found, "HAProxy's backend {} has no server at {}", quoted(haproxy.backend),
                fmt::join(addresses, " or "));
}

Status set(const config::Haproxy& haproxy, const std::string& server, std::string_view what,
           const std::stop_token& stop) {
    if (!is_plain(server))
        return fail(ErrorCode::invalid, "HAProxy's server {} has a name that can't be used", quoted(server));
    const auto answer = ask(haproxy, fmt::format("set server {}/{} {}", haproxy.backend, server, what), stop);
    if (!answer) return fail(answer.error());
    if (!trimmed(*answer, " \r\n").empty()) return fail(complaint(*answer));
    return {};
}

/// Sets those at the addresses and looks at what came of it.
Result<std::string> set_all(const config::Haproxy& haproxy, const std::vector<std::string>& addresses,
                            bool drained, const std::stop_token& stop) {
    const auto before = haproxy_servers(haproxy, stop);
    if (!before) return fail(before.error());
    const auto found = at(*before, addresses);
    if (found.empty()) return nobody_at(haproxy, addresses);
    std::vector<std::string> names;
    for (const HaproxyServer& server : found) {
        names.push_back(fmt::format("{}/{}", haproxy.backend, server.name));
        if (server.drained == drained) continue;
        if (auto done = set(haproxy, server.name, drained ? "state drain" : "state ready", stop); !done)
            return fail(std::move(done).error());
    }
    const auto after = haproxy_servers(haproxy, stop);
    if (!after) return fail(after.error());
    for (const HaproxyServer& server : at(*after, addresses))
        if (server.drained != drained)
            return fail(ErrorCode::unavailable, "HAProxy took the command, and {} is {} all the same",
                        server.name, drained ? "not drained" : "still drained");
    return fmt::format("{} in HAProxy", fmt::join(names, ", "));
}

}  // namespace

Result<std::vector<HaproxyServer>> read_haproxy_servers(std::string_view answer) {
    std::string_view rest = answer;
    const std::string_view version = take_line(rest);
    if (version != "1") return fail(complaint(answer));
    std::string_view header = take_line(rest);
    if (!header.starts_with("# "))
        return fail(ErrorCode::protocol, "HAProxy's list of servers has no header");
    header.remove_prefix(2);
    const auto columns = words_of(header);
    std::vector<HaproxyServer> servers;
    while (!rest.empty()) {
        const auto values = words_of(trimmed(take_line(rest), "\r"));
        if (values.empty()) continue;
        Row row;
        for (std::size_t i = 0; i < std::min(columns.size(), values.size()); ++i)
            row.emplace(columns[i], values[i]);
        auto server = server_of(row);
        if (!server) return fail(std::move(server).error());
        servers.push_back(*std::move(server));
    }
    return servers;
}

Result<std::vector<HaproxyServer>> haproxy_servers(const config::Haproxy& haproxy,
                                                   const std::stop_token& stop) {
    if (!is_plain(haproxy.backend))
        return fail(ErrorCode::invalid, "{} can't be a backend of HAProxy", quoted(haproxy.backend));
    const auto answer = ask(haproxy, "show servers state " + haproxy.backend, stop);
    if (!answer) return fail(answer.error());
    return read_haproxy_servers(*answer);
}

Result<std::string> drain_in_haproxy(const config::Haproxy& haproxy,
                                     const std::vector<std::string>& addresses, const std::stop_token& stop) {
    return set_all(haproxy, addresses, true, stop);
}

Result<std::string> undrain_in_haproxy(const config::Haproxy& haproxy,
                                       const std::vector<std::string>& addresses,
                                       const std::stop_token& stop) {
    if (auto freed = free_slots(haproxy, stop); !freed) return fail(std::move(freed).error());
    return set_all(haproxy, addresses, false, stop);
}

Result<std::string> serves_in_haproxy(const config::Haproxy& haproxy,
                                      const std::vector<std::string>& addresses,
                                      const std::stop_token& stop) {
    auto freed = undrain_in_haproxy(haproxy, addresses, stop);
    if (!freed) return freed;
    const auto servers = haproxy_servers(haproxy, stop);
    if (!servers) return fail(servers.error());
    const auto found = at(*servers, addresses);
    const auto gets_requests = [](const HaproxyServer& server) {
        return server.runs && !server.closed && !server.drained && !server.held;
    };
    if (std::ranges::any_of(found, gets_requests)) return freed;
    if (found.empty()) return nobody_at(haproxy, addresses);
    return fail(ErrorCode::unavailable, "HAProxy does not send requests to {}/{} yet", haproxy.backend,
                found.front().name);
}

Status hold_slots(const config::Haproxy& haproxy, const std::stop_token& stop) {
    const auto servers = haproxy_servers(haproxy, stop);
    if (!servers) return fail(servers.error());
    for (const HaproxyServer& server : *servers)
        if (server.unresolved && !server.held)
            if (auto done = set(haproxy, server.name, "weight 0%", stop); !done) return done;
    return {};
}

Status free_slots(const config::Haproxy& haproxy, const std::stop_token& stop, Slots slots) {
    const auto servers = haproxy_servers(haproxy, stop);
    if (!servers) return fail(servers.error());
    for (const HaproxyServer& server : *servers) {
        if (server.drained && server.unresolved)
            if (auto done = set(haproxy, server.name, "state ready", stop); !done) return done;
        if (server.held && (server.unresolved || slots == Slots::all))
            if (auto done = set(haproxy, server.name, "weight 100%", stop); !done) return done;
    }
    return {};
}

}  // namespace rm::deploy
