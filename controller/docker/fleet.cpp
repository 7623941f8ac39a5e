// SPDX-License-Identifier: Apache-2.0
#include "docker/fleet.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <string_view>

namespace rm::docker {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t minutes_per_day = 1440;

/// Between 0 and 1, the same for the same service and step: a small mixing function, no generator with state.
double noise(std::string_view name, std::int64_t step) {
    std::uint64_t mixed = 1469598103934665603ULL ^ static_cast<std::uint64_t>(step);
    for (const char letter : name) mixed = (mixed ^ static_cast<unsigned char>(letter)) * 1099511628211ULL;
    mixed ^= mixed >> 29U;
    mixed *= 0xbf58476d1ce4e5b9ULL;
    mixed ^= mixed >> 32U;
    return static_cast<double>(mixed >> 11U) / static_cast<double>(1ULL << 53U);
}

std::int64_t minute_of(WallTime time) {
    return std::chrono::duration_cast<std::chrono::minutes>(time.time_since_epoch()).count();
}

/// 0 in the small hours, 1 in the afternoon.
double time_of_day(std::int64_t minute) {
    const double share = static_cast<double>(minute % minutes_per_day) / minutes_per_day;
    return (1 - std::cos(2 * std::numbers::pi * (share - 3.0 / 24))) / 2;
}

/// Where between its least and its most a service is, 0 to 1.
double level(const FleetService& service, WallTime now) {
    const std::int64_t minute = minute_of(now);
    const double jitter = noise(service.name, minute);
    switch (service.shape) {
        case LoadShape::daily:
            return 0.9 * time_of_day(minute) + 0.1 * jitter;
        case LoadShape::bursty:
            return noise(service.name, minute / 10) > 0.9 ? 0.8 + 0.2 * jitter : 0.15 * jitter;
        case LoadShape::stepping:
            return 0.9 * noise(service.name, minute / 360) + 0.1 * jitter;
        case LoadShape::leaking:
        case LoadShape::steady:
            return 0.8 + 0.2 * jitter;
        case LoadShape::idle:
            return 0.3 * jitter;
    }
    return 0;
}

double between(double least, double most, double share) {
    return least + (most - least) * share;
}

FleetService service(std::string_view name, std::string_view image, Limits limits, LoadShape shape,
                     std::array<int, 2> cpu_milli, std::array<int, 2> memory_mebi) {
    const auto cores = [](int milli) { return Cores::from_nanos(std::int64_t{milli} * 1'000'000); };
    return {.name = std::string(name),
            .image = std::string(image),
            .limits = limits,
            .shape = shape,
            .cpu_least = cores(cpu_milli[0]),
            .cpu_most = cores(cpu_milli[1]),
            .memory_least = Bytes::mebi(memory_mebi[0]),
            .memory_most = Bytes::mebi(memory_mebi[1])};
}

Limits limits(int cpu_milli, int memory_mebi) {
    return {.cpu = Cores::from_nanos(std::int64_t{cpu_milli} * 1'000'000),
            .memory = Bytes::mebi(memory_mebi)};
}

/// Replicas of the service share what is above its least.
SimulatedImage program_of(const FleetService& service) {
    return {.load = [&service](WallTime now,
                               Duration since_start) { return demand_of(service, now, since_start); },
            .idle_cpu = service.cpu_least,
            .ready_after = 3s,
            .stops_after = 500ms};
}

}  // namespace

const std::vector<FleetService>& fleet() {
    using enum LoadShape;
    static const std::vector<FleetService> all = {
        service("traefik", "traefik:2.11", limits(500, 256), daily, {60, 470}, {90, 150}),
        service("postgres", "postgres:15", limits(1000, 1024), daily, {150, 900}, {500, 700}),
        service("redis", "redis:7", limits(250, 256), steady, {20, 60}, {150, 215}),
        service("prometheus", "prom/prometheus:2.51", limits(500, 768), steady, {180, 260}, {500, 650}),
        service("grafana", "grafana/grafana:10.4", limits(500, 512), bursty, {15, 600}, {110, 190}),
        service("loki", "grafana/loki:2.9", limits(500, 384), leaking, {90, 160}, {120, 900}),
        service("crowdsec", "crowdsecurity/crowdsec:1.6", limits(500, 512), idle, {5, 30}, {70, 90}),
        service("oauth", "oauth2-proxy:7.6", limits(250, 128), idle, {1, 8}, {14, 18}),
        service("alertmanager", "prom/alertmanager:0.27", limits(250, 128), idle, {2, 10}, {22, 30}),
        service("jaeger", "jaegertracing/all-in-one:1.57", limits(500, 512), stepping, {40, 650}, {150, 480}),
        service("portainer", "portainer/portainer-ce:2.20", limits(500, 256), idle, {2, 12}, {28, 40}),
        service("vscode", "codercom/code-server:4.89", limits(2000, 2048), bursty, {30, 1800}, {400, 1100})};
    return all;
}

Demand demand_of(const FleetService& service, WallTime now, Duration since_start) {
    const double share = level(service, now);
    // A leak takes two days from the least to the most.
    const double age = std::chrono::duration<double, std::ratio<86400>>(since_start).count();
    const double filled = service.shape == LoadShape::leaking ? std::clamp(age / 2, 0.0, 1.0) : share;
    const double cpu = between(service.cpu_least.value(), service.cpu_most.value(), share);
    const double memory = between(static_cast<double>(service.memory_least.count()),
                                  static_cast<double>(service.memory_most.count()), filled);
    return {.cpu = Cores::from_nanos(static_cast<std::int64_t>(cpu * 1e9)),
            .memory = Bytes(static_cast<std::int64_t>(memory)),
            .file_cache = Bytes(static_cast<std::int64_t>(memory / 4))};
}

std::unique_ptr<SimulatedEngine> engine_with_fleet(Clock& clock) {
    auto engine = std::make_unique<SimulatedEngine>(clock);
    for (const FleetService& service : fleet())  // names of the fleet differ, so that none can fail
        (void)engine->run({.name = "demo-" + service.name + "-1",
                           .image = service.image,
                           .program = program_of(service),
                           .labels = {{"com.docker.compose.project", "demo"},
                                      {"com.docker.compose.service", service.name},
                                      {"com.docker.compose.container-number", "1"},
                                      {"com.docker.compose.oneoff", "False"}},
                           .limits = service.limits,
                           .health_check = HealthCheck{.interval = 5s, .timeout = 2s}});
    return engine;
}

}  // namespace rm::docker
