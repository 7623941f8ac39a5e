// SPDX-License-Identifier: Apache-2.0
#include "tests/lab/space.h"

#include <csignal>
#include <thread>
#include <utility>

#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/lab/keeper.h"
#include "tests/lab/message.h"

namespace rm::lab {

struct Space::State {
    Kept first;
};

Space::Space(std::unique_ptr<State> state) : state_(std::move(state)) {}
Space::Space(Space&&) noexcept = default;

Space& Space::operator=(Space&& other) noexcept {
    std::swap(state_, other.state_);
    return *this;
}

Space::~Space() {
    if (state_) close();
}

Result<Space> Space::open() {
    auto first = open_kept_space();
    if (!first) return fail(first.error().with_prefix("space"));
    return Space(std::make_unique<State>(State{std::move(*first)}));
}

void Space::close() {
    ::syscall(SYS_pidfd_send_signal, state_->first.pidfd.get(), SIGKILL, nullptr, 0U);
    // The kernel ends the first process of a pid namespace only after all the others.
    wait_ended(state_->first, std::chrono::seconds(30));
    static_cast<void>(kept_state(state_->first));
}

Status Space::enter_network() const {
    if (::setns(state_->first.pidfd.get(), CLONE_NEWNET) != 0)
        return system_failure("enter the space's network");
    return {};
}

Status Space::in_network(const std::function<void()>& work) const {
    Status status;
    std::thread([&] {
        status = enter_network();
        if (status) work();
    }).join();
    return status;
}

int Space::number() const {
    return state_->first.number;
}
int Space::pid() const {
    return state_->first.pid;
}

}  // namespace rm::lab
