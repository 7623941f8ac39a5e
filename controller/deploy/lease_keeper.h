// SPDX-License-Identifier: Apache-2.0
// LeaseKeeper: holds the lease that lets one of several processes deploy on an engine. It counts its time on
// the steady clock and from before it asked, so that it stops believing in the lease before anybody else may
// have it. Thread-safe.
#pragma once

#include <mutex>
#include <string>

#include "core/clock.h"
#include "store/database.h"

namespace rm::deploy {

class LeaseKeeper {
public:
    /// `store` and `clock` must outlive it. `holder` is a text that no other process has.
    LeaseKeeper(store::Database& store, Clock& clock, std::string holder, Duration length);

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
    store::Database& store_;
    Clock& clock_;
    const std::string holder_;
    const Duration length_;

    mutable std::mutex mutex_;
    std::string name_;
    SteadyTime until_{};  // the epoch: never held
    bool held_ = false;
    std::string trouble_ = "it was not asked for yet";
};

}  // namespace rm::deploy
