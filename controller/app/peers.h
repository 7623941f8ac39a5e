// SPDX-License-Identifier: Apache-2.0
// Asks the store and the peers that the configuration names, the Docker engine and Prometheus, for a sign of
// life, in a thread of its own: at once, when the configuration was reloaded, and every half minute, or more
// often while one is away. What they answer goes to the health board, and to the log when it changes, with
// what to do about it. The program can do no work without any of them, so who does not answer has failed.
#pragma once

#include <map>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "config/live_config.h"
#include "core/clock.h"
#include "core/result.h"
#include "serve/health.h"
#include "store/database.h"

namespace rm::app {

class Peers {
public:
    /// All of these must outlive it. Starts asking; whoever has not answered yet is `starting`.
    Peers(const config::LiveConfig& live, store::Database& store, Clock& clock, serve::HealthBoard& health);

private:
    void watch(const std::stop_token& stop);
    bool ask_all(const config::Config& config, const std::stop_token& stop);
    void expect(const std::vector<std::string>& names);
    void tell(const std::string& name, const Result<std::string>& answer, std::string_view advice);

    const config::LiveConfig& live_;
    store::Database& store_;
    Clock& clock_;
    serve::HealthBoard& health_;
    std::map<std::string, std::string> said_;  // by peer, those on the board, so that only news is logged
    std::jthread thread_;                      // last: it uses the others
};

}  // namespace rm::app
