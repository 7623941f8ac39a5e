// SPDX-License-Identifier: Apache-2.0
#include "app/shutdown.h"

#include <chrono>
#include <future>

#include <unistd.h>

#include "app/signals.h"
#include "telemetry/log.h"

namespace rm::app {
namespace {

[[noreturn]] void give_up(std::string_view why) {
    log::error("app", "the shutdown was cut short", {{"why", why}});
    log::flush();
    _exit(static_cast<int>(ExitCode::forced));
}

}  // namespace

void stop_within(Lifecycle& lifecycle, Duration deadline) {
    const auto end = std::chrono::steady_clock::now() + deadline;
    const auto stopped = std::async(std::launch::async, [&] { lifecycle.stop(); });
    // Signals wait in the queue while we look at the future, so a short nap between two looks loses none.
    constexpr auto look_every = std::chrono::milliseconds(5);
    while (stopped.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
        if (wait_for_signal(look_every) == Signal::stop) give_up("a second signal");
        if (std::chrono::steady_clock::now() >= end) give_up("a part did not stop in time");
    }
}

}  // namespace rm::app
