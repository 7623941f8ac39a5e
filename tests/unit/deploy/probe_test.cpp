// SPDX-License-Identifier: Apache-2.0
// Probes of containers whose places a real listener takes.
#include "deploy/probe.h"

#include <gmock/gmock.h>

#include "tests/lab/http_double.h"
#include "tests/lab/socket_double.h"
#include "tests/unit/deploy/picture.h"
#include "tests/unit/deploy/stage_set.h"

namespace rm::deploy::test {
namespace {

using config::ProbeAddress;
using lab::Answer;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

class Probe : public StageSet {
protected:
    Probe() {
        wanted.health_interval = 1s;
        health("/ready");
    }

    void health(const std::string& target, ProbeAddress::Scheme scheme = ProbeAddress::Scheme::http) {
        wanted.health = {.by = config::HealthBy::probe,
                         .probe = ProbeAddress{.scheme = scheme, .port = peer->port(), .target = target}};
    }

    std::string probed(const docker::Container& container) {
        return told(probe(engine, container, wanted, none));
    }

    std::unique_ptr<lab::HttpDouble> peer = lab::HttpDouble::start().value();
};

TEST_F(Probe, takes_any_status_from_200_to_399_for_good) {
    const auto web = run_at("127.0.0.1");
    for (const int status : {200, 204, 301, 399}) {
        peer->on("GET", "/ready", Answer::text(status));
        EXPECT_EQ(probed(web),
                  fmt::format("ok: http://127.0.0.1:{}/ready answers with status {}", peer->port(), status));
    }
    for (const int status : {400, 404, 500, 503}) {
        peer->on("GET", "/ready", Answer::text(status));
        EXPECT_EQ(probed(web), fmt::format("unavailable: http://127.0.0.1:{}/ready answers with status {}",
                                           peer->port(), status));
    }
}

TEST_F(Probe, follows_no_redirect_and_leaves_no_connection) {
    peer->on("GET", "/ready", Answer::text(302).header("Location", "/elsewhere"));
    const auto web = run_at("127.0.0.1");
    EXPECT_THAT(probed(web), EndsWith("status 302"));
    EXPECT_EQ(peer->requests().size(), 1U);
    EXPECT_TRUE(peer->wait_until_left());
}

TEST_F(Probe, does_not_wait_for_the_end_of_an_answer) {
    peer->on("GET", "/ready", Answer::chunked().forever("1\r\nx\r\n"));
    EXPECT_THAT(probed(run_at("127.0.0.1")), EndsWith("status 200"));
}

TEST_F(Probe, waits_no_longer_than_until_the_next_one) {
    EXPECT_EQ(probe_limit(wanted), 1s);
    wanted.health_interval = 100ms;
    EXPECT_EQ(probe_limit(wanted), 1s);
    wanted.health_interval = 5s;
    EXPECT_EQ(probe_limit(wanted), 5s);
    wanted.health_interval = 10min;
    EXPECT_EQ(probe_limit(wanted), 10s);
    peer->on("GET", "/ready", Answer::never());
    EXPECT_THAT(told(probe_at("127.0.0.1", *wanted.health.probe, 40ms, none)), StartsWith("timeout: "));
}

TEST_F(Probe, ends_with_a_stop) {
    peer->on("GET", "/ready", Answer::never());
    std::stop_source stop;
    stop.request_stop();
    EXPECT_THAT(told(probe_at("127.0.0.1", *wanted.health.probe, 60s, stop.get_token())),
                StartsWith("cancelled: "));
}

TEST_F(Probe, takes_whoever_listens_for_good_over_tcp) {
    const auto web = run_at("127.0.0.1");
    health({}, ProbeAddress::Scheme::tcp);
    EXPECT_EQ(probed(web), fmt::format("ok: tcp://127.0.0.1:{} takes connections", peer->port()));
    const auto port = peer->port();
    peer.reset();
    EXPECT_EQ(probed(web), fmt::format("unavailable: tcp://127.0.0.1:{}: Connection refused", port));
}

TEST_F(Probe, asks_nobody_who_only_has_the_container_s_number) {
    const auto web = run_at("203.0.113.7");
    EXPECT_EQ(probed(web),
              "unavailable: web can't be reached from here: it is in 'front', where "
              "resource-manager has to be, too");
}

TEST_F(Probe, takes_a_program_s_exit_code_for_its_word) {
    docker::SimulatedImage image;
    image.exec = [](const docker::SimulatedProgram&, const docker::Exec& what) {
        return docker::ExecOutcome{.exit_code = what.argv.at(1) == "good" ? 0 : 3, .output = "so it is\n"};
    };
    const auto web = run_at("127.0.0.1", "web", image);
    wanted.health = {.by = config::HealthBy::command};
    wanted.health_command = {"/check", "good"};
    EXPECT_EQ(probed(web), "ok: so it is");
    wanted.health_command = {"/check", "bad"};
    EXPECT_EQ(probed(web), "io: '/check' in web ended with exit code 3: 'so it is'");
    must(engine.kill(web.id));
    EXPECT_THAT(probed(web), StartsWith("conflict: "));
}

TEST_F(Probe, of_a_program_that_takes_too_long_is_a_timeout) {
    docker::SimulatedImage image;
    image.exec_takes = 2s;
    wanted.health = {.by = config::HealthBy::command};
    wanted.health_command = {"/check"};
    EXPECT_THAT(probed(run_at("127.0.0.1", "web", image)), StartsWith("timeout: "));
}

}  // namespace
}  // namespace rm::deploy::test
