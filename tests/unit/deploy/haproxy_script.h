// SPDX-License-Identifier: Apache-2.0
// HaproxyScript: answers the commands of HAProxy's runtime API that we use as HAProxy 2.6 does, for one
// backend `web`. Thread-safe.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

namespace rm::deploy::test {

class HaproxyScript {
public:
    struct Server {
        std::string address;
        int state = 2;
        unsigned admin = 0;
        int weight = 1;
    };

    HaproxyScript() = default;
    /// With these servers, for which DNS has no address yet.
    explicit HaproxyScript(const std::vector<std::string>& names) {
        for (const std::string& name : names) set(name, {.address = "-", .state = 0, .admin = 0x20});
    }

    void set(const std::string& name, Server server) {
        const std::scoped_lock lock(mutex_);
        servers_.insert_or_assign(name, std::move(server));
    }
    [[nodiscard]] unsigned admin(const std::string& name) const {
        const std::scoped_lock lock(mutex_);
        return servers_.at(name).admin;
    }
    [[nodiscard]] int weight(const std::string& name) const {
        const std::scoped_lock lock(mutex_);
        return servers_.at(name).weight;
    }
    /// Says yes from now on, and does nothing.
    void ignore_commands() { deaf_ = true; }

    std::optional<std::string> answer(const std::string& line) {
        const std::scoped_lock lock(mutex_);
        if (line == "show servers state web") return state();
        if (line.starts_with("show servers state ")) return "Can't find backend.\n\n";
        constexpr std::string_view set_server = "set server web/";
        if (!line.starts_with(set_server)) return "Unknown command\n\n";
        const std::string rest = line.substr(set_server.size());
        const auto found = servers_.find(rest.substr(0, rest.find(' ')));
        if (found == servers_.end()) return "No such server.\n\n";
        if (deaf_) return "\n";
        if (rest.ends_with(" state drain")) found->second.admin |= 0x08U;
        if (rest.ends_with(" state ready")) found->second.admin &= ~0x09U;
        if (rest.ends_with(" weight 0%")) found->second.weight = 0;
        if (rest.ends_with(" weight 100%")) found->second.weight = 1;
        return "\n";
    }

private:
    std::string state() const {
        std::string text =
            "1\n# be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight "
            "srv_iweight "
            "srv_time_since_last_change srv_check_status srv_check_result srv_check_health srv_check_state "
            "srv_agent_state bk_f_forced_id srv_f_forced_id srv_fqdn srv_port srvrecord srv_use_ssl "
            "srv_check_port srv_check_addr srv_agent_addr srv_agent_port\n";
        int number = 0;
        for (const auto& [name, server] : servers_)
            text += fmt::format("3 web {} {} {} {} {} {} 1 2 1 0 2 0 0 0 0 web 80 - 0 0 - - 0\n", ++number,
                                name, server.address, server.state, server.admin, server.weight);
        return text + '\n';
    }

    mutable std::mutex mutex_;
    std::map<std::string, Server> servers_;
    bool deaf_ = false;
};

}  // namespace rm::deploy::test
