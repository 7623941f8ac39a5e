// SPDX-License-Identifier: Apache-2.0
// LimitsUpdate: what an engine must be told so that a container gets other limits while it runs. Pure.
// The engine has its ways: memory above memory-and-swap is a conflict, so both are always sent together; a
// reservation above the memory is invalid, so it goes along when it differs; -1 for swap is answered with
// success and not passed on to the kernel, which refuses the next raise; 0 is answered with success and
// ignored, so that a limit can't be removed.
#pragma once

#include "core/limits.h"
#include "core/result.h"
#include "docker/container.h"
#include "docker/limit_fields.h"
#include "docker/write.h"

namespace rm::deploy {

/// The same with numbers where the engine has signs and defaults: a period where there is a quota, and an
/// amount of swap that no host has in the place of "unlimited".
docker::LimitFields in_numbers(docker::LimitFields fields);

/// What `container` shall have so that it is limited to `to`. `unsupported` when that can't be done to a
/// container that is there, or could not be undone; `invalid` for limits that no container can have.
Result<docker::LimitFields> fields_in_place(const docker::Container& container, const Limits& to);

/// What differs, both of them in numbers.
docker::Update update_of(const docker::LimitFields& now, const docker::LimitFields& next);

}  // namespace rm::deploy
