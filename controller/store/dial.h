// SPDX-License-Identifier: Apache-2.0
// Dial: how SOCI's PostgreSQL session gets its connection without waiting longer than it may. SOCI knows only
// PQconnectdb, which can neither be called off nor be held to a limit below two seconds. While a Dial lives,
// a PQconnectdb in its thread goes step by step under a SilenceGuard instead; see dial.cpp.
#pragma once

#include <libpq-fe.h>

#include "core/duration.h"
#include "store/silence_guard.h"

namespace rm::store {

class Dial {
public:
    /// `address_limit`: for each address of the host to let us in; `answer_limit`: for what SOCI asks next,
    /// until `guard` is told that it was answered. The guard must outlive it.
    Dial(SilenceGuard& guard, Duration address_limit, Duration answer_limit);
    Dial(const Dial&) = delete;
    Dial& operator=(const Dial&) = delete;
    Dial(Dial&&) = delete;
    Dial& operator=(Dial&&) = delete;
    ~Dial();

    /// As PQconnectdb.
    PGconn* connect(const char* settings);

    /// SOCI failed on the connection that it was given, and has forgotten it: closes it.
    void hang_up();

private:
    SilenceGuard& guard_;
    Duration address_limit_;
    Duration answer_limit_;
    PGconn* made_ = nullptr;  // owned by SOCI, unless it fails
};

}  // namespace rm::store
