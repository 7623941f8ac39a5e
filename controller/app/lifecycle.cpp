// SPDX-License-Identifier: Apache-2.0
#include "app/lifecycle.h"

#include <exception>
#include <utility>

#include "telemetry/log.h"

namespace rm::app {
namespace {

/// Libraries may throw where the system refuses them memory, threads or descriptors.
Result<std::string> start_caught(const Part& part) {
    try {
        return part.start();
    } catch (const std::exception& error) {
        return fail(ErrorCode::unavailable, "{}", error.what());
    }
}

}  // namespace

Status Lifecycle::start(Part part) {
    const Result<std::string> connected = start_caught(part);
    if (!connected) {
        log::error("app", "cannot start", {{"name", part.name}, {"error", connected.error().message}});
        return fail(connected.error().with_prefix(part.name));
    }
    log::info("app", "started", {{"name", part.name}, {"with", *connected}});
    started_.push_back(std::move(part));
    return {};
}

void Lifecycle::stop() {
    while (!started_.empty()) {
        const Part part = std::move(started_.back());
        started_.pop_back();
        try {
            if (part.stop) part.stop();
            log::debug("app", "stopped", {{"name", part.name}});
        } catch (const std::exception& error) {
            log::error("app", "did not stop cleanly", {{"name", part.name}, {"error", error.what()}});
        }
    }
}

}  // namespace rm::app
