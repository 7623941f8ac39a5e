// SPDX-License-Identifier: Apache-2.0
// Kinds of values that are amounts, each within a range whose ends belong to it.
#pragma once

#include <cstdint>

#include "config/kind.h"
#include "config/values.h"
#include "core/bytes.h"
#include "core/cores.h"
#include "core/duration.h"
#include "core/ratio.h"

namespace rm::config {

Kind<bool> boolean();
/// Plain decimal digits without quotes; the others take both, since people quote `"0.5"` in compose files.
Kind<std::int64_t> integer(std::int64_t min, std::int64_t max);
Kind<Ratio> ratio(double min, double max);
Kind<Duration> duration(Duration min, Duration max);
Kind<Cores> cores(Cores min, Cores max);
Kind<Bytes> bytes(Bytes min, Bytes max);
/// `0.5` or `5%`, up to 99 %.
Kind<Reserve<Cores>> cores_or_percent();
/// `512M` or `5%`, up to 99 %.
Kind<Reserve<Bytes>> bytes_or_percent();

}  // namespace rm::config
