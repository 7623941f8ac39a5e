// SPDX-License-Identifier: Apache-2.0
// Deployer: makes the deployments of the journal happen. Whoever wants one writes its row, with submit() or
// with prepare() and begin() in a transaction of his own; this process, or the one that holds the lease of
// the engine, carries it out and goes on with it after a crash. Any thread may call it.
//
// Threads: one that renews the lease, one that takes up rows and sweeps, and one for each deployment at work,
// at most `deployment.max_concurrent`. Without the lease, and without the engine or the store, nothing is
// driven; standing() says what it waits for.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "core/clock.h"
#include "core/result.h"
#include "deploy/deployment.h"
#include "deploy/lease_keeper.h"
#include "deploy/plan.h"
#include "deploy/roster.h"
#include "docker/permissions.h"
#include "store/session.h"

namespace rm::deploy {

struct Standing {
    enum class Kind {
        starting,
        waiting,      // for the engine or the store
        standing_by,  // another process deploys on this engine
        at_work
    };
    Kind kind = Kind::starting;
    std::string detail{};  // for people; empty at work

    friend bool operator==(const Standing&, const Standing&) = default;
};

struct DeployerOptions {
    std::string who;                   // `host:pid`, for the one that stands by
    std::string process = {};          // by which the next one can tell that this one has ended
    HasEnded has_ended = {};           // of such a text
    bool store_is_ours_alone = false;  // no other host's deployments are in it
    Duration lease = std::chrono::seconds(30);
    Duration nap = std::chrono::seconds(2);  // between two looks at the journal
    Duration sweep = std::chrono::minutes(1);
    Duration ask_again = std::chrono::minutes(10);  // whether something that was forbidden is allowed now
    /// Hears what is allowed, whenever that changes.
    std::function<void(const docker::Permissions&)> permitted = {};
    /// Hears how it stands, whenever that changes.
    std::function<void(const Standing&)> stood = {};
    /// Runs a piece of a thread's work; false if it threw. Empty: it must not throw.
    std::function<bool(std::string_view, const std::function<void()>&)> guard = {};
};

class Deployer {
public:
    /// `premises` and `real`, the computer's time, by which leases go, must outlive it. Nothing runs before
    /// start().
    Deployer(const Premises& premises, Clock& real, DeployerOptions options, Ears ears);
    Deployer(const Deployer&) = delete;
    Deployer& operator=(const Deployer&) = delete;
    Deployer(Deployer&&) = delete;
    Deployer& operator=(Deployer&&) = delete;
    ~Deployer() { stop(); }

    void start();
    /// Ends all threads; what is under way stays in the journal, where the next start finds it.
    void stop();

    /// Looks at the engine and plans, but writes and changes nothing. The wish's strategy is that of the
    /// configuration where it has none; `auto` is resolved. Errors: `not_found` (no such service),
    /// `conflict` (one of it is under way, or it has these limits already), `unsupported` (preflight refuses,
    /// in its words), `permission` (monitoring.dry_run), and those of the engine and the store.
    Result<Deployment> prepare(const Wish& wish, const std::stop_token& stop);

    /// The same, and writes the row: from then on it is under way. The deployment with its id.
    Result<Deployment> submit(const Wish& wish, const std::stop_token& stop);

    /// There may be a new row.
    void wake();

    /// Those of this engine, also the ones that wait for their turn, as this process last saw them.
    [[nodiscard]] std::vector<UnderWay> under_way() const { return roster_.view(); }

    [[nodiscard]] Standing standing() const;

    /// What the engine, or the proxy before it, allows; nothing until it was asked.
    [[nodiscard]] std::optional<docker::Permissions> permissions() const;

private:
    struct Worker {
        std::jthread thread;
        bool done = false;
    };

    void keep_lease(const std::stop_token& stop);
    void schedule(const std::stop_token& stop);
    void round(const std::stop_token& stop);
    Status learn_engine(const std::stop_token& stop);
    void learn_permissions(const std::stop_token& stop);
    void work(std::int64_t id, const std::stop_token& stop);
    void hire(const std::vector<std::int64_t>& ids);
    void fire(std::int64_t id);
    void reap(bool all);
    void dismiss();
    void sweep(const std::stop_token& stop);
    void end_elsewhere(const std::string& engine);
    void nap(const std::stop_token& stop);
    bool guarded(std::string_view what, const std::function<void()>& piece) const;
    void stand(const Standing& standing);
    void note_once(const std::string& message);
    [[nodiscard]] std::string engine_id() const;

    const Premises with_;
    Clock& real_;
    const DeployerOptions options_;
    const Ears ears_;
    LeaseKeeper lease_;
    Roster roster_;

    mutable std::mutex mutex_;  // guards what follows
    std::string engine_;        // its id; empty: not known yet
    Standing standing_;
    std::optional<docker::Permissions> permissions_;
    std::stop_source nap_;
    std::map<std::int64_t, Worker> workers_;

    std::set<std::string> noted_;           // of the scheduler
    std::optional<SteadyTime> swept_at_{};  // of the scheduler
    std::optional<SteadyTime> asked_at_{};  // of the scheduler: what is permitted
    std::jthread scheduler_;
    std::jthread keeper_;
};

/// Writes the row of a prepared deployment; its id. `conflict` when another one of this service is under way.
Result<std::int64_t> begin(store::Session& session, const Deployment& deployment);

/// A text that nobody else has.
std::string new_token();

}  // namespace rm::deploy
