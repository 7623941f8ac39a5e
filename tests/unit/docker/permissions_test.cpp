// SPDX-License-Identifier: Apache-2.0
#include "docker/permissions.h"

#include <algorithm>

#include <gmock/gmock.h>

#include "docker/simulated_engine.h"
#include "tests/unit/docker/http_engine_fixture.h"

namespace rm::docker {
namespace {

using namespace test;
using lab::Answer;
using testing::Contains;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

const std::string zeros(64, '0');

class PermissionsTest : public HttpEngineTest {
protected:
    PermissionsTest() { peer_->on("GET", "/_ping", Answer::text(200, "OK")); }

    void forbid(const std::string& method, const std::string& path) {
        peer_->on(method, "/v1.41" + path, Answer::text(403, html(403)));
    }
    std::string container(const std::string& what) { return "/containers/" + zeros + what; }

    std::vector<std::string> lacks() {
        const auto found = find_permissions(*engine_, none_);
        if (!found) return {to_string(found.error().code).data() + (": " + found.error().message)};
        std::vector<std::string> lines;
        for (const Lack& lack : found->lacks) lines.push_back(print(lack));
        return lines;
    }
    Permissions found() { return find_permissions(*engine_, none_).value(); }
};

TEST_F(PermissionsTest, are_all_there_where_the_engine_itself_answers) {
    peer_->on("POST", "/v1.41/containers/create", Answer::text(404, says("No such image: sha256:0")));
    EXPECT_THAT(lacks(), IsEmpty());
    EXPECT_TRUE(found().may_deploy());
}

TEST_F(PermissionsTest, are_asked_for_about_nothing_that_exists) {
    (void)found();
    int writing = 0;
    for (const auto& request : peer_->requests()) {
        if (request.method == "GET") continue;
        ++writing;
        const bool of_nothing =
            request.target.find(zeros) != std::string::npos || request.body.find(zeros) != std::string::npos;
        EXPECT_TRUE(of_nothing) << request.method << ' ' << request.target << ' ' << request.body;
    }
    EXPECT_EQ(writing, 10);
    std::vector<std::string> targets;
    for (const auto& request : peer_->requests()) targets.push_back(request.method + ' ' + request.target);
    std::ranges::sort(targets);
    EXPECT_EQ(std::ranges::adjacent_find(targets), targets.end()) << "each is asked for once";
}

TEST_F(PermissionsTest, that_are_missing_are_told_with_the_feature_and_the_variable) {
    forbid("POST", container("/start"));
    EXPECT_THAT(lacks(),
                ElementsAre(AllOf(StartsWith("replacing containers (blue_green, recreate) is not possible: "),
                                  EndsWith("the socket proxy forbids POST " + container("/start") +
                                           ": set POST=1 and CONTAINERS=1 or ALLOW_START=1"))));
    EXPECT_FALSE(found().allows(Feature::replacing));
    EXPECT_TRUE(found().may_deploy());  // in place
}

TEST_F(PermissionsTest, leave_only_observing_without_any_to_write) {
    for (const char* what : {"/start", "/kill", "/rename", "/update", "/exec"})
        forbid("POST", container(what));
    forbid("POST", "/containers/create");
    forbid("DELETE", container(""));
    forbid("PUT", container("/archive"));
    forbid("POST", "/networks/resource-manager-asks-for-permission/connect");
    forbid("POST", "/exec/" + zeros + "/start");
    const Permissions permissions = found();
    EXPECT_FALSE(permissions.may_deploy());
    for (const Feature feature : {Feature::in_place, Feature::replacing, Feature::old_networks,
                                  Feature::drain_file, Feature::programs_inside})
        EXPECT_FALSE(permissions.allows(feature)) << to_string(feature);
    for (const Feature feature :
         {Feature::watching, Feature::events, Feature::host, Feature::statistics, Feature::last_words})
        EXPECT_TRUE(permissions.allows(feature)) << to_string(feature);
}

TEST_F(PermissionsTest, to_run_programs_are_two) {
    forbid("POST", "/exec/" + zeros + "/start");
    EXPECT_THAT(lacks(), ElementsAre(EndsWith("/start: set EXEC=1 and POST=1")));
    EXPECT_FALSE(found().allows(Feature::programs_inside));
}

TEST_F(PermissionsTest, to_connect_networks_matter_to_old_engines_alone) {
    forbid("POST", "/networks/resource-manager-asks-for-permission/connect");
    EXPECT_THAT(lacks(), ElementsAre(EndsWith("set NETWORKS=1 and POST=1")));
    peer_->on("GET", "/version", Answer::text(200, version_29));
    engine_ = engine_within(std::chrono::seconds(5));
    EXPECT_THAT(lacks(), IsEmpty());
}

TEST_F(PermissionsTest, that_a_plugin_of_the_engine_denies_are_missing_too) {
    peer_->on("GET", "/v1.41/info", Answer::text(403, says("authorization denied by plugin x")));
    EXPECT_THAT(lacks(), ElementsAre(AllOf(StartsWith("knowing what the host has is not possible: "),
                                           HasSubstr("authorization denied by plugin x"))));
}

TEST_F(PermissionsTest, are_not_known_while_the_engine_is_away) {
    peer_->on("GET", "/_ping", Answer::text(503));
    peer_->on("POST", "/v1.41" + container("/update"), Answer::text(503));
    EXPECT_THAT(lacks(), ElementsAre(StartsWith("unavailable: ")));
    peer_->on("GET", "/version", Answer::raw("").cut());
    engine_ = engine_within(std::chrono::seconds(5));
    EXPECT_THAT(lacks(), ElementsAre(StartsWith("unavailable: ")));
}

TEST_F(PermissionsTest, are_there_where_an_engine_came_to_grief_over_the_question) {
    peer_->on("POST", "/v1.41" + container("/update"), Answer::text(500, says("something odd")));
    EXPECT_THAT(lacks(), IsEmpty());
}

TEST(SimulatedPermissions, are_all_there_and_nothing_is_changed) {
    VirtualClock clock;
    SimulatedEngine engine(clock);
    const auto found = find_permissions(engine, {});
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_THAT(found->lacks, IsEmpty());
    EXPECT_THAT(engine.list({}).value(), IsEmpty());
    engine.set_faults([](EngineCall call, const ContainerId*) -> std::optional<Error> {
        if (!is_writing(call)) return std::nullopt;
        return Error{.code = ErrorCode::permission, .message = "no"};
    });
    EXPECT_FALSE(find_permissions(engine, {})->may_deploy());
}

}  // namespace
}  // namespace rm::docker
