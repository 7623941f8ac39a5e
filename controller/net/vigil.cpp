// SPDX-License-Identifier: Apache-2.0
#include "net/vigil.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include <poll.h>
#include <sys/eventfd.h>

namespace rm::net {

Vigil::Vigil(Duration within, std::stop_token stop)
    : within_(within),
      until_(std::chrono::steady_clock::now() + within),
      stop_(std::move(stop)),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      on_stop_(stop_, Wake{wake_.get()}) {}

void Vigil::Wake::operator()() const {
    ::eventfd_write(event, 1);
}

Status Vigil::wait_for(int descriptor, short events) const {
    constexpr Duration longest = std::chrono::minutes(1);
    for (;;) {
        if (stop_.stop_requested()) return fail(cancelled());
        const auto left = std::chrono::ceil<Duration>(until_ - std::chrono::steady_clock::now());
        if (left <= Duration::zero()) return fail(timed_out());
        std::array<pollfd, 2> polled{pollfd{.fd = descriptor, .events = events, .revents = 0},
                                     pollfd{.fd = wake_.get(), .events = POLLIN, .revents = 0}};
        const int ready =
            ::poll(polled.data(), polled.size(), static_cast<int>(std::min(left, longest).count()));
        if (ready < 0 && errno != EINTR) return fail(ErrorCode::io, "{}", std::strerror(errno));
        if (ready > 0 && polled[0].revents != 0) return {};
    }
}

Error Vigil::timed_out() const {
    return {.code = ErrorCode::timeout, .message = fmt::format("no answer within {}", rm::print(within_))};
}

Error Vigil::cancelled() {
    return {.code = ErrorCode::cancelled, .message = "we were told to stop"};
}

}  // namespace rm::net
