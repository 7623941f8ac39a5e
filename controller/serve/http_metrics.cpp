// SPDX-License-Identifier: Apache-2.0
#include "serve/http_metrics.h"

#include <string>

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>

#include "serve/site.h"

namespace rm::serve {
namespace {

constexpr std::array<std::string_view, 6> reasons = {"full",      "evicted",     "slow_header",
                                                     "slow_body", "slow_reader", "no_descriptors"};

prometheus::Gauge& gauge(prometheus::Registry& registry, const std::string& name, const std::string& help) {
    return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add({});
}

prometheus::Histogram& duration_histogram(prometheus::Registry& registry) {
    return prometheus::BuildHistogram()
        .Name("resource_manager_http_request_duration_seconds")
        .Help("Time from the end of a request's headers to its response being ready.")
        .Register(registry)
        .Add({}, prometheus::Histogram::BucketBoundaries{0.001, 0.01, 0.1, 1, 10});
}

}  // namespace

HttpMetrics::HttpMetrics(prometheus::Registry& registry, const Routes& routes)
    : requests_(prometheus::BuildCounter()
                    .Name("resource_manager_http_requests_total")
                    .Help("Requests answered, by route pattern and status code.")
                    .Register(registry)),
      duration_(duration_histogram(registry)),
      connections_(gauge(registry, "resource_manager_http_connections", "Open connections.")),
      in_flight_(gauge(registry, "resource_manager_http_requests_in_flight",
                       "Requests whose response is being made or sent.")) {
    auto& rejected = prometheus::BuildCounter()
                         .Name("resource_manager_http_connections_rejected_total")
                         .Help("Connections turned away or given up before their time, by reason.")
                         .Register(registry);
    for (std::size_t i = 0; i < reasons.size(); ++i)
        rejected_.at(i) = &rejected.Add({{"reason", std::string(reasons.at(i))}});
    const auto start_at_zero = [&](std::string_view label, int code) {
        by_route_and_code_[{label, code}] =
            &requests_.Add({{"route", std::string(label)}, {"code", std::to_string(code)}});
    };
    for (const Route& route : routes) start_at_zero(route.pattern, 200);
    start_at_zero(Site::unmatched, 400);
    start_at_zero(Site::unmatched, 404);
}

void HttpMetrics::request(std::string_view label, int status, std::chrono::steady_clock::duration took) {
    prometheus::Counter*& counter = by_route_and_code_[{label, status}];
    if (counter == nullptr)
        counter = &requests_.Add({{"route", std::string(label)}, {"code", std::to_string(status)}});
    counter->Increment();
    duration_.Observe(std::chrono::duration<double>(took).count());
}

void HttpMetrics::rejected(Rejected reason) {
    rejected_.at(static_cast<std::size_t>(reason))->Increment();
}
void HttpMetrics::connections(int change) {
    connections_.Increment(change);
}
void HttpMetrics::in_flight(int change) {
    in_flight_.Increment(change);
}

}  // namespace rm::serve
