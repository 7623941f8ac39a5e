// SPDX-License-Identifier: Apache-2.0
// Roster: the deployments under way as this process drives them: taken up from the journal, stepped by
// whoever has a thread for it, dropped at any moment. Has no thread of its own; thread-safe, but each
// deployment is stepped by one thread at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "config/live_config.h"
#include "core/clock.h"
#include "deploy/deployment.h"
#include "deploy/drive.h"
#include "deploy/hands.h"
#include "docker/container.h"
#include "docker/engine.h"
#include "store/database.h"

namespace rm::deploy {

/// A deployment under way, for people and for those who must leave its service alone.
struct UnderWay {
    std::int64_t id = 0;
    ServiceName service;
    config::Strategy strategy{};
    Phase phase{};
    WallTime since;
    WallTime phase_since;
    std::string waits_for;  // empty while it acts
    Limits from;
    Limits to;
};

/// What it works with; all of it must outlive it.
struct Premises {
    const config::LiveConfig& live;
    docker::Engine& engine;
    store::Database& store;
    Clock& clock;  // the time that containers live in
};

/// Hear what happens, in the thread in which it happens. Each may be empty.
struct Ears {
    Tell told = {};                                                           // a line of its log
    std::function<void(const Deployment&, Phase, Duration)> left_phase = {};  // and how long it was in it
    std::function<void(const Deployment&, Duration)> ended = {};              // and stands in the journal so
    std::function<void(std::string_view)> noted = {};                         // about none in particular
};

class Roster {
public:
    Roster(const Premises& premises, Ears ears);

    /// Takes up what is under way on that engine, the oldest first and as many as may be at once. The ids of
    /// those that were not at work before: each is to be stepped until its end.
    Result<std::vector<std::int64_t>> take_up(const std::string& engine, const std::stop_token& stop);

    /// How long to wait until the next step is due; nothing when it has ended or was dropped.
    std::optional<Duration> step(std::int64_t id, const std::stop_token& stop);

    /// Nobody steps it any more; it may be taken up again.
    void drop(std::int64_t id);

    [[nodiscard]] std::vector<UnderWay> view() const;

private:
    struct Entry {
        std::unique_ptr<Drive> drive;
        docker::Labels labels;
        UnderWay shown;
        WallTime begun;  // without the wait for its turn
    };

    Result<std::vector<std::int64_t>> begin_work(std::vector<Deployment> fresh, const std::stop_token& stop);
    std::unique_ptr<Drive> make_drive(Deployment deployment);
    void show(const Deployment& deployment, const std::string* waits_for);
    void end_damaged(store::Deployment row, const Error& error);
    [[nodiscard]] config::ServicePolicy policy_of(const Entry& entry) const;

    const Premises with_;
    const Ears ears_;
    Hands hands_;

    mutable std::mutex mutex_;
    std::map<std::int64_t, std::shared_ptr<Entry>> at_work_;
    std::vector<UnderWay> waiting_;
};

UnderWay shown(const Deployment& deployment, std::string waits_for);

}  // namespace rm::deploy
