// SPDX-License-Identifier: Apache-2.0
#include "deploy/lease_keeper.h"

#include <utility>

#include <fmt/format.h>

#include "store/leases.h"

namespace rm::deploy {

LeaseKeeper::LeaseKeeper(store::Database& store, Clock& clock, std::string holder, Duration length)
    : store_(store), clock_(clock), holder_(std::move(holder)), length_(length) {}

bool LeaseKeeper::renew(const std::string& engine) {
    const std::string name = "deployments:" + engine;
    const Instant asked = clock_.now();
    const auto lease = store::take_lease(store_, name, holder_, asked.wall, length_);
    const std::scoped_lock lock(mutex_);
    if (name != name_) held_ = false;
    name_ = name;
    if (!lease) {
        trouble_ = lease.error().message;  // what was held goes on until its time is over
    } else if (lease->holder == holder_) {
        held_ = true;
        until_ = asked.steady + length_ - length_ / 6;
        trouble_.clear();
    } else {
        held_ = false;
        trouble_ = fmt::format("{} deploys on this engine", lease->holder);
    }
    return held_ && clock_.now().steady < until_;
}

bool LeaseKeeper::holds() const {
    const std::scoped_lock lock(mutex_);
    return held_ && clock_.now().steady < until_;
}

std::string LeaseKeeper::trouble() const {
    const std::scoped_lock lock(mutex_);
    return trouble_;
}

void LeaseKeeper::give_up() {
    std::string name;
    {
        const std::scoped_lock lock(mutex_);
        if (!std::exchange(held_, false)) return;
        name = name_;
    }
    (void)store::give_up_lease(store_, name, holder_);  // otherwise it ends by itself
}

}  // namespace rm::deploy
