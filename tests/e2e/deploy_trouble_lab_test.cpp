// SPDX-License-Identifier: Apache-2.0
// What a deployment stands on goes away in the middle of it, and comes back: the engine, the socket proxy,
// the network to it, the disk of the journal, the daemon itself.
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "tests/e2e/asking.h"
#include "tests/e2e/deploy_lab.h"
#include "tests/lab/require.h"

namespace rm::e2e {
namespace {

using namespace std::chrono_literals;
using lab::must;

/// In these phases a deployment waits, and is caught.
const std::vector<std::string> waiting_phases{"health", "drain", "observe"};

class DeployTroubleLab : public DeployLab {
protected:
    /// Makes trouble in each of the phases of a blue-green deployment, and in one that changes limits in
    /// place.
    template <class Trouble>
    void in_each_phase(const Trouble& trouble) {
        for (const std::string& phase : waiting_phases) in_phase("blue_green", phase, trouble);
        in_phase("in_place", "observe", trouble);
    }

    template <class Trouble>
    void in_phase(const std::string& strategy, const std::string& phase, const Trouble& trouble) {
        if (HasFailure()) return;
        SCOPED_TRACE(fmt::format("{} in phase {}", strategy, phase));
        HealthWatch watch(engine(), "web");
        const Begun begun = this->begin("web", strategy);
        wait_for_phase(begun, phase);
        trouble(watch);
        expect_a_good_end(begun);
        expect_no_gap(watch);
        EXPECT_EQ(kill(daemon().pid(), 0), 0) << "the daemon is gone";
        fmt::print("  {} in phase {}: {}\n", strategy, phase, end_of(begun));
    }
};

TEST_F(DeployTroubleLab, the_engine_restarts) {
    start_daemon();
    in_each_phase([this](HealthWatch& watch) {
        watch.pause();
        engine().stop_daemon();
        must(engine().start_daemon());
        EXPECT_TRUE(watch.resume()) << "no healthy container came back";
    });
}

TEST_F(DeployTroubleLab, the_engine_is_killed_and_restarts) {
    start_daemon();
    in_each_phase([this](HealthWatch& watch) {
        watch.pause();
        engine().stop_daemon(SIGKILL);
        must(engine().start_daemon());
        EXPECT_TRUE(watch.resume()) << "no healthy container came back";
    });
}

TEST_F(DeployTroubleLab, the_proxy_restarts) {
    start_daemon();
    in_each_phase([this](HealthWatch&) {
        proxy().process().stop();
        std::this_thread::sleep_for(1s);
        must(proxy().start_again());
    });
}

/// What the daemon sent meanwhile may arrive when the proxy goes on: late, and more than once.
TEST_F(DeployTroubleLab, the_proxy_is_silent_for_a_while) {
    start_daemon();
    const auto silent_for = is_thorough() ? 60s : 6s;
    in_each_phase([&](HealthWatch&) {
        must(proxy().process().signal(SIGSTOP));
        std::this_thread::sleep_for(silent_for);
        must(proxy().process().signal(SIGCONT));
    });
}

TEST_F(DeployTroubleLab, the_disk_of_the_journal_is_full_for_a_while) {
    const std::filesystem::path store = directory().path() / "store";
    std::filesystem::create_directory(store);
    // In a mount namespace of the daemon's own, so that the mount goes with it.
    start_daemon(
        {}, "store/journal.db",
        {"unshare", "--mount", "sh", "-c", "mount -t tmpfs -o size=2m tmpfs store && exec \"$@\"", "sh"});
    const std::filesystem::path filler =
        fmt::format("/proc/{}/root{}/filler", daemon().pid(), store.string());
    in_each_phase([&](HealthWatch&) {
        {
            std::ofstream file(filler, std::ios::binary);
            const std::string page(4096, 'x');
            while (file.write(page.data(), 4096).flush()) continue;
        }
        EXPECT_EQ(std::filesystem::space(filler.parent_path()).available, 0U);
        std::this_thread::sleep_for(3s);
        EXPECT_EQ(get(daemon().url("/-/healthy")).status, 200);
        std::filesystem::remove(filler);
    });
    EXPECT_THAT(daemon().lines(), testing::Contains(testing::HasSubstr("waits for the store")));
}

TEST_F(DeployTroubleLab, the_daemon_is_told_to_stop_and_the_next_one_goes_on) {
    start_daemon();
    for (const std::string& phase : waiting_phases) {
        SCOPED_TRACE(phase);
        const HealthWatch watch(engine(), "web");
        const Begun begun = this->begin("web", "blue_green");
        wait_for_phase(begun, phase);
        const auto told = std::chrono::steady_clock::now();
        daemon().signal(SIGTERM);
        EXPECT_EQ(daemon().wait().exit_code, 0);
        EXPECT_LT(std::chrono::steady_clock::now() - told, 10s);
        start_daemon();
        expect_a_good_end(begun);
        EXPECT_EQ(end_of(begun), "succeeded");
        expect_no_gap(watch);
    }
}

}  // namespace
}  // namespace rm::e2e
