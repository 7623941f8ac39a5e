// SPDX-License-Identifier: Apache-2.0
#include "docker/services.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/docker/bodies.h"

namespace rm::docker {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;

ContainerSummary container(char digit, std::string name, Labels labels,
                           ContainerState state = ContainerState::running, int age = 0) {
    return {.id = id_of(digit),
            .name = std::move(name),
            .image = "x",
            .state = state,
            .labels = std::move(labels),
            .created_at = WallTime(std::chrono::hours(1000 - age))};
}

Labels compose(const std::string& project, const std::string& service, const std::string& number = "1",
               Labels more = {}) {
    more.emplace("com.docker.compose.project", project);
    more.emplace("com.docker.compose.service", service);
    more.emplace("com.docker.compose.container-number", number);
    more.emplace("com.docker.compose.oneoff", "False");
    return more;
}

Inventory found(const std::vector<ContainerSummary>& containers) {
    return find_services(containers);
}

ServiceName name(std::string_view text) {
    return ServiceName::parse(text).value();
}

std::vector<std::string> names_of(const Inventory& inventory) {
    std::vector<std::string> names;
    names.reserve(inventory.services.size());
    for (const auto& [service, rest] : inventory.services) names.push_back(print(service));
    return names;
}

std::vector<std::string> replicas_of(const Inventory& inventory, std::string_view service) {
    const auto& replicas = inventory.services.at(name(service)).replicas;
    std::vector<std::string> names;
    names.reserve(replicas.size());
    for (const ServiceReplica& replica : replicas) names.push_back(replica.name);
    return names;
}

TEST(Services, are_found_by_the_labels_of_compose_version_1_and_2) {
    const Inventory inventory =
        found({container('a', "shop_web_1",
                         compose("shop", "web", "1", {{"com.docker.compose.version", "1.29.2"}})),
               container('b', "blog-web-1",
                         compose("blog", "web", "1", {{"com.docker.compose.version", "2.40.0"}})),
               container('c', "blog-db-1", compose("blog", "db"))});
    EXPECT_THAT(names_of(inventory), ElementsAre("blog/db", "blog/web", "shop/web"));
    EXPECT_THAT(inventory.left_out, IsEmpty());
}

TEST(Services, have_their_replicas_by_number_with_the_running_ones_marked) {
    const Inventory inventory =
        found({container('a', "shop-web-10", compose("shop", "web", "10")),
               container('b', "shop-web-2", compose("shop", "web", "2"), ContainerState::exited),
               container('c', "shop-web-1", compose("shop", "web", "1"), ContainerState::paused)});
    EXPECT_THAT(replicas_of(inventory, "shop/web"), ElementsAre("shop-web-1", "shop-web-2", "shop-web-10"));
    const auto& replicas = inventory.services.at(name("shop/web")).replicas;
    EXPECT_TRUE(replicas[0].running);
    EXPECT_FALSE(replicas[1].running);
    EXPECT_TRUE(replicas[2].running);
    EXPECT_EQ(replicas[2].number, 10);
}

TEST(Services, one_off_containers_belong_to_none) {
    Labels labels = compose("shop", "web");
    labels["com.docker.compose.oneoff"] = "True";
    EXPECT_THAT(names_of(found({container('a', "shop_web_run_1", labels)})), IsEmpty());
}

TEST(Services, other_containers_are_services_when_they_say_so) {
    const Inventory inventory = found(
        {container('a', "lone", {}), container('b', "cache", {{"resource-manager.enable", "true"}}),
         container('c', "off", {{"resource-manager.enable", "false"}}),
         container('d', "db-blue", {{"resource-manager.enable", "true"}, {"resource-manager.service", "db"}}),
         container('e', "db-green",
                   {{"resource-manager.enable", "true"}, {"resource-manager.service", "db"}})});
    EXPECT_THAT(names_of(inventory), ElementsAre("cache", "db"));
    EXPECT_THAT(replicas_of(inventory, "db"), ElementsAre("db-blue", "db-green"));
    EXPECT_THAT(inventory.left_out, IsEmpty());
}

TEST(Services, a_container_that_can_not_be_placed_is_left_out_with_the_reason) {
    ContainerSummary odd = container('a', "odd", {});
    odd.unreadable = "State is missing";
    const Inventory inventory = found(
        {odd, container('b', "yes", {{"resource-manager.enable", "yes"}}),
         container('c', "bad", {{"resource-manager.enable", "true"}, {"resource-manager.service", "a/b"}}),
         container('d', "path", compose("../x", "web")), container('e', "good", compose("shop", "web"))});
    EXPECT_THAT(names_of(inventory), ElementsAre("shop/web"));
    ASSERT_THAT(inventory.left_out, SizeIs(4));
    EXPECT_EQ(inventory.left_out[0].reason, "State is missing");
    EXPECT_THAT(inventory.left_out[1].reason, HasSubstr("'yes': write true or false"));
    EXPECT_THAT(inventory.left_out[2].reason, HasSubstr("without a project"));
    EXPECT_THAT(inventory.left_out[3].reason, HasSubstr("labels of Compose"));
    EXPECT_EQ(inventory.left_out[3].name, "path");
}

TEST(Services, labels_are_those_of_the_newest_running_replica) {
    const Inventory inventory = found(
        {container('a', "shop-web-1", compose("shop", "web", "1", {{"resource-manager.class", "normal"}}),
                   ContainerState::running, 9),
         container('b', "shop-web-2",
                   compose("shop", "web", "2", {{"resource-manager.class", "critical"}, {"x", "y"}}),
                   ContainerState::running, 5),
         container('c', "shop-web-3", compose("shop", "web", "3", {{"resource-manager.class", "optional"}}),
                   ContainerState::exited, 1)});
    EXPECT_THAT(inventory.services.at(name("shop/web")).labels,
                ElementsAre(Pair("resource-manager.class", "critical")));
}

TEST(Services, a_number_that_is_none_comes_first) {
    const Inventory inventory = found({container('a', "one", compose("shop", "web", "1")),
                                       container('b', "what", compose("shop", "web", "x"))});
    EXPECT_THAT(replicas_of(inventory, "shop/web"), ElementsAre("what", "one"));
}

class Resolve : public testing::Test {
protected:
    static std::string meant(std::string_view text) {
        static const Inventory inventory = found(
            {container('a', "a1", compose("monitoring", "grafana")),
             container('b', "b1", compose("shop", "grafana")), container('c', "c1", compose("shop", "web")),
             container('d', "lone", {{"resource-manager.enable", "true"}})});
        const auto service = resolve(inventory, name(text));
        return service ? print(*service)
                       : std::string(to_string(service.error().code)) + ": " + service.error().message;
    }
};

TEST_F(Resolve, a_short_name_is_enough_where_it_is_the_only_one) {
    EXPECT_EQ(meant("web"), "shop/web");
    EXPECT_EQ(meant("shop/grafana"), "shop/grafana");
    EXPECT_EQ(meant("lone"), "lone");
}

TEST_F(Resolve, a_short_name_of_several_projects_names_them_all) {
    EXPECT_EQ(meant("grafana"),
              "conflict: grafana means several services: monitoring/grafana, shop/grafana; write which one");
}

TEST_F(Resolve, a_name_that_is_not_there_suggests_one_that_is) {
    EXPECT_EQ(meant("shop/grafan"), "not_found: there is no service shop/grafan; did you mean shop/grafana?");
    EXPECT_EQ(meant("wep"), "not_found: there is no service wep; did you mean web?");
    EXPECT_EQ(meant("blog/web"), "not_found: there is no service blog/web; did you mean shop/web?");
    EXPECT_EQ(meant("something-else"), "not_found: there is no service something-else");
}

TEST_F(Resolve, one_without_a_project_can_be_given_another_name) {
    const Inventory inventory = found({container('a', "web", {{"resource-manager.enable", "true"}}),
                                       container('b', "x", compose("shop", "web"))});
    EXPECT_THAT(resolve(inventory, name("web")).error().message, HasSubstr("resource-manager.service"));
    EXPECT_EQ(print(resolve(inventory, name("shop/web")).value()), "shop/web");
}

}  // namespace
}  // namespace rm::docker
