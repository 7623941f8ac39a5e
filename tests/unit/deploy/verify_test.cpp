// SPDX-License-Identifier: Apache-2.0
#include "deploy/verify.h"

#include <gmock/gmock.h>

#include "tests/lab/http_double.h"
#include "tests/lab/socket_double.h"
#include "tests/unit/deploy/haproxy_script.h"
#include "tests/unit/deploy/picture.h"
#include "tests/unit/deploy/stage_set.h"

namespace rm::deploy::test {
namespace {

using lab::Answer;
using testing::HasSubstr;
using testing::StartsWith;

class Verify : public StageSet {
protected:
    std::string verified() { return told(verify_outside(engine, blue, *green, wanted, none)); }

    /// Traefik knows these as servers of `web@docker`, up or down.
    void traefik_has(const std::string& status) {
        wanted.traefik = {.url = config::Url(peer->url()), .service = "web@docker"};
        peer->on("GET", "/api/http/services/web@docker",
                 Answer::text(200, fmt::format(R"({{"serverStatus":{{{}}}}})", status)));
    }

    std::unique_ptr<lab::HttpDouble> peer = lab::HttpDouble::start().value();
    std::optional<docker::Container> blue = run_at("127.0.0.2", "web-1");
    std::optional<docker::Container> green = run_at("127.0.0.1", "web-2");
};

TEST_F(Verify, asks_green_itself) {
    wanted.verify = config::ProbeAddress{.port = peer->port(), .target = "/ready"};
    peer->on("GET", "/ready", Answer::text(503));
    EXPECT_THAT(verified(), StartsWith("unavailable: http://127.0.0.1"));
    peer->on("GET", "/ready", Answer::text(200));
    EXPECT_EQ(verified(), fmt::format("ok: http://127.0.0.1:{}/ready answers with status 200", peer->port()));
}

TEST_F(Verify, asks_traefik_for_both_containers) {
    traefik_has(R"("http://127.0.0.2:80":"UP")");
    EXPECT_EQ(verified(), "unavailable: Traefik does not know web-2 yet");
    traefik_has(R"("http://127.0.0.1:80":"UP")");
    EXPECT_EQ(verified(), "unavailable: Traefik does not know web-1 yet");
    traefik_has(R"("http://127.0.0.2:80":"UP","http://127.0.0.1:80":"UP")");
    EXPECT_EQ(verified(), "ok: Traefik has it in web@docker");
}

TEST_F(Verify, does_not_ask_for_a_blue_that_does_not_serve) {
    traefik_has(R"("http://127.0.0.1:80":"UP")");
    blue->health = docker::HealthState::unhealthy;
    EXPECT_EQ(verified(), "ok: Traefik has it in web@docker");
    blue->health = docker::HealthState::none;
    blue->state = docker::ContainerState::exited;
    EXPECT_EQ(verified(), "ok: Traefik has it in web@docker");
    blue.reset();
    EXPECT_EQ(verified(), "ok: Traefik has it in web@docker");
}

TEST_F(Verify, wants_green_in_haproxy_before_blue_is_taken_from_it) {
    HaproxyScript script;
    const auto socket =
        lab::SocketDouble::start({}, [&](const std::string& line) { return script.answer(line); }).value();
    script.set("web1", {.address = "127.0.0.2"});
    script.set("web2", {.address = "-", .state = 0, .admin = 0x20});
    wanted.drain_by = config::DrainBy::haproxy;
    wanted.haproxy = {.socket = config::Url(fmt::format("tcp://127.0.0.1:{}", socket->port())),
                      .backend = "web"};
    EXPECT_EQ(verified(), "not_found: HAProxy's backend 'web' has no server at 127.0.0.1");
    script.set("web2", {.address = "127.0.0.1", .state = 0});
    EXPECT_EQ(verified(), "unavailable: HAProxy does not send requests to web/web2 yet");
    script.set("web2", {.address = "127.0.0.1"});
    EXPECT_EQ(verified(), "ok: web/web2 in HAProxy");
}

TEST_F(Verify, wants_all_of_what_is_configured) {
    wanted.verify = config::ProbeAddress{.port = peer->port()};
    peer->on("GET", "/", Answer::text(200));
    traefik_has(R"("http://127.0.0.2:80":"UP")");
    EXPECT_THAT(verified(), HasSubstr("Traefik does not know web-2"));
    traefik_has(R"("http://127.0.0.2:80":"UP","http://127.0.0.1:80":"UP")");
    EXPECT_THAT(verified(), HasSubstr("status 200; Traefik has it"));
}

}  // namespace
}  // namespace rm::deploy::test
