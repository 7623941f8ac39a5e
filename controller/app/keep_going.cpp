// SPDX-License-Identifier: Apache-2.0
#include "app/keep_going.h"

#include <exception>

#include "telemetry/log.h"

namespace rm::app {

bool keep_going(std::string_view what, const std::function<void()>& work) {
    constexpr std::string_view fault = "something that is not an exception was thrown";
    try {
        work();
        return true;
    } catch (const std::exception& error) {
        log::error("app", "goes on after a fault", {{"name", what}, {"error", error.what()}});
    } catch (...) {
        log::error("app", "goes on after a fault", {{"name", what}, {"error", fault}});
    }
    return false;
}

}  // namespace rm::app
