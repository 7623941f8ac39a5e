// SPDX-License-Identifier: Apache-2.0
// Prometheus: a real Prometheus with its data in a temporary folder and a scrape interval of one second. Runs
// outside, or in a Space to scrape containers. Movable; the destructor stops it.
//
//     auto prometheus = Prometheus::start({.scrapes = scrape("web", {"172.18.0.2:8080"}), .inside =
//     &engine->space()}); auto samples = prometheus->query("workload_healthy");
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/duration.h"
#include "core/result.h"
#include "tests/lab/temp_folder.h"
#include "tests/lab/web_peer.h"

namespace rm::lab {

/// One job of a scrape configuration, with fixed targets ("host:port") that have a /metrics.
std::string scrape(const std::string& job, const std::vector<std::string>& targets);

struct PrometheusOptions {
    /// The items of `scrape_configs`, as YAML: one or more `scrape(...)`, or your own.
    std::string scrapes = {};
    /// Whole rule files, as YAML.
    std::vector<std::string> rules = {};
    const Space* inside = nullptr;
    Duration interval = std::chrono::seconds(1);
};

struct Sample {
    std::map<std::string, std::string> labels;
    double value = 0;
};

class Prometheus {
public:
    static Result<Prometheus> start(PrometheusOptions options = {});

    [[nodiscard]] bool ready() const;

    /// An instant query whose result is a vector.
    [[nodiscard]] Result<std::vector<Sample>> query(const std::string& promql) const;

    /// Asks again and again until the first sample has this value.
    [[nodiscard]] Status wait_for(const std::string& promql, double value,
                                  Duration deadline = std::chrono::seconds(20)) const;

    /// Other targets from now on.
    Status scrape_instead(const std::string& scrapes);

    [[nodiscard]] std::string url() const { return peer_.url(); }
    /// For peers in the same space.
    [[nodiscard]] std::string inside_url() const { return peer_.inside_url(); }
    [[nodiscard]] PeerProcess& process() { return peer_.process(); }
    /// After `process().stop()`: the same address and data, ready when this returns.
    Status start_again() { return peer_.start_again(); }

private:
    Prometheus(PrometheusOptions options, TempFolder folder, WebPeer peer);

    PrometheusOptions options_;
    TempFolder folder_;
    WebPeer peer_;
};

}  // namespace rm::lab
