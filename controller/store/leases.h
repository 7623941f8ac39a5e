// SPDX-License-Identifier: Apache-2.0
// Lease: who of several processes may act, for a while. The holder renews it well before it ends; one that
// was killed is followed by another when its time is over. Times are the clients' wall clocks, which must
// agree within a part of the lease's length.
#pragma once

#include <string>
#include <string_view>

#include "core/clock.h"
#include "core/result.h"
#include "store/database.h"

namespace rm::store {

struct Lease {
    std::string holder;
    WallTime until;

    friend bool operator==(const Lease&, const Lease&) = default;
};

/// Takes or renews it for `holder` if nobody else has it, or nobody but `ended`, who is known to be gone;
/// tells who has it then.
Result<Lease> take_lease(Database& database, std::string_view name, std::string_view holder, WallTime now,
                         Duration length, std::string_view ended = {});

/// Gives it back; harmless for who does not have it. Also possible when the database was cancelled.
Status give_up_lease(Database& database, std::string_view name, std::string_view holder);

}  // namespace rm::store
