// SPDX-License-Identifier: Apache-2.0
// Settings: the whole configuration as plain values, one struct per section of the file. What each key means,
// its default and its range stand in the tables under keys/. Use it through `Config`, which only holds
// settings that passed every check.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/probe.h"
#include "config/strategy.h"
#include "config/values.h"
#include "core/bytes.h"
#include "core/cores.h"
#include "core/duration.h"
#include "core/names.h"
#include "core/ratio.h"
#include "core/secret.h"

namespace rm::config {

struct Prometheus {
    Url url;
    Duration timeout{};
    SecretFile bearer_token;
    std::filesystem::path ca_file;
    std::string matcher;                         // PromQL between the braces of a selector
    std::map<std::string, std::string> queries;  // by signal, each without a fault
};

struct Tls {
    std::filesystem::path ca_file;
    std::filesystem::path cert_file;
    std::filesystem::path key_file;
    bool verify = true;
};

struct Docker {
    Url host;
    Duration timeout{};
    Tls tls;
};

enum class MemoryMetric { working_set, usage };
enum class MetricsSource { prometheus, docker, simulation };

struct Monitoring {
    Duration check_interval{};
    Duration window{};
    Duration trend_window{};
    bool dry_run = false;
    MemoryMetric memory_metric = MemoryMetric::working_set;
    MetricsSource source = MetricsSource::prometheus;
    Duration sample_interval{};
    bool export_containers = false;
};

struct Thresholds {
    Ratio cpu_high;
    Ratio cpu_low;
    Ratio cpu_throttled;  // 1: throttling is not looked at
    Ratio memory_high;
    Ratio memory_low;
    std::int64_t consecutive_checks = 0;
    Duration min_uptime{};
};

struct Adjustment {
    Ratio increase_factor;
    Ratio decrease_factor;
    Duration cooldown_period{};
    std::int64_t max_adjustments_per_day = 0;
    Ratio min_change;
    std::string timezone;
    std::optional<DailyWindow> maintenance_window;
};

struct CpuBounds {
    Cores min;
    Cores max;
};

struct MemoryBounds {
    Bytes min;
    Bytes max;
};

struct HostReserve {
    Reserve<Cores> cpu;
    Reserve<Bytes> memory;
};

struct Bounds {
    CpuBounds cpu;
    MemoryBounds memory;
    HostReserve host_reserve;  // of the host, the same for every service
};

using Argv = std::vector<std::string>;

struct Hooks {
    Argv before;
    Argv after_healthy;
    Argv switch_over;
    Argv drain;
    Argv after;
    Argv on_rollback;
};

struct Traefik {
    Url url;              // of its API; empty: it is not asked
    std::string service;  // `web@docker`
};

struct Haproxy {
    Url socket;  // of its runtime API
    std::string backend;
};

/// How the old container is taken out of the traffic.
enum class DrainBy { wait, file, command, haproxy };

/// What becomes of limits that somebody else changed.
enum class OnDrift {
    accept,  // they hold from now on
    reapply  // ours are set again
};

struct Deployment {
    Strategy strategy = Strategy::blue_green;
    bool share_volumes = false;
    HealthSource health;
    Argv health_command;
    Duration stable_for{};
    Duration health_timeout{};
    Duration health_interval{};
    std::optional<ProbeAddress> verify;
    Traefik traefik;
    DrainBy drain_by = DrainBy::wait;
    std::string drain_file;
    Argv drain_command;
    Haproxy haproxy;
    Duration drain{};
    Duration router_delay{};
    Duration longest_request{};
    Duration observe{};
    std::int64_t max_concurrent = 1;  // of the host, the same for every service
    Duration failure_backoff{};
    OnDrift on_drift = OnDrift::accept;
    std::filesystem::path write_override;  // of the host; empty: none is written
    Argv script;
    Hooks hooks;
};

enum class ServiceClass { critical, normal, optional };
enum class Direction { both, up, down };

struct Defaults {
    bool enabled = true;
    ServiceClass service_class = ServiceClass::normal;
    Direction direction = Direction::both;
};

/// The least that a critical service keeps, whatever its usage.
struct Baseline {
    std::optional<Cores> cpu;
    std::optional<Bytes> memory;
};

/// What a service without limits is limited to; nothing: it is left without.
struct Initial {
    std::optional<Cores> cpu;
    std::optional<Bytes> memory;
};

/// Everything that decides about one service: its own keys, and the general ones where it has none.
struct ServicePolicy {
    bool enabled = true;
    ServiceClass service_class = ServiceClass::normal;
    Direction direction = Direction::both;
    Baseline baseline;
    Initial initial;
    Thresholds thresholds;
    Adjustment adjustment;
    Bounds bounds;
    Deployment deployment;
};

/// Never null.
using PolicyPtr = std::shared_ptr<const ServicePolicy>;

struct Alertmanager {
    std::vector<Url> urls;
};

struct Slack {
    SecretFile webhook_url;
};

enum class WebhookMethod { post, put };

struct Webhook {
    Secret url;  // from `url` or from `url_file`, whichever is set
    SecretFile url_file;
    WebhookMethod method = WebhookMethod::post;
    SecretFile bearer_token;
    std::map<std::string, Secret> headers;
    std::string body;
    Duration timeout{};
};

struct DailyReport {
    bool enabled = true;
    TimeOfDay at;
    std::string timezone;
};

struct Notifications {
    bool enabled = true;
    Duration cooldown{};
    Alertmanager alertmanager;
    Slack slack;
    Webhook webhook;
    DailyReport daily_report;
};

struct Watch {
    bool realtime = true;
    Duration interval{};
    std::string name_filter;  // a valid ECMAScript regular expression
    bool include_stopped = true;
};

struct Store {
    Url url;
    SecretFile password;
    Duration retention{};
};

struct Http {
    ListenAddress listen;
    SecretFile token;
    std::vector<std::string> cors_origins;
    std::vector<std::string> allowed_hosts;  // in lower case; empty: any
    bool reload_endpoint = false;
    std::int64_t max_connections = 0;
    Bytes max_header;
    Bytes max_body;
    Duration header_timeout{};
    Duration body_timeout{};
    Duration write_timeout{};
    Duration idle_timeout{};
};

enum class LogLevel { debug, info, warning, error };
enum class LogFormat { text, json };

struct Logging {
    LogLevel level = LogLevel::info;
    LogFormat format = LogFormat::text;
    std::filesystem::path file;
    Bytes rotate_at;
    std::int64_t keep = 0;
    std::filesystem::path decisions_file;
};

struct Settings {
    Prometheus prometheus;
    Docker docker;
    Monitoring monitoring;
    Thresholds thresholds;
    Adjustment adjustment;
    Bounds bounds;
    Deployment deployment;
    Defaults defaults;
    std::map<ServiceName, ServicePolicy> services;
    Notifications notifications;
    Watch watch;
    Store store;
    Http http;
    Logging logging;
};

}  // namespace rm::config
