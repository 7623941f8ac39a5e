// SPDX-License-Identifier: Apache-2.0
#include "telemetry/log_screen.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <string>
#include <utility>

#include <poll.h>
#include <unistd.h>

namespace rm::log {
namespace {

constexpr int patience_ms = 20;  // for a reader that is only slower than a burst of ours

}  // namespace

bool LogScreen::ready(int wait_ms) const {
    pollfd state{.fd = descriptor_, .events = POLLOUT, .revents = 0};
    return poll(&state, 1, wait_ms) == 1 && (state.revents & POLLOUT) != 0;
}

/// A descriptor that is ready takes as much as PIPE_BUF without blocking.
void LogScreen::write(std::string_view line) {
    const std::string whole = (torn_ ? "\n" : "") + std::string(line);
    std::string_view rest = whole;
    while (!rest.empty()) {
        if (!ready(stuck_ ? 0 : patience_ms)) {
            stuck_ = true;
            break;
        }
        stuck_ = false;
        const ssize_t written =
            ::write(descriptor_, rest.data(), std::min<std::size_t>(rest.size(), PIPE_BUF));
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) break;
        rest.remove_prefix(static_cast<std::size_t>(written));
    }
    if (!rest.empty()) ++dropped_;
    torn_ = rest.empty() ? false : torn_ || rest.size() < whole.size();
}

std::uint64_t LogScreen::take_dropped() {
    if (dropped_ == 0 || !ready(0)) return 0;
    return std::exchange(dropped_, 0);
}

}  // namespace rm::log
