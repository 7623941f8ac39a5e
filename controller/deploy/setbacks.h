// SPDX-License-Identifier: Apache-2.0
// What follows from deployments that came to nothing: the service is left alone for a while that doubles with
// each in a row, and after three of them it is paused until somebody resumes it. All of it is worked out from
// the journal, so that a restart forgets nothing.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/clock.h"
#include "core/duration.h"
#include "core/result.h"
#include "deploy/deployment.h"
#include "store/session.h"

namespace rm::deploy {

inline constexpr std::int64_t setbacks_until_pause = 3;

/// How long a service is left alone after so many in a row: `first` doubled each time, at most a day or
/// `first`, whichever is longer.
Duration backoff_after(std::int64_t setbacks, Duration first);

/// In the transaction in which `ended` stands as ended: pauses the service where that was one too many. What
/// there is to tell.
Result<std::string> pause_if_hopeless(store::Session& session, const Deployment& ended);

}  // namespace rm::deploy
