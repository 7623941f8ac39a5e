// SPDX-License-Identifier: Apache-2.0
// The stages in which the limits of a container are changed while it runs. There is no green. Pure.
//
// Nothing is changed that could not be taken back: an absent limit stays absent. From the first change on
// blue must go on as it did: a restart, an end or a kill for want of memory turns back. The way back raises
// memory at once. Where it must lower it again and what is in use does not fit any more, the new limits stay,
// whole, and the deployment has failed. Replicas that had their new limits already go the same way back, each
// for itself: one that must keep its new limits keeps none of the others from their old ones.
#pragma once

#include "deploy/fitness.h"
#include "deploy/move.h"

namespace rm::deploy {

Move in_place_prepare(const Situation& s);
Move in_place_update(const Situation& s);
Move in_place_confirm(const Situation& s);
Move in_place_observe(const Situation& s);
Move in_place_revert(const Situation& s);

/// What must be known of blue before its limits are changed; nothing when they can't be.
std::optional<InPlace> before_update(const docker::Container& blue, const Replacement& replica);

/// Blue, judged by the terms; one without a health check of its own by whether it runs.
Fitness fitness_in_place(const docker::Container& blue, const Terms& terms, const Watch& watch);

}  // namespace rm::deploy
