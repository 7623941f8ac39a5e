// SPDX-License-Identifier: Apache-2.0
// LeaseKeeper: holds the lease that lets one of several processes deploy on an engine. It counts its time on
// the steady clock and from before it asked, so that it stops believing in the lease before anybody else may
// have it. It takes over at once from a process that has ended for certain. Thread-safe.
#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <string_view>

#include "core/clock.h"
#include "store/database.h"
#include "store/leases.h"

namespace rm::deploy {

struct LeaseHolder {
    std::string name;       // for people; no other process has it
    std::string process{};  // by which others can tell that it has ended; empty: they can't
};

/// Whether the process of that text has ended; true only when that is certain.
using HasEnded = std::function<bool(std::string_view process)>;

class LeaseKeeper {
public:
    /// `store` and `clock` must outlive it. Without `has_ended` every other holder counts as alive.
    LeaseKeeper(store::Database& store, Clock& clock, const LeaseHolder& holder, Duration length,
                HasEnded has_ended = {});

    /// Takes or renews the lease of that engine; whether it is ours then. To be called at a third of its
    /// length.
    bool renew(const std::string& engine);

    [[nodiscard]] bool holds() const;
    /// Why it is not ours, for people; empty when it is.
    [[nodiscard]] std::string trouble() const;
    [[nodiscard]] Duration renewal() const { return length_ / 3; }

    /// So that the next one need not wait for its end.
    void give_up();

private:
    Result<store::Lease> take(const std::string& name, WallTime now);

    store::Database& store_;
    Clock& clock_;
    const std::string holder_;
    const Duration length_;
    const HasEnded has_ended_;

    mutable std::mutex mutex_;
    std::string name_;
    SteadyTime until_{};  // the epoch: never held
    bool held_ = false;
    std::string trouble_ = "it was not asked for yet";
};

}  // namespace rm::deploy
