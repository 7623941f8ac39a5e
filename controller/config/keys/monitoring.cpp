// SPDX-License-Identifier: Apache-2.0
#include "config/keys/sections.h"
#include "config/number_kinds.h"

namespace rm::config {

Keys monitoring_keys() {
    using namespace std::chrono_literals;
    return {
        general({.path = "monitoring.check_interval",
                 .fallback = "5m",
                 .about = "How often every service is looked at."},
                duration(1s, 24h), [](Settings& s) -> auto& { return s.monitoring.check_interval; }),
        general({.path = "monitoring.window",
                 .fallback = "5m",
                 .about = "Over which time usage is averaged for one check."},
                duration(1s, 24h), [](Settings& s) -> auto& { return s.monitoring.window; }),
        general({.path = "monitoring.trend_window",
                 .fallback = "1h",
                 .about = "Over which time the trend is taken; not shorter than `monitoring.window`."},
                duration(1s, 168h), [](Settings& s) -> auto& { return s.monitoring.trend_window; }),
        general({.path = "monitoring.dry_run",
                 .fallback = "false",
                 .about = "Decide and report as usual, but change nothing on the engine."},
                boolean(), [](Settings& s) -> auto& { return s.monitoring.dry_run; }),
        general(
            {.path = "monitoring.memory_metric",
             .fallback = "working_set",
             .about = "What counts as used memory: `working_set` is what the kernel can't reclaim and kills "
                      "for, `usage` includes the whole page cache.",
             .needs_restart = true},
            words<MemoryMetric>({{"working_set", MemoryMetric::working_set}, {"usage", MemoryMetric::usage}}),
            [](Settings& s) -> auto& { return s.monitoring.memory_metric; }),
        general({.path = "monitoring.source",
                 .fallback = "prometheus",
                 .about = "Where usage comes from: `prometheus`, the engine's own statistics (`docker`), or "
                          "invented services for trying out (`simulation`).",
                 .needs_restart = true},
                words<MetricsSource>({{"prometheus", MetricsSource::prometheus},
                                      {"docker", MetricsSource::docker},
                                      {"simulation", MetricsSource::simulation}}),
                [](Settings& s) -> auto& { return s.monitoring.source; }),
        general({.path = "monitoring.sample_interval",
                 .fallback = "15s",
                 .about = "How often the engine is asked for its statistics, with `source: docker` or "
                          "`export_containers`.",
                 .needs_restart = true},
                duration(1s, 5min), [](Settings& s) -> auto& { return s.monitoring.sample_interval; }),
        general(
            {.path = "monitoring.export_containers",
             .fallback = "false",
             .about = "Offers the engine's statistics to Prometheus at `/metrics/containers`, in the names "
                      "that cAdvisor uses, for hosts without one.",
             .needs_restart = true},
            boolean(), [](Settings& s) -> auto& { return s.monitoring.export_containers; }),
    };
}

}  // namespace rm::config
