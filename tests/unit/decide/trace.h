// SPDX-License-Identifier: Apache-2.0
// A trace is a scripted day: what a service used, and, indented below it, what was decided.
//
//     # a comment
//     set adjustment.cooldown_period=10m      keys of the configuration, without a path for this service's
//     own limits cpu=0.5 memory=512M              both are optional: unlimited host cpus=8 memory=16G used=4G
//     day 2026-03-10                          times below are UTC
//     at 10:05 cpu=0.41 memory=220M           one check; also throttled=0.3, oom=2 (a counter)
//       held by hysteresis: ...               its summary
//     at 10:10-12:00 cpu=? memory=230M        a check every interval; ? is a gap
//       10:10 held by data: ...               each time that the summary is another one
//
// "[CPU at maximum]" follows where there is no room for what is wanted.
// A proposal is carried out in place, so that the next check sees it. What is left out is as in the line
// before.
#pragma once

#include <filesystem>
#include <string>

#include "decide/decide.h"

namespace rm::decide::test {

/// How what was decided comes about.
enum class Carry {
    in_place,  // limits change
    assumed,   // nothing changes, and the state says so: dry-run
    restarted  // in place, and the state is stored and read back before every check
};

/// The trace with what decide() says of it in place of what it expects. Fails the test on a malformed line.
std::string replay(const std::string& trace, Carry carry);

}  // namespace rm::decide::test
