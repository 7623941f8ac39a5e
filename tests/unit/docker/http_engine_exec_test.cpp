// SPDX-License-Identifier: Apache-2.0
// The three calls of running a program inside, and the log, with a peer that cuts and delays them.
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/docker/http_engine_fixture.h"

namespace rm::docker {
namespace {

using namespace test;
using namespace std::chrono_literals;
using lab::Answer;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;

class HttpEngineExec : public HttpEngineTest {
protected:
    HttpEngineExec() {
        peer_->on("POST", created, Answer::text(201, with_ids(R"({"Id":"B"})")));
        peer_->on("POST", started, stream(frame(1, "draining\n") + frame(2, "done\n")));
        peer_->on("GET", ended, Answer::text(200, R"({"Running":false,"ExitCode":3})"));
    }

    /// As engines do it: no length, and the connection's end is the body's.
    static Answer stream(const std::string& body) {
        return Answer::raw("HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\n" +
                           body)
            .cut();
    }

    Result<ExecOutcome> exec(Duration limit = 5s) {
        return engine_->exec(a_, {.argv = {"/drain", "--a b"}, .limit = limit}, none_);
    }

    const std::string created = "/v1.41/containers/" + id_text('a') + "/exec";
    const std::string started = "/v1.41/exec/" + id_text('b') + "/start";
    const std::string ended = "/v1.41/exec/" + id_text('b') + "/json";
    const std::string logs = "/v1.41/containers/" + id_text('a') + "/logs";
    const ContainerId a_ = id_of('a');
};

TEST_F(HttpEngineExec, takes_three_calls) {
    const auto outcome_of = exec();
    ASSERT_EQ(outcome(outcome_of), "ok");
    EXPECT_EQ(outcome_of->exit_code, 3);
    EXPECT_EQ(outcome_of->output, "draining\ndone\n");
    const auto requests = peer_->requests();
    EXPECT_THAT(asked(), ElementsAre("/version", created, started, ended));
    EXPECT_EQ(requests[1].body, R"({"AttachStdout":true,"AttachStderr":true,"Cmd":["/drain","--a b"]})");
    EXPECT_EQ(requests[1].header("Content-Type"), "application/json");
    EXPECT_EQ(requests[2].body, R"({"Detach":false,"Tty":false})");
}

TEST_F(HttpEngineExec, is_asked_until_its_end_is_known) {
    peer_->on("GET", ended,
              {Answer::text(200, R"({"Running":true,"ExitCode":null})"),
               Answer::text(200, R"({"Running":false,"ExitCode":null})"),
               Answer::text(200, R"({"Running":false,"ExitCode":0})")});
    EXPECT_EQ(exec()->exit_code, 0);
}

TEST_F(HttpEngineExec, is_not_waited_for_longer_than_its_limit) {
    peer_->on("POST", started, Answer::raw("HTTP/1.1 200 OK\r\n\r\n" + frame(1, "draining\n")).hold());
    EXPECT_EQ(outcome(exec(300ms)), "timeout: '/drain' had not ended after 300ms");
    peer_->on("POST", started, Answer::never());
    EXPECT_EQ(outcome(exec(300ms)), "timeout: '/drain' had not ended after 300ms");
    peer_->on("POST", started, stream(""));
    peer_->on("GET", ended, Answer::text(200, R"({"Running":true})"));
    EXPECT_EQ(outcome(exec(300ms)), "timeout: '/drain' had not ended after 300ms");
}

TEST_F(HttpEngineExec, ends_at_once_when_told) {
    peer_->on("POST", started, Answer::raw("HTTP/1.1 200 OK\r\n\r\n" + frame(1, "draining\n")).hold());
    std::stop_source stop;
    std::jthread stopper([&] {
        EXPECT_TRUE(peer_->wait_for_requests(3));
        stop.request_stop();
    });
    const Exec what{.argv = {"/drain"}, .limit = 1h};
    EXPECT_THAT(outcome(engine_->exec(a_, what, stop.get_token())), fails_as("cancelled"));
}

TEST_F(HttpEngineExec, a_container_that_stops_meanwhile_is_a_conflict) {
    peer_->on("GET", ended, Answer::text(404, says("No such exec instance: bbb")));
    EXPECT_THAT(outcome(exec()), fails_as("conflict"));
    peer_->on("POST", started, Answer::text(404, says("No such exec instance: bbb")));
    EXPECT_THAT(outcome(exec()), fails_as("conflict"));
    peer_->on("POST", created, Answer::text(409, says("Container aaa is not running")));
    EXPECT_THAT(outcome(exec()), fails_as("conflict"));
}

TEST_F(HttpEngineExec, a_refusal_by_a_proxy_names_what_running_takes) {
    peer_->on("POST", started, Answer::text(403, html(403)));
    EXPECT_THAT(outcome(exec()), EndsWith("/start: set EXEC=1 and POST=1"));
    peer_->on("POST", started, stream(""));
    peer_->on("GET", ended, Answer::text(403, html(403)));
    EXPECT_THAT(outcome(exec()), EndsWith("/json: set EXEC=1"));
}

TEST_F(HttpEngineExec, an_id_that_is_none_leads_nowhere) {
    peer_->on("POST", created, Answer::text(201, R"({"Id":"../containers/x"})"));
    EXPECT_THAT(outcome(exec()), fails_as("protocol"));
    EXPECT_THAT(asked(), ElementsAre("/version", created));
}

TEST_F(HttpEngineExec, endless_output_is_not_kept) {
    std::string much;
    for (int i = 0; i < 5000; ++i) much += frame(1, std::string(200, 'x') + '\n');
    peer_->on("POST", started, stream(much + frame(1, "the end\n")));
    const auto outcome_of = exec();
    ASSERT_EQ(outcome(outcome_of), "ok");
    EXPECT_LT(outcome_of->output.size(), 10'000U);
    EXPECT_THAT(outcome_of->output, EndsWith("\nthe end\n"));
}

TEST_F(HttpEngineExec, the_log_is_asked_for_both_streams_and_so_many_lines) {
    peer_->on("GET", logs, Answer::chunked().chunk(frame(2, "panic\n")).last_chunk());
    EXPECT_EQ(engine_->log_tail(a_, 20, none_), "panic\n");
    EXPECT_EQ(asked().back(), logs + "?stdout=1&stderr=1&tail=20");
    EXPECT_EQ(outcome(engine_->log_tail(a_, -1, none_)), "ok");
    EXPECT_THAT(asked().back(), EndsWith("&tail=0"));
    peer_->on("GET", logs, Answer::chunked().chunk("panic\r\n").last_chunk());
    EXPECT_EQ(engine_->log_tail(a_, 20, none_), "panic\n");
}

TEST_F(HttpEngineExec, a_log_that_never_ends_is_a_timeout) {
    peer_->on("GET", logs, Answer::chunked().chunk(frame(1, "a\n")).hold());
    EXPECT_THAT(outcome(engine_within(200ms)->log_tail(a_, 20, none_)), fails_as("timeout"));
}

TEST_F(HttpEngineExec, a_log_driver_that_can_not_be_read_is_told) {
    peer_->on("GET", logs, Answer::text(501, says("configured logging driver does not support reading")));
    EXPECT_THAT(outcome(engine_->log_tail(a_, 20, none_)), fails_as("unsupported"));
    EXPECT_THAT(outcome(engine_->log_tail(a_, 20, none_)), HasSubstr("does not support reading"));
}

TEST_F(HttpEngineExec, the_document_is_the_engines_own_text) {
    const std::string path = "/v1.41/containers/" + id_text('a') + "/json";
    peer_->on("GET", path, Answer::text(200, inspect_29));
    EXPECT_EQ(engine_->document(a_, none_), inspect_29);
    peer_->on("GET", path, Answer::text(200, with(inspect_29, id_text('a'), id_text('c'))));
    EXPECT_THAT(outcome(engine_->document(a_, none_)), fails_as("protocol"));
    peer_->on("GET", path, Answer::text(200, "<html></html>"));
    EXPECT_THAT(outcome(engine_->document(a_, none_)), fails_as("protocol"));
}

}  // namespace
}  // namespace rm::docker
