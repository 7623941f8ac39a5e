// SPDX-License-Identifier: Apache-2.0
#include "deploy/lease_keeper.h"

#include <utility>

#include <fmt/format.h>

namespace rm::deploy {
namespace {

/// Between the name of a holder and its process, in the store.
constexpr std::string_view before_process = " @";

std::string text_of(const LeaseHolder& holder) {
    return holder.process.empty() ? holder.name
                                  : fmt::format("{}{}{}", holder.name, before_process, holder.process);
}

LeaseHolder read_holder(const std::string& text) {
    const auto at = text.rfind(before_process);
    if (at == std::string::npos) return {.name = text};
    return {.name = text.substr(0, at), .process = text.substr(at + before_process.size())};
}

}  // namespace

LeaseKeeper::LeaseKeeper(store::Database& store, Clock& clock, const LeaseHolder& holder, Duration length,
                         HasEnded has_ended)
    : store_(store),
      clock_(clock),
      holder_(text_of(holder)),
      length_(length),
      has_ended_(std::move(has_ended)) {}

bool LeaseKeeper::renew(const std::string& engine) {
    const std::string name = "deployments:" + engine;
    const Instant asked = clock_.now();
    const auto lease = take(name, asked.wall);
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
        trouble_ = fmt::format("{} deploys on this engine", read_holder(lease->holder).name);
    }
    return held_ && clock_.now().steady < until_;
}

/// Who was killed did not give it back, and waiting for its end would help nobody.
Result<store::Lease> LeaseKeeper::take(const std::string& name, WallTime now) {
    auto lease = store::take_lease(store_, name, holder_, now, length_);
    if (!lease || lease->holder == holder_ || !has_ended_) return lease;
    const std::string process = read_holder(lease->holder).process;
    if (process.empty() || !has_ended_(process)) return lease;
    return store::take_lease(store_, name, holder_, now, length_, lease->holder);
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
