// SPDX-License-Identifier: Apache-2.0
// Deployments as a controller could have journaled them.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "store/deployments.h"
#include "tests/unit/serve/hand_made_check.h"

namespace rm::serve {

/// shop/web, half a CPU more, blue-green, a minute long.
inline store::Deployment hand_made_deployment(std::string_view service = "shop/web",
                                              std::string_view status = "succeeded") {
    using namespace std::chrono_literals;
    const bool over = status != "under_way";
    return {.token = "5eed",
            .engine = "one",
            .service = ServiceName::parse(service).value(),
            .strategy = "blue_green",
            .requested_by = "the loop",
            .reason = "CPU was above 80% of its limit",
            .from = {.cpu = Cores::whole(1), .memory = Bytes::mebi(256)},
            .to = {.cpu = Cores::whole(2), .memory = Bytes::mebi(256)},
            .status = std::string(status),
            .phase = over ? "finish" : "health",
            .created_at = noon(),
            .phase_since = noon() + (over ? 55s : 5s),
            .finished_at = over ? std::optional(noon() + 60s) : std::nullopt,
            .failure = {},
            .progress = "{}"};
}

inline std::vector<store::DeploymentStep> hand_made_steps(std::int64_t deployment) {
    using namespace std::chrono_literals;
    return {{.deployment = deployment, .at = noon() + 1s, .phase = "create", .message = "create web-2"},
            {.deployment = deployment, .at = noon() + 4s, .phase = "create", .message = "start web-2"},
            {.deployment = deployment, .at = noon() + 5s, .phase = "health", .message = "started"},
            {.deployment = deployment, .at = noon() + 55s, .phase = "finish", .message = "remove web-1"}};
}

/// Its id in the store.
inline std::int64_t keep(store::Database& store, const store::Deployment& deployment) {
    std::int64_t id = 0;
    const Status kept = store.transaction([&](store::Session& session) -> Status {
        const auto begun = begin(session, deployment);
        if (!begun) return fail(begun.error());
        id = *begun;
        for (const store::DeploymentStep& step : hand_made_steps(id))
            if (auto added = add(session, step); !added) return added;
        return {};
    });
    EXPECT_TRUE(kept) << kept.error().message;
    return id;
}

}  // namespace rm::serve
