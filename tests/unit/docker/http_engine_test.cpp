// SPDX-License-Identifier: Apache-2.0
// What HttpEngine makes of peers that do not behave. How it gets on with real ones is in the contract test.
#include "docker/http_engine.h"

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/docker/http_engine_fixture.h"

namespace rm::docker {
namespace {

using namespace test;
using namespace std::chrono_literals;
using lab::Answer;
using lab::HttpDouble;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

/// A new folder that goes with its test.
class Folder {
public:
    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "rm-docker-XXXXXX").string();
        if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
        path_ = name;
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    Folder(Folder&&) = delete;
    Folder& operator=(Folder&&) = delete;
    ~Folder() {
        std::error_code left;
        std::filesystem::remove_all(path_, left);
    }

    [[nodiscard]] std::filesystem::path file(std::string_view name, std::string_view text) const {
        std::ofstream(path_ / name) << text;
        return path_ / name;
    }

private:
    std::filesystem::path path_;
};

class HttpEngineLook : public HttpEngineTest {
protected:
    void list_answers(std::vector<Answer> answers) {
        peer_->on("GET", "/v1.41/containers/json", std::move(answers));
    }

    /// What listing ends with: `ok`, or the error.
    std::string list() { return outcome(engine_->list(none_)); }
};

TEST_F(HttpEngineLook, agrees_on_a_version_once_and_asks_in_it) {
    list_answers({Answer::text(200, list_20_10)});
    EXPECT_EQ(list(), "ok");
    EXPECT_EQ(list(), "ok");
    EXPECT_THAT(asked(),
                ElementsAre("/version", "/v1.41/containers/json?all=1", "/v1.41/containers/json?all=1"));
}

TEST_F(HttpEngineLook, agrees_again_after_the_engine_was_away) {
    list_answers({Answer::text(503, html(503)), Answer::text(200, "[]")});
    EXPECT_THAT(list(), HasSubstr("unavailable: "));
    peer_->on("GET", "/version", Answer::text(200, version_29));
    peer_->on("GET", "/v1.51/containers/json", Answer::text(200, "[]"));
    EXPECT_EQ(list(), "ok");
    EXPECT_EQ(asked().back(), "/v1.51/containers/json?all=1");
}

TEST_F(HttpEngineLook, agrees_again_at_once_with_an_engine_that_was_replaced) {
    EXPECT_EQ(outcome(engine_->version(none_)), "ok");
    list_answers({Answer::text(
        400, R"({"message":"client version 1.41 is too old. Minimum supported API version is 1.44"})")});
    peer_->on("GET", "/version", Answer::text(200, version_29));
    peer_->on("GET", "/v1.51/containers/json", Answer::text(200, "[]"));
    EXPECT_EQ(list(), "ok");
}

TEST_F(HttpEngineLook, an_engine_too_old_is_told_with_both_versions) {
    peer_->on("GET", "/version", Answer::text(200, with(version_20_10, "1.41", "1.39")));
    EXPECT_THAT(list(), HasSubstr("unsupported: "));
    EXPECT_THAT(list(), HasSubstr("it speaks API 1.12 to 1.39, this program speaks 1.40 to 1.51"));
    EXPECT_THAT(asked(), testing::Each("/version"));
}

TEST_F(HttpEngineLook, asks_for_a_single_sample_where_the_engine_knows_how) {
    const std::string path = "/containers/" + id_text('a') + "/stats";
    peer_->on("GET", "/v1.41" + path, Answer::text(200, stats_v1));
    peer_->on("GET", "/v1.40" + path, Answer::text(200, stats_v1));
    EXPECT_EQ(outcome(engine_->stats(id_of('a'), none_)), "ok");
    EXPECT_EQ(asked().back(), "/v1.41" + path + "?stream=false&one-shot=true");
    peer_->on("GET", "/version", Answer::text(200, with(version_20_10, "1.41", "1.40")));
    EXPECT_EQ(outcome(engine_->version(none_)), "ok");
    EXPECT_EQ(outcome(engine_->stats(id_of('a'), none_)), "ok");
    EXPECT_EQ(asked().back(), "/v1.40" + path + "?stream=false");
}

TEST_F(HttpEngineLook, a_refusal_by_a_proxy_names_what_it_takes) {
    list_answers({Answer::text(403, html(403))});
    EXPECT_EQ(list(),
              fmt::format("permission: {}: the socket proxy forbids GET /containers/json: set CONTAINERS=1",
                          engine_->where()));
    peer_->on("GET", "/_ping", Answer::text(403, html(403)));
    EXPECT_THAT(outcome(engine_->ping(none_)), HasSubstr("set PING=1"));
    peer_->on("GET", "/v1.41/info", Answer::text(403, html(403)));
    EXPECT_THAT(outcome(engine_->info(none_)), HasSubstr("set INFO=1"));
    peer_->on("GET", "/v1.41/events", Answer::text(403, html(403)));
    EXPECT_THAT(
        outcome(engine_->events({}, [](const Event&) { return true; }, none_)), HasSubstr("set EVENTS=1"));
    peer_->on("GET", "/version", Answer::text(403, html(403)));
    EXPECT_THAT(outcome(engine_->version(none_)), HasSubstr("set VERSION=1"));
}

TEST_F(HttpEngineLook, a_refusal_by_the_engine_is_told_in_its_own_words) {
    list_answers({Answer::text(403, R"({"message":"authorization denied by plugin audit"})")});
    EXPECT_THAT(list(), HasSubstr("permission: "));
    EXPECT_THAT(list(),
                HasSubstr("the engine forbids GET /containers/json: authorization denied by plugin audit"));
}

TEST_F(HttpEngineLook, trouble_of_the_engine_is_told_in_its_own_words_and_passes) {
    list_answers(
        {Answer::text(500, "{\"message\":\"database is locked\\n\\u001b[31m\"}"), Answer::text(200, "[]")});
    EXPECT_THAT(list(), HasSubstr("unavailable: "));
    EXPECT_EQ(list(), "ok");
    list_answers({Answer::text(500, "{\"message\":\"a\\u001b[31mb\"}")});
    EXPECT_THAT(list(), HasSubstr("the engine says: a [31mb"));
    list_answers({Answer::text(500, "{\"message\":\"" + std::string(9000, 'x') + "\"}")});
    EXPECT_LT(list().size(), 500U);
}

TEST_F(HttpEngineLook, a_page_of_a_proxy_is_not_repeated) {
    list_answers({Answer::text(502, html(502))});
    EXPECT_THAT(list(), HasSubstr("unavailable: "));
    EXPECT_THAT(list(), Not(HasSubstr("html")));
}

TEST_F(HttpEngineLook, a_container_that_is_not_there_is_not_found) {
    const std::string path = "/v1.41/containers/" + id_text('a');
    peer_->on("GET", path + "/json", Answer::text(404, R"({"message":"No such container: aaa"})"));
    EXPECT_THAT(outcome(engine_->inspect(id_of('a'), none_)), HasSubstr("not_found: "));
    EXPECT_THAT(outcome(engine_->inspect(id_of('a'), none_)), HasSubstr("No such container: aaa"));
    list_answers({Answer::text(404, "404 page not found")});
    EXPECT_THAT(list(), HasSubstr("protocol: "));
}

TEST_F(HttpEngineLook, another_container_than_asked_for_is_refused) {
    peer_->on("GET", "/v1.41/containers/" + id_text('b') + "/json", Answer::text(200, inspect_29));
    EXPECT_THAT(outcome(engine_->inspect(id_of('b'), none_)), HasSubstr("protocol: "));
}

TEST_F(HttpEngineLook, what_is_no_answer_of_an_engine_is_a_protocol_error) {
    for (const std::string& body : hostile_bodies) {
        list_answers({Answer::text(200, body)});
        EXPECT_THAT(list(), HasSubstr("protocol: ")) << body;
    }
    peer_->on("GET", "/_ping", Answer::text(200, "<html>welcome</html>"));
    EXPECT_THAT(outcome(engine_->ping(none_)), HasSubstr("protocol: "));
    peer_->on("GET", "/_ping", Answer::text(200, "OK"));
    EXPECT_EQ(outcome(engine_->ping(none_)), "ok");
}

TEST_F(HttpEngineLook, a_cut_or_slow_answer_is_an_error_of_its_own) {
    list_answers({Answer::raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[").cut()});
    EXPECT_THAT(list(), HasSubstr("unavailable: "));
    config::Docker docker;
    docker.host = config::Url("tcp://127.0.0.1:" + std::to_string(peer_->port()));
    docker.timeout = 200ms;
    list_answers({Answer::never()});
    EXPECT_THAT(outcome(HttpEngine::make(docker).value()->list(none_)), HasSubstr("timeout: "));
}

TEST_F(HttpEngineLook, events_are_asked_for_exactly) {
    peer_->on("GET", "/v1.41/events", Answer::text(200, event_line("start", 'a', bodies_second)));
    std::vector<std::string> actions;
    const EventsWanted wanted{.since = WallTime(std::chrono::nanoseconds(bodies_second + 5)),
                              .until = WallTime(std::chrono::nanoseconds(bodies_second + 6)),
                              .actions = {"start", "health_status"}};
    const auto told = engine_->events(
        wanted,
        [&](const Event& event) {
            actions.push_back(event.action);
            return true;
        },
        none_);
    EXPECT_TRUE(told) << told.error().message;
    EXPECT_THAT(actions, ElementsAre("start"));
    EXPECT_EQ(
        asked().back(),
        "/v1.41/events?filters=%7B%22type%22%3A%5B%22container%22%5D%2C%22event%22%3A%5B%22start%22%2C%22"
        "health_status%22%5D%7D&since=1767323045.000000005&until=1767323045.000000006");
}

TEST_F(HttpEngineLook, an_action_that_is_no_word_is_not_sent) {
    const auto told = engine_->events(
        {.since = {}, .until = {}, .actions = {"x\"],\"a\":[\""}}, [](const Event&) { return true; }, none_);
    EXPECT_EQ(told.error().code, ErrorCode::invalid);
    EXPECT_THAT(asked(), testing::IsEmpty());
}

TEST_F(HttpEngineLook, a_stream_that_is_cut_in_an_event_is_unavailable) {
    const std::string line = event_line("start", 'a', bodies_second);
    peer_->on("GET", "/v1.41/events", Answer::chunked().chunk(line).chunk(line.substr(0, 30)).last_chunk());
    int seen = 0;
    const auto told = engine_->events(
        {},
        [&](const Event&) {
            ++seen;
            return true;
        },
        none_);
    EXPECT_EQ(seen, 1);
    EXPECT_THAT(outcome(told), HasSubstr("unavailable: "));
    peer_->on("GET", "/v1.41/events", Answer::chunked().chunk(line).cut());
    EXPECT_THAT(
        outcome(engine_->events({}, [](const Event&) { return true; }, none_)), HasSubstr("unavailable: "));
}

TEST_F(HttpEngineLook, a_silent_stream_lasts_and_ends_at_once_when_told) {
    peer_->on("GET", "/v1.41/events",
              Answer::chunked().chunk(event_line("start", 'a', bodies_second)).hold());
    std::stop_source stop;
    std::jthread stopper;
    std::chrono::steady_clock::time_point told_at;
    const auto told = engine_->events(
        {},
        [&](const Event&) {
            stopper = std::jthread([&] {
                told_at = std::chrono::steady_clock::now();
                stop.request_stop();
            });
            return true;
        },
        stop.get_token());
    EXPECT_THAT(outcome(told), HasSubstr("cancelled: "));
    stopper.join();
    EXPECT_LT(std::chrono::steady_clock::now() - told_at, 2s);
}

TEST_F(HttpEngineLook, an_address_that_is_none_is_told_when_it_is_made) {
    config::Docker docker;
    docker.host = config::Url("ftp://x");
    EXPECT_FALSE(HttpEngine::make(docker));
}

TEST_F(HttpEngineLook, an_engine_may_want_certificates) {
    const lab::CertificateAuthority authority;
    const auto peer = HttpDouble::start({.tls = authority.sign("DNS:localhost,IP:127.0.0.1"),
                                         .client_authority = authority.certificate()})
                          .value();
    peer->on("GET", "/_ping", Answer::text(200, "OK"));
    const Folder folder;
    const lab::Identity own = authority.sign("DNS:client");
    config::Docker docker;
    docker.host = config::Url("tcp://127.0.0.1:" + std::to_string(peer->port()));
    docker.timeout = 5s;
    docker.tls = {.ca_file = folder.file("ca.pem", authority.certificate()),
                  .cert_file = folder.file("cert.pem", own.certificate),
                  .key_file = folder.file("key.pem", own.key)};
    EXPECT_EQ(outcome(HttpEngine::make(docker).value()->ping(none_)), "ok");
    docker.tls.cert_file.clear();
    docker.tls.key_file.clear();
    EXPECT_NE(outcome(HttpEngine::make(docker).value()->ping(none_)), "ok");
}

TEST_F(HttpEngineLook, nobody_there_is_unavailable) {
    config::Docker docker;
    docker.host = config::Url("unix:///nowhere/docker.sock");
    docker.timeout = 1s;
    EXPECT_THAT(outcome(HttpEngine::make(docker).value()->list(none_)), HasSubstr("unavailable: "));
}

}  // namespace
}  // namespace rm::docker
