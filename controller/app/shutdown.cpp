// SPDX-License-Identifier: Apache-2.0
#include "app/shutdown.h"

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <system_error>
#include <thread>

#include <unistd.h>

#include "telemetry/log.h"

namespace rm::app {
namespace {

/// Where a thread hangs inside the log, another one must not wait for it.
void tell_if_possible(std::string_view why) {
    const auto told = std::make_shared<std::promise<void>>();
    std::thread([told, reason = std::string(why)] {
        log::error("app", "the shutdown was cut short", {{"why", reason}});
        told->set_value();
    }).detach();
    told->get_future().wait_for(std::chrono::milliseconds(200));
}

}  // namespace

void cut_short(std::string_view why) {
    try {
        tell_if_possible(why);
    } catch (const std::exception&) {  // no memory or no thread left for words
        _exit(static_cast<int>(ExitCode::forced));
    }
    _exit(static_cast<int>(ExitCode::forced));
}

void stop_within(Lifecycle& lifecycle, Duration deadline) {
    std::future<void> stopped;
    try {
        stopped = std::async(std::launch::async, [&] { lifecycle.stop(); });
    } catch (const std::system_error&) {  // no thread left: then without a deadline
        lifecycle.stop();
        return;
    }
    if (stopped.wait_for(deadline) != std::future_status::ready) cut_short("a part did not stop in time");
}

}  // namespace rm::app
