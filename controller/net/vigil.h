// SPDX-License-Identifier: Apache-2.0
// Vigil: waiting for a descriptor, for a while at most, and not after a stop. Internal to net/; one thread.
#pragma once

#include <stop_token>

#include "core/clock.h"
#include "core/descriptor.h"
#include "core/duration.h"
#include "core/result.h"

namespace rm::net {

class Vigil {
public:
    Vigil(Duration within, std::stop_token stop);
    Vigil(const Vigil&) = delete;
    Vigil& operator=(const Vigil&) = delete;
    Vigil(Vigil&&) = delete;
    Vigil& operator=(Vigil&&) = delete;
    ~Vigil() = default;

    /// Until `descriptor` is ready for `events`, as poll(2) has them. `timeout` or `cancelled` otherwise.
    [[nodiscard]] Status wait_for(int descriptor, short events) const;

    [[nodiscard]] SteadyTime until() const { return until_; }
    [[nodiscard]] const std::stop_token& stop() const { return stop_; }
    [[nodiscard]] Error timed_out() const;
    [[nodiscard]] static Error cancelled();

private:
    struct Wake {
        int event;
        void operator()() const;
    };

    Duration within_;
    SteadyTime until_;
    std::stop_token stop_;
    Descriptor wake_;
    std::stop_callback<Wake> on_stop_;
};

}  // namespace rm::net
