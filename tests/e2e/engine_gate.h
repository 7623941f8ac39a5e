// SPDX-License-Identifier: Apache-2.0
// EngineGate: stands between a daemon and its socket proxy and hands every call on. At a chosen one of those
// that change something it kills the daemon: before the call is made, or after it was made and before its
// answer arrives. Any thread.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "tests/lab/http_double.h"

namespace rm::e2e {

class EngineGate {
public:
    enum class When { before, after };

    /// `proxy` is an address: "http://127.0.0.1:2375".
    explicit EngineGate(std::string proxy);

    /// For docker.host.
    [[nodiscard]] std::string host() const;

    /// Kills that process at the `at`-th call from now on.
    void arm(int at, When when, int pid);
    /// The call at which it struck; empty: it has not. "POST /containers/..."
    std::string struck();
    /// Lets everything pass again.
    void disarm();

private:
    lab::Answer pass(const lab::ReceivedRequest& request);
    /// Whether it is the turn of this call; what is asked without a wish to change anything does not count.
    bool is_turn(const lab::ReceivedRequest& request, When when);
    [[nodiscard]] lab::Answer hand_on(const lab::ReceivedRequest& request) const;

    const std::string proxy_;
    std::mutex mutex_;  // guards what follows
    int left_ = 0;      // calls until it strikes; 0: it does not
    When when_ = When::before;
    int pid_ = 0;
    std::string struck_;
    std::unique_ptr<lab::HttpDouble> server_;  // last, so that it ends first
};

}  // namespace rm::e2e
