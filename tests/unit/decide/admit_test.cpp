// SPDX-License-Identifier: Apache-2.0
#include "decide/admit.h"

#include <memory>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/decide/situation.h"

namespace rm::decide::test {
namespace {

using config::ServiceClass;
using config::Strategy;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// Services that ask for memory from 1G to 1280M in the same check, on a host of 8G of which nothing is
/// reserved.
class AdmitTest : public testing::Test {
protected:
    void add(const std::string& name, double share, ServiceClass service_class = ServiceClass::normal,
             Strategy strategy = Strategy::blue_green) {
        Situation web;
        web.view.name = ServiceName::parse("shop/" + name).value();
        web.limit(cores("1"), bytes("1G"));
        web.use(0.5, share);
        web.policy.bounds.host_reserve.memory = {Bytes()};
        web.policy.service_class = service_class;
        web.policy.deployment.strategy = strategy;
        web.view.host = Host{.cpus = Cores::whole(4), .memory = bytes("8G"), .memory_used = used};
        (void)web.checks(static_cast<int>(web.policy.thresholds.consecutive_checks) - 1);
        services.push_back({.shown_as = name,
                            .service = web.view,
                            .policy = std::make_shared<const config::ServicePolicy>(web.policy),
                            .rules = web.rules,
                            .state = web.state,
                            .at = web.now,
                            .verdict = web.look()});
    }

    void admit_all() {
        admit(services, [this](const Assessment& service) -> std::string {
            if (service.shown_as == refused) return "preflight refuses";
            begun.push_back(service.shown_as);
            return {};
        });
    }

    const Assessment& of(const std::string& name) {
        return *std::ranges::find(services, name, &Assessment::shown_as);
    }

    Bytes used = bytes("6G");
    std::vector<Assessment> services;
    std::vector<std::string> begun;
    std::string refused;
};

TEST_F(AdmitTest, raises_that_fit_alone_but_not_together_are_not_all_begun) {
    add("api", 0.9);
    add("web", 0.9);
    for (const Assessment& each : services) ASSERT_TRUE(each.verdict.proposal);
    admit_all();
    EXPECT_THAT(begun, ElementsAre("api"));
    EXPECT_EQ(of("web").verdict.summary,
              "held by host_capacity: 1280M would not fit: of the host's 8G, 6G are used, 1280M promised to "
              "others and 0B reserved");
    EXPECT_EQ(of("api").verdict.proposal->to.memory, bytes("1280M"));
}

TEST_F(AdmitTest, the_later_one_is_cut_to_what_is_left_where_that_is_worth_it) {
    used = bytes("5760M");
    add("api", 0.9);
    add("web", 0.9);
    admit_all();
    EXPECT_THAT(begun, ElementsAre("api", "web"));
    EXPECT_EQ(of("web").verdict.proposal->to.memory, bytes("1152M"));
    EXPECT_EQ(of("web").verdict.proposal->clamped_memory, "host");
}

TEST_F(AdmitTest, critical_services_go_first_then_those_that_use_most_then_by_name) {
    used = Bytes();
    add("a", 0.9);
    add("b", 0.95);
    add("c", 0.85, ServiceClass::critical);
    add("d", 0.99, ServiceClass::optional);
    add("e", 0.9);
    admit_all();
    EXPECT_THAT(begun, ElementsAre("c", "b", "a", "e", "d"));
}

TEST_F(AdmitTest, one_that_was_killed_for_lack_of_memory_goes_before_one_that_is_only_full) {
    add("api", 0.99);
    add("web", 0.9);
    services[1].state.oom_kills = {{services[1].service.replicas[0].id.full(), 0}};
    services[1].service.replicas[0].usage.oom_kills = 1;
    services[1].verdict = decide(services[1].service, *services[1].policy, services[1].rules,
                                 services[1].state, services[1].at);
    admit_all();
    EXPECT_THAT(begun, ElementsAre("web"));
}

TEST_F(AdmitTest, one_that_can_not_be_begun_leaves_its_room_to_the_next) {
    add("api", 0.9);
    add("web", 0.9);
    refused = "api";
    admit_all();
    EXPECT_THAT(begun, ElementsAre("web"));
    EXPECT_THAT(of("api").verdict.summary, HasSubstr("held by deployment: preflight refuses"));
}

TEST_F(AdmitTest, in_place_only_the_increase_is_promised) {
    for (const char* const name : {"api", "mail", "web"})
        add(name, 0.9, ServiceClass::normal, Strategy::in_place);
    admit_all();  // 2G are free, and each may take 359M more than it uses
    EXPECT_THAT(begun, ElementsAre("api", "mail", "web"));
    EXPECT_EQ(of("web").verdict.proposal->clamped_memory, "");
}

TEST_F(AdmitTest, what_deployments_under_way_may_take_counts_too) {
    add("api", 0.9);
    services[0].service.host->memory_promised = bytes("1G");
    services[0].verdict = decide(services[0].service, *services[0].policy, services[0].rules,
                                 services[0].state, services[0].at);
    admit_all();
    EXPECT_THAT(begun, IsEmpty());
    EXPECT_THAT(of("api").verdict.summary, HasSubstr("6G are used, 1G promised to others"));
}

TEST_F(AdmitTest, whatever_wants_no_memory_waits_for_nobody) {
    add("api", 0.9);
    add("web", 0.1);
    ASSERT_TRUE(of("web").verdict.proposal);
    admit_all();
    EXPECT_THAT(begun, ElementsAre("api", "web"));
    EXPECT_LT(of("web").verdict.proposal->to.memory, bytes("1G"));
}

TEST(MemoryPromised, is_the_whole_limit_of_a_second_replica_or_the_increase_of_the_first) {
    const Limits from{.cpu = cores("1"), .memory = bytes("1G")};
    const Limits more{.cpu = cores("1"), .memory = bytes("2G")};
    const Limits other_cpu{.cpu = cores("2"), .memory = bytes("1G")};
    const Bytes own = bytes("512M");
    EXPECT_EQ(memory_promised(Strategy::blue_green, from, more, own), bytes("2G"));
    EXPECT_EQ(memory_promised(Strategy::script, {}, more, own), bytes("2G"));
    EXPECT_EQ(memory_promised(Strategy::in_place, from, more, own), bytes("1536M"));
    EXPECT_EQ(memory_promised(Strategy::recreate, from, more, bytes("3G")), Bytes());
    EXPECT_EQ(memory_promised(Strategy::blue_green, more, from, own), Bytes());
    EXPECT_EQ(memory_promised(Strategy::blue_green, from, other_cpu, own), Bytes());
}

}  // namespace
}  // namespace rm::decide::test
