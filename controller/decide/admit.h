// SPDX-License-Identifier: Apache-2.0
// What the raises of one check want of the host together. decide() judges each service alone, as if it were
// the only one to grow; here those that are let go first count against what is left for the next. Pure but
// for what `begin` does.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "config/strategy.h"
#include "core/bytes.h"
#include "core/limits.h"
#include "decide/check.h"

namespace rm::decide {

/// Whether a second replica is started beside the first, or may be.
bool runs_beside(config::Strategy strategy);

/// What a change from `from` to `to` may take of the host's memory beyond what is used now: with a second
/// replica beside the first its whole limit, otherwise what it gets more than `own`, the usage of the replica
/// that uses least. Nothing where memory is not raised.
Bytes memory_promised(config::Strategy strategy, const Limits& from, const Limits& to, Bytes own);

/// Begins what a service proposes. Empty, or why it could not be begun.
using Begin = std::function<std::string(const Assessment& service)>;

/// Begins what is proposed, one after the other: raises of memory first, of these critical services before
/// normal before optional ones, then those after an OOM kill, then those that use most of their limit, then
/// by name; whatever wants no memory after them, by name. A raise that no longer fits is decided on once
/// more, and so is one that could not be begun, which leaves its room to the next.
void admit(std::vector<Assessment>& services, const Begin& begin);

}  // namespace rm::decide
