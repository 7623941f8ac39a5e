// SPDX-License-Identifier: Apache-2.0
#include "app/peers.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <utility>

#include "app/ask_peers.h"
#include "app/keep_going.h"
#include "telemetry/log.h"

namespace rm::app {
namespace {

constexpr Duration ask_every = std::chrono::seconds(30);
constexpr Duration ask_again = std::chrono::seconds(5);   // while somebody is away
constexpr Duration look_every = std::chrono::seconds(1);  // for a new configuration

/// A peer as the configuration of the moment describes it.
struct Peer {
    std::string name;
    /// Where it is, or why it does not answer.
    std::function<Result<std::string>(const std::stop_token&)> ask;
    std::string advice;  // what to do when it does not answer
};

std::vector<Peer> peers_of(const config::Config& config) {
    std::vector<Peer> peers;
    if (config->monitoring.source == config::MetricsSource::simulation) return peers;
    peers.push_back({.name = "docker",
                     .ask = [config](const auto& stop) { return ask_docker(config->docker, stop); },
                     .advice = "set docker.host, or start the socket proxy"});
    if (config->monitoring.source == config::MetricsSource::prometheus)
        peers.push_back(
            {.name = "prometheus",
             .ask = [config](const auto& stop) { return ask_prometheus(config->prometheus, stop); },
             .advice = "set prometheus.url, or start Prometheus"});
    return peers;
}

std::vector<std::string> names_of(const std::vector<Peer>& peers) {
    std::vector<std::string> names{"store"};
    names.reserve(peers.size() + 1);
    for (const Peer& peer : peers) names.push_back(peer.name);
    return names;
}

/// As a peer's `ask`.
Result<std::string> ask_store(store::Database& store) {
    if (auto status = store.check(); !status) return fail(status.error());
    return print(store.health());
}

}  // namespace

Peers::Peers(const config::LiveConfig& live, store::Database& store, Clock& clock, serve::HealthBoard& health)
    : live_(live), store_(store), clock_(clock), health_(health) {
    expect(names_of(peers_of(*live.current())));
    thread_ = std::jthread([this](const std::stop_token& stop) { watch(stop); });
}

void Peers::watch(const std::stop_token& stop) {
    std::shared_ptr<const config::Config> asked;
    SteadyTime next{};
    do {
        const auto config = live_.current();
        if (config == asked && clock_.now().steady < next) continue;
        asked = config;
        bool all_there = false;
        keep_going("peers", [&] { all_there = ask_all(*config, stop); });
        next = clock_.now().steady + (all_there ? ask_every : ask_again);
    } while (clock_.sleep_for(look_every, stop));
}

/// Whether all have answered.
bool Peers::ask_all(const config::Config& config, const std::stop_token& stop) {
    const std::vector<Peer> peers = peers_of(config);
    expect(names_of(peers));
    auto answer = ask_store(store_);
    bool all_there = answer.has_value();
    const bool cancelled = !answer && answer.error().code == ErrorCode::cancelled;
    if (cancelled || stop.stop_requested()) return all_there;
    tell("store", answer, "see store.url; until then nothing is remembered");
    for (const Peer& peer : peers) {
        answer = peer.ask(stop);
        all_there = all_there && answer.has_value();
        if (stop.stop_requested()) return all_there;
        tell(peer.name, answer, peer.advice);
    }
    return all_there;
}

/// Puts those on the board who are not there yet, and takes those off whom the configuration no longer names.
void Peers::expect(const std::vector<std::string>& names) {
    std::erase_if(said_, [&](const auto& entry) {
        const bool gone = std::ranges::find(names, entry.first) == names.end();
        if (gone) health_.remove(entry.first);
        return gone;
    });
    for (const std::string& name : names)
        if (said_.emplace(name, "").second) health_.report(name, serve::PartState::starting);
}

void Peers::tell(const std::string& name, const Result<std::string>& answer, std::string_view advice) {
    health_.report(name, answer ? serve::PartState::ok : serve::PartState::failed,
                   answer ? *answer : answer.error().message);
    const std::string news = answer ? std::string("connected") : std::string(to_string(answer.error().code));
    if (std::exchange(said_[name], news) == news) return;
    if (answer)
        log::info("app", "connected", {{"name", name}, {"with", *answer}});
    else
        log::warning("app", "not connected, trying again",
                     {{"name", name}, {"error", answer.error().message}, {"advice", advice}});
}

}  // namespace rm::app
