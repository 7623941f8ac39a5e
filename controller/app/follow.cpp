// SPDX-License-Identifier: Apache-2.0
#include "app/follow.h"

#include <chrono>
#include <stop_token>
#include <utility>

#include <fmt/format.h>

namespace rm::app {
namespace {

constexpr Duration between_looks{500};
constexpr Duration longest_absence = std::chrono::minutes(5);

}  // namespace

Result<Followed> follow(ApiClient& daemon, std::int64_t id, Clock& clock, const OnLook& on_look) {
    SteadyTime seen = clock.now().steady;
    for (;;) {
        auto answer = daemon.get(fmt::format("/api/deployments/{}", id));
        if (answer) {
            auto deployment = read_deployment(*answer);
            if (!deployment) return fail(std::move(deployment).error());
            seen = clock.now().steady;
            on_look(*deployment);
            if (!deployment->is_under_way())
                return Followed{.json = *std::move(answer), .deployment = *std::move(deployment)};
        } else if (answer.error().code == ErrorCode::invalid || clock.now().steady - seen > longest_absence) {
            return fail(std::move(answer).error());
        }
        (void)clock.sleep_for(between_looks, std::stop_token());
    }
}

}  // namespace rm::app
