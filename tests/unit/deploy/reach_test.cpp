// SPDX-License-Identifier: Apache-2.0
#include "deploy/reach.h"

#include <vector>

#include <gmock/gmock.h>

#include "tests/unit/deploy/stage_set.h"

namespace rm::deploy::test {
namespace {

using docker::Surroundings;

const std::vector<net::Subnet> in_front{{.address = "127.0.0.1", .prefix = 8},
                                        {.address = "172.18.0.9", .prefix = 16}};

Surroundings in(std::vector<docker::ContainerAddress> addresses, std::string mode = "front") {
    return {.network_mode = std::move(mode), .addresses = std::move(addresses), .mounts = {}};
}

TEST(Reach, takes_the_address_in_a_network_that_we_are_in_too) {
    EXPECT_EQ(told(address_of(in({{"back", "172.19.0.2"}, {"front", "172.18.0.2"}}), in_front, "web-1")),
              "ok: 172.18.0.2");
}

TEST(Reach, says_where_we_have_to_be_for_it) {
    EXPECT_EQ(
        told(address_of(in({{"back", "172.19.0.2"}, {"back", "fd00::2"}, {"db", "172.20.0.2"}}), in_front,
                        "web-1")),
        "unavailable: web-1 can't be reached from here: it is in 'back' and 'db', where resource-manager has "
        "to be, too");
}

TEST(Reach, says_why_there_is_no_address) {
    EXPECT_EQ(told(address_of(in({}, "host"), in_front, "web-1")),
              "unavailable: web-1 has no address of its own: it uses the network of the host");
    EXPECT_EQ(told(address_of(in({}, "container:abc"), in_front, "web-1")),
              "unavailable: web-1 has no address of its own: it uses another container's network");
    EXPECT_EQ(told(address_of(in({}), in_front, "web-1")), "unavailable: web-1 has no address of its own");
}

class ReachEngine : public StageSet {};

TEST_F(ReachEngine, finds_a_container_that_runs_and_none_that_does_not) {
    const auto web = run_at("127.0.0.7");
    EXPECT_EQ(told(reach(engine, web, none)), "ok: 127.0.0.7");
    must(engine.kill(web.id));
    EXPECT_EQ(told(reach(engine, web, none)), "unavailable: web has no address of its own");
    must(engine.wipe(web.id));
    EXPECT_EQ(reach(engine, web, none).error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace rm::deploy::test
