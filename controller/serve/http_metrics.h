// SPDX-License-Identifier: Apache-2.0
// The server's own figures. Labels are bounded: routes are patterns of the table, codes those we send. Used
// on the I/O thread only.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <map>
#include <string_view>
#include <utility>

#include "serve/route.h"
#include "telemetry/metrics.h"

namespace rm::serve {

/// Why a connection was turned away or given up.
enum class Rejected { full, evicted, slow_header, slow_body, slow_reader, no_descriptors };

class HttpMetrics {
public:
    /// Both must outlive this.
    HttpMetrics(prometheus::Registry& registry, const Routes& routes);

    /// `label` is the pattern of a route or `Site::unmatched`.
    void request(std::string_view label, int status, std::chrono::steady_clock::duration took);
    void rejected(Rejected reason);
    void connections(int change);
    void in_flight(int change);

private:
    prometheus::Family<prometheus::Counter>& requests_;
    std::map<std::pair<std::string_view, int>, prometheus::Counter*> by_route_and_code_;
    std::array<prometheus::Counter*, 6> rejected_{};
    prometheus::Histogram& duration_;
    prometheus::Gauge& connections_;
    prometheus::Gauge& in_flight_;
};

}  // namespace rm::serve
