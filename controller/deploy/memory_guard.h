// SPDX-License-Identifier: Apache-2.0
// How far the memory of a running container may be lowered. Under cgroup v2 nobody else asks: the kernel
// takes the new limit and kills what does not fit. So a margin above what is in use stays, and the way down
// is taken in steps, each of which gives the kernel time to write back and forget what it holds for the
// container. Pure.
#pragma once

#include <optional>

#include "core/bytes.h"
#include "docker/stats.h"

namespace rm::deploy {

/// The least limit that leaves room for what is in use and a margin: a tenth and 16 MiB. What is in use is
/// all that the kernel can't give up at once. Nothing when the engine does not tell.
std::optional<Bytes> least_memory(const docker::Stats& usage);

/// The limit to go to next on the way down from `now` to `target`.
Bytes step_down(Bytes now, Bytes target);

/// Whether `kernel` is what the kernel makes of `wanted`: it drops what is less than a page.
bool is_in_force(Bytes kernel, Bytes wanted);

}  // namespace rm::deploy
