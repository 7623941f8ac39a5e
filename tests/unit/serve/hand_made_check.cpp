// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/serve/hand_made_check.h"

#include <memory>
#include <string>
#include <utility>

namespace rm::serve {
namespace {

using namespace std::chrono_literals;
using decide::Gate;
using decide::Outcome;
using decide::Resource;
using decide::Wish;

constexpr Bytes mebi(std::int64_t count) {
    return Bytes::mebi(count);
}

Cores milli(std::int64_t count) {
    return Cores::from_nanos(count * 1'000'000);
}

config::ServicePolicy general_policy() {
    config::ServicePolicy policy;
    policy.thresholds.cpu_high = Ratio(0.8);
    policy.thresholds.cpu_low = Ratio(0.3);
    policy.thresholds.memory_high = Ratio(0.85);
    policy.thresholds.memory_low = Ratio(0.4);
    policy.thresholds.consecutive_checks = 3;
    policy.thresholds.min_uptime = 10min;
    policy.adjustment.cooldown_period = 30min;
    policy.adjustment.max_adjustments_per_day = 6;
    policy.adjustment.timezone = "UTC";
    policy.adjustment.increase_factor = Ratio(1.25);
    policy.adjustment.decrease_factor = Ratio(0.75);
    policy.adjustment.min_change = Ratio(0.05);
    policy.adjustment.maintenance_window =
        config::DailyWindow{.from = {std::chrono::hours(2)}, .to = {std::chrono::hours(4)}};
    policy.bounds.host_reserve.memory = {mebi(512)};
    policy.bounds.cpu = {.min = milli(100), .max = Cores::whole(2)};
    policy.bounds.memory = {.min = mebi(64), .max = mebi(256)};
    return policy;
}

Usage usage(Cores cpu, Bytes memory) {
    Usage usage;
    usage.cpu = cpu;
    usage.memory = memory;
    usage.throttled = Ratio(0.25);
    usage.oom_kills = 0;
    usage.cpu_trend = cpu;
    return usage;
}

decide::Assessment service(const char* name, const Limits& limits) {
    decide::Assessment made{.shown_as = ServiceName::parse(name).value().service(),
                            .service = {.name = ServiceName::parse(name).value(),
                                        .replicas = {},
                                        .host = decide::Host{.cpus = Cores::whole(4),
                                                             .memory = mebi(8192),
                                                             .memory_used = mebi(2048)},
                                        .pause = {}},
                            .policy = std::make_shared<const config::ServicePolicy>(general_policy()),
                            .rules = {.window = 5min, .trend_window = 1h, .check_interval = 5min},
                            .at = noon(),
                            .verdict = {}};
    made.verdict.in_force = limits;
    return made;
}

void add_replica(decide::Assessment& service, const std::string& name, const Limits& limits,
                 const Usage& usage) {
    const std::string id(64, static_cast<char>('a' + service.service.replicas.size()));
    service.service.replicas.push_back({.id = ContainerId::parse(id).value(),
                                        .name = name,
                                        .limits = limits,
                                        .started_at = noon() - 24h,
                                        .usage = usage});
    const auto share = [](double used, double limit) { return Ratio(used / limit); };
    decide::Signal cpu{
        .resource = Resource::cpu, .replica = service.service.replicas.size() - 1, .of_limit = {}, .gap = {}};
    decide::Signal memory = cpu;
    memory.resource = Resource::memory;
    if (!usage.cpu)
        cpu.gap = usage.cpu.error();
    else if (limits.cpu)
        cpu.of_limit = share(usage.cpu->value(), limits.cpu->value());
    if (!usage.memory)
        memory.gap = usage.memory.error();
    else if (limits.memory)
        memory.of_limit =
            share(static_cast<double>(usage.memory->count()), static_cast<double>(limits.memory->count()));
    service.verdict.signals.push_back(cpu);
    service.verdict.signals.push_back(memory);
}

decide::Assessment shop_web() {
    const Limits limits{.cpu = milli(500), .memory = mebi(256)};
    decide::Assessment web = service("shop/web", limits);
    web.shown_as = "shop/web";
    add_replica(web, "shop-web-1", limits, usage(milli(420), mebi(150)));
    add_replica(web, "shop-web-2", limits, usage(milli(200), mebi(140)));
    web.verdict.gates = {
        {Gate::managed, std::nullopt, Outcome::passed, "the service is managed", ""},
        {Gate::hysteresis, Resource::cpu, Outcome::passed, "CPU was above 80% in 3 of 3 checks", ""},
        {Gate::trend, Resource::memory, Outcome::idle, "nothing is to be lowered", ""}};
    web.verdict.cpu = Wish::raise;
    web.verdict.proposal =
        decide::Proposal{.from = limits,
                         .to = {.cpu = milli(700), .memory = mebi(256)},
                         .oom = false,
                         .clamped_cpu = "",
                         .clamped_memory = "",
                         .reason = "CPU was above 80% of its limit in 3 checks: 0.42 of 0.5"};
    web.verdict.summary = "CPU is to be raised from 0.5 to 0.7";
    web.verdict.next.streaks = {.cpu = 3, .memory = 0};
    web.verdict.next.adjustments = {.day = "2026-01-01", .count = 1};
    web.verdict.next.assumed =
        decide::Assumed{.limits = limits, .instead_of = {.cpu = milli(300), .memory = mebi(256)}};
    return web;
}

decide::Assessment shop_db() {
    const Limits limits{.cpu = Cores::whole(2), .memory = mebi(256)};
    decide::Assessment db = service("shop/db", limits);
    set_policy(db,
               [](config::ServicePolicy& policy) { policy.service_class = config::ServiceClass::critical; });
    add_replica(db, "shop-db-1", limits, usage(milli(400), mebi(240)));
    db.verdict.gates = {{Gate::managed, std::nullopt, Outcome::passed, "the service is managed", ""},
                        {Gate::bounds, Resource::memory, Outcome::held,
                         "256M is the most that bounds.memory.max allows", "raise bounds.memory.max"}};
    db.verdict.memory = Wish::raise;
    db.verdict.memory_at_maximum = true;
    db.verdict.memory_ceiling = "bounds.memory.max";
    db.verdict.summary = "held by bounds: 256M is the most that bounds.memory.max allows";
    db.verdict.next.streaks = {.cpu = -1, .memory = 3};
    return db;
}

decide::Assessment blog_web() {
    const Limits limits{.cpu = milli(500), .memory = {}};
    decide::Assessment web = service("blog/web", limits);
    web.shown_as = "blog/web";
    Usage unknown;
    unknown.cpu = tl::unexpected(Gap::stale);
    unknown.memory = tl::unexpected(Gap::stale);
    add_replica(web, "blog-web-1", limits, unknown);
    web.verdict.gates = {{Gate::data, std::nullopt, Outcome::held, "blog-web-1: the last sample is too old",
                          "wait for fresh data"}};
    web.verdict.unlimited = true;
    web.verdict.summary = "held by data: blog-web-1: the last sample is too old";
    return web;
}

decide::Assessment shop_cache() {
    const Limits limits{.cpu = milli(1000), .memory = mebi(128)};
    decide::Assessment cache = service("shop/cache", limits);
    add_replica(cache, "shop-cache-1", limits, usage(milli(500), mebi(64)));
    cache.verdict.gates = {{Gate::managed, std::nullopt, Outcome::passed, "the service is managed", ""}};
    cache.verdict.summary = "usage is within the thresholds";
    cache.verdict.next.last_adjustment = noon() - 10min;
    cache.verdict.next.adjustments = {.day = "2026-01-01", .count = 2};
    return cache;
}

}  // namespace

void set_policy(decide::Assessment& service, const std::function<void(config::ServicePolicy&)>& change) {
    config::ServicePolicy policy = *service.policy;
    change(policy);
    service.policy = std::make_shared<const config::ServicePolicy>(std::move(policy));
}

WallTime noon() {
    return WallTime(std::chrono::sys_days(std::chrono::year(2026) / 1 / 1)) + 12h;
}

decide::Check hand_made_check() {
    decide::Check check;
    check.number = 7;
    check.at = noon();
    check.took = 120ms;
    check.dry_run = true;
    check.source = "Prometheus http://prometheus:9090";
    check.faults = {{.what = "cpu_trend", .cause = Gap::timeout, .message = "no answer within 10s"}};
    check.requests = 6;
    check.services = {blog_web(), shop_cache(), shop_db(), shop_web()};
    check.next = noon() + 5min;
    return check;
}

boost::json::object parsed(const std::string& text) {
    return boost::json::parse(text).as_object();
}

}  // namespace rm::serve
