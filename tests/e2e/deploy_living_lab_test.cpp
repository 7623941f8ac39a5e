// SPDX-License-Identifier: Apache-2.0
// What others lost when they replaced containers, on a real engine: files, names, addresses, and the peace
// with Compose. Each of these is a row of the table of failures that this program was written against.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "tests/e2e/asking.h"
#include "tests/e2e/deploy_lab.h"
#include "tests/lab/containers.h"
#include "tests/lab/require.h"
#include "tests/lab/workload_image.h"

namespace rm::e2e {
namespace {

using namespace std::chrono_literals;
using lab::must;
using testing::HasSubstr;

/// Asks Docker's own name server, which answers inside of a container's network alone.
constexpr const char* look_up = R"(import socket, struct, sys
name = b"".join(bytes([len(part)]) + part.encode() for part in sys.argv[1].split("."))
asking = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
asking.settimeout(5)
asking.sendto(struct.pack(">6H", 7, 0x100, 1, 0, 0, 0) + name + b"\0\0\1\0\1", ("127.0.0.11", 53))
answer = asking.recv(999)
print(socket.inet_ntoa(answer[-4:]) if answer[7] else "nobody", end="")
)";

class DeployLivingLab : public DeployLab {
protected:
    Replica only(const std::string& service) {
        const auto all = replicas(service);
        EXPECT_EQ(all.size(), 1U);
        return all.at(0);
    }

    /// What `name` means in the network of `web`.
    std::string address_of(const std::string& name) {
        return must(lab::run_well({.name = "look-up",
                                   .argv = {"nsenter", fmt::format("--net=/proc/{}/ns/net", only("web").pid),
                                            "python3", "-c", look_up, name},
                                   .inside = &engine().space()}));
    }

    std::string file_in(const std::string& container, const std::string& path) {
        const auto copy = directory().path() / "copy";
        must(engine().docker({"cp", container + ":" + path, copy.string()}));
        std::ifstream file(copy);
        return {std::istreambuf_iterator<char>(file), {}};
    }

    void deploy_well(const std::string& service, const std::string& strategy) {
        const Begun begun = this->begin(service, strategy);
        expect_a_good_end(begun);
        EXPECT_EQ(end_of(begun), "succeeded");
    }
};

TEST_F(DeployLivingLab, files_that_compose_wrote_into_the_container_survive) {
    start_daemon();
    const std::string first = only("api").name;
    must(engine().docker({"stop", first}));
    const std::string file = directory().file("settings.ini", "colour = green\n");
    must(engine().docker({"cp", file, first + ":/settings.ini"}));
    std::this_thread::sleep_for(1s);  // the engine tells times of files in whole seconds
    must(engine().docker({"start", first}));
    must(lab::wait_for_state(engine(), first, "healthy"));
    for (int i = 0; i < 2; ++i) {
        const std::string before = only("api").name;
        deploy_well("api", "blue_green");
        EXPECT_NE(only("api").name, before);
        EXPECT_EQ(file_in(only("api").name, "/settings.ini"), "colour = green\n");
    }
}

TEST_F(DeployLivingLab, every_alias_resolves_to_the_new_container_and_no_address_is_there_twice) {
    start_daemon();
    for (int i = 0; i < 2; ++i) {
        const Begun begun = this->begin("api", "blue_green");
        wait_for_phase(begun, "drain");
        std::multiset<std::string> macs;
        for (const std::string service : {"api", "web"})
            for (const Replica& one : replicas(service)) macs.insert(one.macs.begin(), one.macs.end());
        EXPECT_EQ(macs.size(), 6U);
        EXPECT_EQ(std::set<std::string>(macs.begin(), macs.end()).size(), macs.size());
        expect_a_good_end(begun);
        const auto now = must(lab::inspect(engine(), only("api").id));
        for (const std::string& name :
             {std::string("desk"), std::string("api"), now.name, now.id.substr(0, 12)})
            EXPECT_EQ(address_of(name), now.addresses.at("shop_front")) << name;
    }
}

TEST_F(DeployLivingLab, compose_leaves_alone_what_was_deployed) {
    start_daemon();
    for (const std::string strategy : {"blue_green", "in_place"}) {
        deploy_well("api", strategy);
        deploy_well("web", strategy);
        const Replica api = only("api");
        const Replica web = only("web");
        must(project().run({"up", "--detach"}));
        EXPECT_EQ(only("api"), api);
        EXPECT_EQ(only("web"), web);
    }
}

TEST_F(DeployLivingLab, compose_in_the_middle_of_a_deployment_does_no_lasting_harm) {
    start_daemon({"deployment.drain=6s", "deployment.observe=6s"});
    for (const std::string phase : {"health", "drain", "observe"}) {
        if (HasFailure()) return;
        SCOPED_TRACE(phase);
        HealthWatch watch(engine(), "api");
        const Begun begun = this->begin("api", "blue_green");
        wait_for_phase(begun, phase);
        const auto told = project().run({"up", "--detach"});
        fmt::print("up in phase {}: {}\n", phase, told ? *told : told.error().message);
        expect_a_good_end(begun);
        for (const std::string& gap : watch.gaps()) fmt::print("  {}\n", gap);
    }
}

TEST_F(DeployLivingLab, what_was_stopped_stays_down_when_the_engine_restarts) {
    start_daemon({"deployment.observe=6s"});
    const Replica blue = only("web");
    const Begun begun = this->begin("web", "blue_green");
    wait_for_phase(begun, "observe");
    engine().stop_daemon();
    must(engine().start_daemon());
    const auto now = replicas("web");
    const auto found = std::ranges::find(now, blue.id, &Replica::id);
    ASSERT_NE(found, now.end());
    EXPECT_EQ(found->status, "exited");
    EXPECT_EQ(found->restart, "no");
    expect_a_good_end(begun);
}

/// The engine starts it again; whoever is quick enough to see it gone turns back.
TEST_F(DeployLivingLab, a_new_container_that_runs_out_of_memory_costs_nothing) {
    start_daemon({"deployment.drain=5s"});
    const HealthWatch watch(engine(), "web");
    const Replica blue = only("web");
    const Begun begun = this->begin("web", "blue_green");
    wait_for_phase(begun, "drain");
    for (const Replica& one : replicas("web")) {
        if (one.id == blue.id) continue;
        static_cast<void>(must(lab::Workload::attach(engine(), one.name)).run_out_of_memory());
        EXPECT_TRUE(eventually([&] {
            const auto now = lab::inspect(engine(), one.id);
            return !now || now->restarts > 0;
        })) << "it did not run out of memory";
    }
    expect_a_good_end(begun);
    expect_no_gap(watch);
}

TEST_F(DeployLivingLab, a_container_that_runs_out_of_memory_in_place_gets_its_limits_back) {
    start_daemon({"deployment.observe=5s"});
    const Replica blue = only("web");
    const Begun begun = this->begin("web", "in_place");
    wait_for_phase(begun, "observe");
    static_cast<void>(must(lab::Workload::attach(engine(), blue.name)).run_out_of_memory());
    expect_a_good_end(begun);
    EXPECT_EQ(end_of(begun), "rolled_back");
    EXPECT_EQ(only("web").id, blue.id);
}

TEST_F(DeployLivingLab, a_container_that_had_ended_is_replaced_by_one_that_runs) {
    start_daemon();
    const Replica blue = only("web");
    must(engine().docker({"stop", blue.name}));
    EXPECT_THAT(refusal("web", "blue_green"), HasSubstr("there is nothing to take over from"));
    deploy_well("web", "recreate");
    EXPECT_NE(only("web").id, blue.id);
}

}  // namespace
}  // namespace rm::e2e
