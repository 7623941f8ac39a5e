// SPDX-License-Identifier: Apache-2.0
// Asks the store and the peers that the configuration names, the Docker engine and Prometheus, for a sign of
// life: at once and then every half minute, in a thread of its own. What they answer goes to the health
// board, and to the log when it changes, with what to do about it.
#pragma once

#include <map>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>

#include "config/live_config.h"
#include "core/clock.h"
#include "core/result.h"
#include "serve/health.h"
#include "store/database.h"

namespace rm::app {

class Peers {
public:
    /// All of these must outlive it. Starts asking.
    Peers(const config::LiveConfig& live, store::Database& store, Clock& clock, serve::HealthBoard& health);

private:
    void watch(const std::stop_token& stop);
    void tell(const std::string& name, const Result<std::string>& answer, std::string_view advice);

    const config::LiveConfig& live_;
    store::Database& store_;
    Clock& clock_;
    serve::HealthBoard& health_;
    std::map<std::string, std::string> said_;  // by peer, so that only news is logged
    std::jthread thread_;                      // last: it uses the others
};

}  // namespace rm::app
