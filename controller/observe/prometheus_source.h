// SPDX-License-Identifier: Apache-2.0
// PrometheusSource: usage as a Prometheus that scrapes cAdvisor (or our own export) knows it. A check costs
// one request for each signal, however many containers there are; docs/queries.md lists them. A signal that
// can't be had leaves the others alone, with one exception: without `sample_time` nobody knows how old the
// numbers are, and nothing is believed. Limits never come from here. One thread at a time.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "config/settings.h"
#include "core/clock.h"
#include "core/result.h"
#include "net/http_client.h"
#include "observe/metrics_source.h"
#include "observe/queries.h"
#include "observe/readings.h"
#include "observe/reply_reader.h"

namespace rm::observe {

struct PrometheusOptions {
    net::Url url;
    net::Tls tls = {};
    Secret token = {};
    Duration timeout{};  // of one query; all of a check together get three times as much
    std::string matcher;
    Replacements queries = {};
    config::MemoryMetric memory = config::MemoryMetric::working_set;
    Bytes reply_cap = Bytes::mebi(64);
};

class PrometheusSource final : public MetricsSource {
public:
    /// `clock`, for deadlines, must outlive it.
    PrometheusSource(PrometheusOptions options, const Clock& clock);

    [[nodiscard]] std::string describe() const override;
    Observation observe(std::span<const Target> targets, const Windows& windows, WallTime now,
                        const std::stop_token& stop) override;

private:
    struct Check;
    struct Failure {
        Gap cause;
        std::string message;
    };
    void ask(Signal signal, Check& check, const std::stop_token& stop);
    [[nodiscard]] net::Request request_for(Signal signal, const Windows& windows, Duration left) const;
    [[nodiscard]] std::optional<Failure> exchange(const net::Request& request, Duration left,
                                                  ReplyReader& reader, const std::stop_token& stop);
    static Failure refusal(const net::Response& response);

    PrometheusOptions options_;
    const Clock& clock_;
    net::HttpClient client_;
};

/// As the configuration wants it; an error where the address is not one.
Result<std::unique_ptr<MetricsSource>> prometheus_source(const config::Settings& settings,
                                                         const Clock& clock);

}  // namespace rm::observe
