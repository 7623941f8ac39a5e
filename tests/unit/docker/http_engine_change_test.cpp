// SPDX-License-Identifier: Apache-2.0
// Exactly what HttpEngine sends to change something, and what it makes of the answers.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/docker/http_engine_fixture.h"
#include "tests/unit/docker/tar.h"

namespace rm::docker {
namespace {

using namespace test;
using namespace std::chrono_literals;
using lab::Answer;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class HttpEngineChange : public HttpEngineTest {
protected:
    /// The path of container `a`: `/v1.41/containers/aaa.../start`
    static std::string path(std::string_view what) {
        return "/v1.41/containers/" + id_text('a') + std::string(what);
    }

    /// The last request: `POST /target body`, with the type of the body.
    [[nodiscard]] std::string last() const {
        const auto request = peer_->requests().back();
        return fmt::format("{} {} {} {}", request.method, request.target, request.header("Content-Type"),
                           request.body);
    }

    void answers(const std::string& method, const std::string& where, int status,
                 const std::string& text = "") {
        peer_->on(method, where, Answer::text(status, text));
    }

    const ContainerId a_ = id_of('a');
};

TEST_F(HttpEngineChange, a_body_is_created_as_it_is) {
    const std::string body = R"({"Image":"shop/web:3", "Labels":{"a":"é"}})";
    answers("POST", "/v1.41/containers/create", 201, with_ids(R"({"Id":"A","Warnings":["no swap"]})"));
    EXPECT_EQ(engine_->create("shop_web_2", body, none_), a_);
    EXPECT_EQ(last(), "POST /v1.41/containers/create?name=shop_web_2 application/json " + body);
}

TEST_F(HttpEngineChange, what_was_created_without_an_id_is_a_protocol_error) {
    answers("POST", "/v1.41/containers/create", 201, R"({"Id":"short"})");
    EXPECT_THAT(outcome(engine_->create("web", "{}", none_)), fails_as("protocol"));
    EXPECT_THAT(outcome(engine_->create("web", "{}", none_)), HasSubstr("POST /containers/create: "));
}

TEST_F(HttpEngineChange, each_call_is_sent_exactly) {
    answers("POST", path("/start"), 204);
    EXPECT_EQ(outcome(engine_->start(a_, none_)), "ok");
    EXPECT_EQ(last(), "POST " + path("/start") + "  ");
    answers("POST", path("/kill"), 204);
    EXPECT_EQ(outcome(engine_->signal(a_, "SIGRTMIN+3", none_)), "ok");
    EXPECT_EQ(last(), "POST " + path("/kill?signal=SIGRTMIN%2B3") + "  ");
    answers("POST", path("/rename"), 204);
    EXPECT_EQ(outcome(engine_->rename(a_, "shop_web_1", none_)), "ok");
    EXPECT_EQ(last(), "POST " + path("/rename?name=shop_web_1") + "  ");
    answers("DELETE", path(""), 204);
    EXPECT_EQ(outcome(engine_->remove(a_, Removal::stopped, none_)), "ok");
    EXPECT_EQ(last(), "DELETE " + path("") + "  ");
    EXPECT_EQ(outcome(engine_->remove(a_, Removal::forced, none_)), "ok");
    EXPECT_EQ(last(), "DELETE " + path("?force=1") + "  ");
}

TEST_F(HttpEngineChange, an_update_has_what_is_given_and_nothing_else) {
    answers("POST", path("/update"), 200, R"({"Warnings":null})");
    const auto sent = [&](const Update& update) {
        EXPECT_EQ(outcome(engine_->update(a_, update, none_)), "ok");
        return last();
    };
    const std::string head = "POST " + path("/update") + " application/json ";
    EXPECT_EQ(sent({}), head + "{}");
    EXPECT_EQ(
        sent({.nano_cpus = Cores::from_nanos(1'500'000'000),
              .memory = Bytes::mebi(64),
              .memory_swap = Bytes::mebi(128),
              .memory_reservation = Bytes::mebi(32)}),
        head +
            R"({"NanoCpus":1500000000,"Memory":67108864,"MemorySwap":134217728,"MemoryReservation":33554432})");
    EXPECT_EQ(sent({.cpu_quota = CpuQuota{.quota = 50ms}}),
              head + R"({"CpuPeriod":100000,"CpuQuota":50000})");
    EXPECT_EQ(sent({.restart = RestartRule{.policy = RestartPolicy::on_failure, .maximum_retries = 3}}),
              head + R"({"RestartPolicy":{"Name":"on-failure","MaximumRetryCount":3}})");
}

TEST_F(HttpEngineChange, a_network_is_named_in_the_path_and_the_container_in_the_body) {
    answers("POST", "/v1.41/networks/my%20net%3F/connect", 200);
    EXPECT_EQ(outcome(engine_->connect("my net?", a_, R"({"Aliases":["web"]})", none_)), "ok");
    EXPECT_EQ(last(),
              "POST /v1.41/networks/my%20net%3F/connect application/json "
              R"({"Container":")" +
                  id_text('a') + R"(","EndpointConfig":{"Aliases":["web"]}})");
}

TEST_F(HttpEngineChange, archives_are_sent_and_asked_for_as_plain_tar) {
    const std::string tar = tar_of("app.conf", "x");
    answers("PUT", path("/archive"), 200);
    EXPECT_EQ(outcome(engine_->put_archive(a_, "/etc/a b&path=/", tar, none_)), "ok");
    EXPECT_EQ(last(), "PUT " + path("/archive?path=%2Fetc%2Fa%20b%26path%3D%2F&noOverwriteDirNonDir=1") +
                          " application/x-tar " + tar);
    answers("GET", path("/archive"), 200, tar);
    EXPECT_EQ(engine_->get_archive(a_, "/app.conf", none_), tar);
    EXPECT_EQ(last(), "GET " + path("/archive?path=%2Fapp.conf") + "  ");
    answers("GET", path("/archive"), 200, "\x1f\x8b zipped");
    EXPECT_THAT(outcome(engine_->get_archive(a_, "/app.conf", none_)), fails_as("protocol"));
}

TEST_F(HttpEngineChange, an_archive_is_read_up_to_its_cap) {
    peer_->on("GET", path("/archive"),
              Answer::chunked().forever("10000\r\n" + std::string(0x10000, 'x') + "\r\n"));
    EXPECT_THAT(outcome(engine_->get_archive(a_, "/data", none_)), fails_as("too_large"));
}

TEST_F(HttpEngineChange, images_keep_their_slashes) {
    answers("GET", "/v1.41/images/registry%3A5000/shop/web%3A3/json", 200, R"({"Id":"sha256:4c1c"})");
    EXPECT_EQ(engine_->image_id("registry:5000/shop/web:3", none_), "sha256:4c1c");
}

TEST_F(HttpEngineChange, what_is_no_name_is_not_sent) {
    EXPECT_THAT(outcome(engine_->create("../x", "{}", none_)), fails_as("invalid"));
    EXPECT_THAT(outcome(engine_->create("web", "[]", none_)), fails_as("invalid"));
    EXPECT_THAT(outcome(engine_->rename(a_, "web&x=y", none_)), fails_as("invalid"));
    EXPECT_THAT(outcome(engine_->signal(a_, "TERM&x", none_)), fails_as("invalid"));
    EXPECT_THAT(outcome(engine_->connect("../containers/x", a_, "{}", none_)), fails_as("invalid"));
    EXPECT_THAT(outcome(engine_->connect("net", a_, "7", none_)), fails_as("invalid"));
    EXPECT_THAT(outcome(engine_->image_id("../containers", none_)), fails_as("invalid"));
    EXPECT_THAT(outcome(engine_->get_archive(a_, "etc", none_)), fails_as("invalid"));
    EXPECT_THAT(outcome(engine_->put_archive(a_, "/", "garbage", none_)), fails_as("invalid"));
    EXPECT_THAT(outcome(engine_->update(a_, {.memory = Bytes(0)}, none_)), fails_as("invalid"));
    EXPECT_THAT(outcome(engine_->exec(a_, {.argv = {}}, none_)), fails_as("invalid"));
    EXPECT_THAT(asked(), IsEmpty());
}

TEST_F(HttpEngineChange, what_is_done_already_is_done) {
    answers("POST", path("/start"), 304);
    EXPECT_EQ(outcome(engine_->start(a_, none_)), "ok");
    answers("POST", path("/rename"), 400,
            says("Renaming a container with the same name as its current name"));
    EXPECT_EQ(outcome(engine_->rename(a_, "web", none_)), "ok");
    answers("DELETE", path(""), 404, says("No such container: aaa"));
    EXPECT_EQ(outcome(engine_->remove(a_, Removal::stopped, none_)), "ok");
    answers("DELETE", path(""), 409, says("removal of container aaa is already in progress"));
    EXPECT_EQ(outcome(engine_->remove(a_, Removal::forced, none_)), "ok");
}

TEST_F(HttpEngineChange, what_somebody_removes_is_as_good_as_gone) {
    answers(
        "POST", path("/update"), 409,
        says("Cannot update container aaa: container is marked for removal and cannot be \\\"update\\\""));
    EXPECT_THAT(outcome(engine_->update(a_, {.memory = Bytes::mebi(64)}, none_)), fails_as("not_found"));
    answers("POST", path("/update"), 409, says("Conflicting options: Nano CPUs and CPU Period"));
    EXPECT_THAT(outcome(engine_->update(a_, {.memory = Bytes::mebi(64)}, none_)), fails_as("conflict"));
}

TEST_F(HttpEngineChange, but_not_because_something_else_answers_so) {
    answers("DELETE", path(""), 404, html(404));
    EXPECT_THAT(outcome(engine_->remove(a_, Removal::stopped, none_)), fails_as("protocol"));
    answers("POST", path("/rename"), 400, says("Neither old nor new names may be empty"));
    EXPECT_THAT(outcome(engine_->rename(a_, "web", none_)), fails_as("invalid"));
    answers("POST", path("/kill"), 404, html(404));
    EXPECT_THAT(outcome(engine_->signal(a_, "TERM", none_)), fails_as("protocol"));
}

TEST_F(HttpEngineChange, connected_already_is_what_the_container_says) {
    const std::string taken = says("endpoint with name web already exists in network shop_default");
    answers("POST", "/v1.41/networks/shop_default/connect", 403, taken);
    answers("GET", path("/json"), 200, inspect_29);
    EXPECT_EQ(outcome(engine_->connect("shop_default", a_, "{}", none_)), "ok");
    EXPECT_EQ(asked().back(), path("/json"));
    answers("POST", "/v1.41/networks/back/connect", 403, taken);  // left behind by a crash
    EXPECT_THAT(outcome(engine_->connect("back", a_, "{}", none_)), fails_as("conflict"));
    EXPECT_THAT(outcome(engine_->connect("back", a_, "{}", none_)), HasSubstr("already exists in network"));
}

TEST_F(HttpEngineChange, a_refusal_by_the_kernel_is_a_conflict_and_no_absence) {
    answers(
        "POST", path("/update"), 500,
        says("Cannot update container aaa: runc did not terminate successfully: exit status 1: unable to set "
             "memory limit to 20971520 (current usage: 42397696, peak usage: 44232704)\\n: unknown"));
    const std::string refused = outcome(engine_->update(a_, {.memory = Bytes::mebi(20)}, none_));
    EXPECT_THAT(refused, fails_as("conflict"));
    EXPECT_THAT(refused, HasSubstr("current usage: 42397696"));
    answers("POST", path("/update"), 500, says("containerd is away"));
    EXPECT_THAT(outcome(engine_->update(a_, {.memory = Bytes::mebi(20)}, none_)), fails_as("unavailable"));
}

TEST_F(HttpEngineChange, a_start_that_can_not_be_is_a_conflict) {
    answers("POST", path("/start"), 404, says("network shop_default not found"));
    EXPECT_THAT(outcome(engine_->start(a_, none_)), fails_as("conflict"));
    answers("POST", path("/start"), 500, says("Bind for 0.0.0.0:80 failed: port is already allocated"));
    EXPECT_THAT(outcome(engine_->start(a_, none_)), fails_as("conflict"));
    answers("POST", path("/start"), 404, says("No such container: aaa"));
    EXPECT_THAT(outcome(engine_->start(a_, none_)), fails_as("not_found"));
}

TEST_F(HttpEngineChange, a_refusal_by_a_proxy_names_the_method_and_all_it_takes) {
    const std::string page = html(403);
    const auto forbidden = [&](const std::string& method, const std::string& where, const auto& call) {
        answers(method, where, 403, page);
        return outcome(call());
    };
    const std::string write = ": set CONTAINERS=1 and POST=1";
    const std::string of_a = "/containers/" + id_text('a');
    EXPECT_THAT(
        forbidden("POST", "/v1.41/containers/create", [&] { return engine_->create("web", "{}", none_); }),
        EndsWith("the socket proxy forbids POST /containers/create" + write));
    EXPECT_THAT(forbidden("POST", path("/start"), [&] { return engine_->start(a_, none_); }),
                EndsWith("forbids POST " + of_a + "/start: set POST=1 and CONTAINERS=1 or ALLOW_START=1"));
    EXPECT_THAT(forbidden("POST", path("/kill"), [&] { return engine_->signal(a_, "TERM", none_); }),
                EndsWith("forbids POST " + of_a + "/kill: set POST=1 and CONTAINERS=1 or ALLOW_RESTARTS=1"));
    EXPECT_THAT(forbidden("POST", path("/rename"), [&] { return engine_->rename(a_, "web", none_); }),
                EndsWith("forbids POST " + of_a + "/rename" + write));
    EXPECT_THAT(forbidden("DELETE", path(""), [&] { return engine_->remove(a_, Removal::stopped, none_); }),
                EndsWith("forbids DELETE " + of_a + write));
    EXPECT_THAT(forbidden("POST", path("/update"), [&] { return engine_->update(a_, {}, none_); }),
                EndsWith("forbids POST " + of_a + "/update" + write));
    EXPECT_THAT(forbidden("PUT", path("/archive"),
                          [&] { return engine_->put_archive(a_, "/", tar_of("a", "b"), none_); }),
                EndsWith("forbids PUT " + of_a + "/archive" + write));
    EXPECT_THAT(forbidden("POST", path("/exec"), [&] { return engine_->exec(a_, {.argv = {"a"}}, none_); }),
                EndsWith("forbids POST " + of_a + "/exec" + write));
    EXPECT_THAT(forbidden("POST", "/v1.41/networks/net/connect",
                          [&] { return engine_->connect("net", a_, "{}", none_); }),
                EndsWith("forbids POST /networks/net/connect: set NETWORKS=1 and POST=1"));
    EXPECT_THAT(forbidden("GET", "/v1.41/images/web/json", [&] { return engine_->image_id("web", none_); }),
                EndsWith("forbids GET /images/web/json: set IMAGES=1"));
}

TEST_F(HttpEngineChange, a_refusal_by_the_engine_is_told_in_its_own_words) {
    answers("PUT", path("/archive"), 403, says("container rootfs is marked read-only"));
    EXPECT_THAT(outcome(engine_->put_archive(a_, "/", tar_of("a", "b"), none_)),
                EndsWith("the engine forbids PUT /containers/" + id_text('a') +
                         "/archive: container rootfs is marked read-only"));
}

TEST_F(HttpEngineChange, what_may_have_been_done_is_sent_once) {
    answers("GET", "/_ping", 200, "OK");
    const auto cut = Answer::raw("").cut();
    for (const auto& where : {std::string("/v1.41/containers/create"), path("/kill"), path("/exec")})
        peer_->on("POST", where, cut);
    const auto sent = [&](const auto& call) {
        EXPECT_EQ(outcome(engine_->version(none_)), "ok");  // the connection is a kept one
        const std::size_t before = peer_->requests().size();
        EXPECT_THAT(outcome(call()), fails_as("unavailable"));
        return peer_->requests().size() - before;
    };
    EXPECT_EQ(sent([&] { return engine_->create("web", "{}", none_); }), 1U);
    EXPECT_EQ(sent([&] { return engine_->signal(a_, "TERM", none_); }), 1U);
    EXPECT_EQ(sent([&] { return engine_->exec(a_, {.argv = {"a"}}, none_); }), 1U);
}

TEST_F(HttpEngineChange, what_may_be_repeated_is_after_a_connection_that_broke) {
    peer_->on("POST", path("/update"), {Answer::raw("").cut(), Answer::text(200, "{}")});
    EXPECT_EQ(outcome(engine_->version(none_)), "ok");
    EXPECT_EQ(outcome(engine_->update(a_, {.memory = Bytes::mebi(64)}, none_)), "ok");
}

TEST_F(HttpEngineChange, an_engine_that_does_not_answer_is_a_timeout) {
    peer_->on("POST", path("/start"), Answer::never());
    EXPECT_THAT(outcome(engine_within(200ms)->start(a_, none_)), fails_as("timeout"));
    EXPECT_THAT(outcome(engine_within(200ms)->start(a_, none_)), HasSubstr("no answer within 200ms"));
}

TEST_F(HttpEngineChange, a_password_in_the_address_is_in_no_error) {
    config::Docker docker;
    docker.host = config::Url("tcp://user:hunter2@127.0.0.1:" + std::to_string(peer_->port()));
    docker.timeout = 5s;
    EXPECT_THAT(outcome(HttpEngine::make(docker).value()->start(a_, none_)), Not(HasSubstr("hunter2")));
}

}  // namespace
}  // namespace rm::docker
