// SPDX-License-Identifier: Apache-2.0
#include "deploy/traefik.h"

#include <gmock/gmock.h>

#include "tests/lab/http_double.h"
#include "tests/unit/deploy/stage_set.h"

namespace rm::deploy::test {
namespace {

using lab::Answer;
using testing::ElementsAre;
using testing::EndsWith;
using testing::Pair;
using testing::StartsWith;

/// As Traefik 2.10 and 3 answer, shortened.
constexpr const char* of_web =
    R"({"loadBalancer":{"servers":[{"url":"http://172.18.0.2:80"},{"url":"http://172.18.0.3:80"}],
"passHostHeader":true},"status":"enabled","usedBy":["web@docker"],"serverStatus":{"http://172.18.0.2:80":"UP",
"http://172.18.0.3:80":"DOWN","http://[fd00::4]:80":"UP"},"name":"web@docker","provider":"docker",
"type":"loadbalancer"})";

TEST(Traefik, tells_the_servers_of_a_service) {
    EXPECT_THAT(read_traefik_servers(of_web).value(),
                ElementsAre(Pair("172.18.0.2", true), Pair("172.18.0.3", false), Pair("fd00::4", true)));
    EXPECT_TRUE(read_traefik_servers(R"({"name":"web@docker"})").value().empty());
    for (const char* odd : {"", "[]", "<html>", R"({"serverStatus":[]})"})
        EXPECT_FALSE(read_traefik_servers(odd)) << odd;
}

TEST(Traefik, holds_a_server_that_is_down_at_one_port_for_down) {
    const auto servers = read_traefik_servers(
        R"({"serverStatus":{"http://172.18.0.2:80":"UP","http://172.18.0.2:81":"DOWN"}})");
    EXPECT_THAT(servers.value(), ElementsAre(Pair("172.18.0.2", false)));
}

TEST(Traefik, must_know_a_container_and_hold_it_for_up) {
    const auto servers = read_traefik_servers(of_web).value();
    const auto words = [&](const std::vector<std::string>& addresses) {
        const auto up = is_up_in(servers, addresses, "web-2");
        return up ? std::string("up") : up.error().message;
    };
    EXPECT_EQ(words({"10.0.0.1", "172.18.0.2"}), "up");
    EXPECT_EQ(words({"172.18.0.3"}), "Traefik does not hold for up web-2 yet");
    EXPECT_EQ(words({"10.0.0.1"}), "Traefik does not know web-2 yet");
    EXPECT_EQ(words({}), "Traefik does not know web-2 yet");
}

TEST(Traefik, is_asked_for_one_service) {
    const auto peer = lab::HttpDouble::start().value();
    const config::Traefik traefik{.url = config::Url(peer->url()), .service = "web/x@docker"};
    const auto answer = [&] {
        const auto servers = ask_traefik(traefik, {});
        return servers ? fmt::format("ok: {}", servers->size())
                       : fmt::format("{}: {}", to_string(servers.error().code), servers.error().message);
    };
    peer->on("GET", "/api/http/services/web%2Fx@docker", Answer::text(200, of_web));
    EXPECT_EQ(answer(), "ok: 3");
    peer->on("GET", "/api/http/services/web%2Fx@docker", Answer::text(404, "{}"));
    EXPECT_EQ(answer(), "not_found: Traefik does not know the service 'web/x@docker'");
    peer->on("GET", "/api/http/services/web%2Fx@docker", Answer::text(503));
    EXPECT_THAT(answer(), StartsWith("unavailable: Traefik answers with status 503 at http://127.0.0.1"));
    peer->on("GET", "/api/http/services/web%2Fx@docker", Answer::text(401));
    EXPECT_THAT(answer(), StartsWith("permission: "));
    peer->on("GET", "/api/http/services/web%2Fx@docker", Answer::text(200, "<html>"));
    EXPECT_THAT(answer(), StartsWith("protocol: Traefik: "));
}

}  // namespace
}  // namespace rm::deploy::test
