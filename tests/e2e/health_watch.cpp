// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/health_watch.h"

#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "net/url.h"
#include "tests/e2e/asking.h"
#include "tests/lab/http.h"

namespace rm::e2e {

using namespace std::chrono_literals;

HealthWatch::HealthWatch(const lab::Engine& engine, std::string service)
    : engine_(engine),
      service_(std::move(service)),
      thread_([this](const std::stop_token& stop) { follow(stop); }) {}

void HealthWatch::follow(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        note(look());
        std::this_thread::sleep_for(20ms);
    }
}

/// An engine that does not answer tells nothing about the container.
HealthWatch::Seen HealthWatch::look() const {
    const std::string filter =
        fmt::format(R"({{"label":["com.docker.compose.service={}"],"health":["healthy"]}})", service_);
    const auto reply = lab::call({.url = "/containers/json?filters=" + net::encoded(filter),
                                  .socket = engine_.socket(),
                                  .timeout = 5s});
    if (!reply || reply->status != 200) return Seen::nothing;
    return reply->body.find("\"Id\"") == std::string::npos ? Seen::none : Seen::healthy;
}

void HealthWatch::note(Seen seen) {
    const std::scoped_lock lock(mutex_);
    if (seen == Seen::nothing || paused_) return;
    ++looks_;
    const bool gap = seen == Seen::none;
    if (gap != in_gap_)
        gaps_.push_back(
            fmt::format("{} after {:.2f}s", gap ? "no healthy container" : "healthy again",
                        std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count()));
    in_gap_ = gap;
}

void HealthWatch::pause() {
    const std::scoped_lock lock(mutex_);
    paused_ = true;
}

bool HealthWatch::resume() {
    const bool healthy = eventually([this] { return look() == Seen::healthy; });
    const std::scoped_lock lock(mutex_);
    paused_ = false;
    return healthy;
}

std::vector<std::string> HealthWatch::gaps() const {
    const std::scoped_lock lock(mutex_);
    return gaps_;
}

int HealthWatch::looks() const {
    const std::scoped_lock lock(mutex_);
    return looks_;
}

}  // namespace rm::e2e
