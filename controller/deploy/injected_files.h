// SPDX-License-Identifier: Apache-2.0
// Files that somebody put into a container before its program ran, as Compose does with `configs` and
// `secrets` whose text stands in its file. They are no part of what inspecting tells, so that a clone lacks
// them.
#pragma once

#include <cstddef>
#include <stop_token>
#include <string_view>

#include "core/result.h"
#include "docker/container.h"
#include "docker/engine.h"

namespace rm::deploy {

/// Puts those of `blue` into `green`, which was not started yet, with their owners and modes. How many.
/// What blue's program wrote later, what is in volumes, and `drain_file`, which is ours, stay where they are.
/// May be done again.
Result<std::size_t> copy_injected_files(docker::Engine& engine, const docker::Container& blue,
                                        const ContainerId& green, std::string_view drain_file,
                                        const std::stop_token& stop);

}  // namespace rm::deploy
