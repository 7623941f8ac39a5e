// SPDX-License-Identifier: Apache-2.0
// Exposition: the latest samples in Prometheus' text format, with the names and labels of cAdvisor, so that
// queries and dashboards made for it work without it. Each value carries the time at which it was sampled:
// nobody takes an old one for a new one. Pure.
#pragma once

#include <span>
#include <string>

#include "observe/samples.h"

namespace rm::observe {

/// For an answer of type `text/plain; version=0.0.4; charset=utf-8`.
std::string exposition(std::span<const LatestSample> samples);

}  // namespace rm::observe
