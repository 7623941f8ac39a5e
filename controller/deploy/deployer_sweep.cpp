// SPDX-License-Identifier: Apache-2.0
// What earlier ones left: containers of deployments that nobody knows of any more, and rows of an engine that
// is another one now.
#include <set>

#include <fmt/format.h>

#include "deploy/deployer.h"
#include "deploy/sweep.h"
#include "store/deployments.h"

namespace rm::deploy {

/// Begins the ways back of what is left over; in the next look at the journal they are taken up.
void Deployer::sweep(const std::stop_token& stop) {
    const std::string engine = engine_id();
    const auto config = with_.live.current();
    const auto policy_of = [&](const ServiceName& service, const docker::Labels& labels) {
        auto policy = config->service(service, labels);
        return policy ? *std::move(policy) : config->service(service);
    };
    const auto list = with_.engine.list(stop);
    if (!list) return;
    const auto rows = store::unfinished(with_.store, engine);
    if (!rows) return;
    end_elsewhere(engine);
    std::set<std::string> tokens;
    for (const store::Deployment& row : *rows) tokens.insert(row.token);
    const auto found = deploy::sweep(with_.engine, *list, tokens, policy_of, with_.clock.now().wall, stop);
    if (!found) return;
    swept_at_ = real_.now().steady;
    for (const std::string& doubt : found->in_doubt) note_once(doubt);
    if ((*config)->monitoring.dry_run) return;
    for (Deployment way_back : found->ways_back) {
        way_back.engine = engine;
        const auto begun = with_.store.transaction([&](store::Session& session) -> Status {
            const auto id = begin(session, way_back);
            if (!id) return fail(id.error());
            return {};
        });
        if (begun) note_once(way_back.reason + ", and is taken away");
    }
}

/// What was under way on an engine that is no more can't be brought to an end.
void Deployer::end_elsewhere(const std::string& engine) {
    const auto rows = store::unfinished_elsewhere(with_.store, engine);
    if (!rows) return;
    for (store::Deployment row : *rows) {
        const std::string where =
            fmt::format("deployment {} of {} was under way on another engine", row.id, print(row.service));
        if (!options_.store_is_ours_alone) {
            note_once(where + ", and is left to whoever deploys there");
            continue;
        }
        row.status = to_string(Outcome::failed);
        row.finished_at = with_.clock.now().wall;
        row.failure =
            fmt::format("it was under way on the engine {}, and this one is {}", row.engine, engine);
        const auto ended =
            with_.store.transaction([&](store::Session& session) { return store::put(session, row); });
        if (ended) note_once(where + ", which is another one now: it has failed");
    }
}

}  // namespace rm::deploy
