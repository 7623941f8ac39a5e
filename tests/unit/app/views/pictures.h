// SPDX-License-Identifier: Apache-2.0
// The hand-made check as the command line reads it, and the terminals that tables are tried on.
#pragma once

#include <optional>
#include <string>

#include "app/views/check_view.h"
#include "app/views/terminal.h"
#include "serve/check_json.h"
#include "tests/unit/serve/hand_made_check.h"

namespace rm::app {

inline constexpr Terminal wide{.width = 160, .colour = false, .utf8 = true};
inline constexpr Terminal usual{.width = 80, .colour = false, .utf8 = true};
inline constexpr Terminal ascii{.width = 160, .colour = false, .utf8 = false};
inline constexpr Terminal coloured{.width = 160, .colour = true, .utf8 = true};

inline StatusView status_of(const decide::Check& check,
                            const serve::Pauses& pauses = std::vector<store::Pause>()) {
    return read_status(serve::services_json(check, pauses, serve::noon())).value();
}

inline ExplainView explain_of(const decide::Check& check, std::size_t index) {
    return read_explain(serve::service_json(check, check.services.at(index), std::nullopt, serve::noon()))
        .value();
}

inline PlanView plan_of(const decide::Check& check) {
    return read_plan(serve::plan_json(check, std::nullopt, serve::noon())).value();
}

}  // namespace rm::app
