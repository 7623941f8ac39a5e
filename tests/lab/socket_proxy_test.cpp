// SPDX-License-Identifier: Apache-2.0
// The proxy's rules, each tried on a real engine: 403 is the proxy, anything else the engine.
#include "tests/lab/socket_proxy.h"

#include <chrono>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/lab/http.h"
#include "tests/lab/require.h"

namespace rm::lab {
namespace {

using testing::HasSubstr;

struct Ask {
    std::string method;
    std::string path;
};

const std::vector<Ask> asks{
    {"GET", "/_ping"},
    {"HEAD", "/_ping"},
    {"GET", "/version"},
    {"GET", "/v1.41/version"},
    {"GET", "/events?since=1&until=2"},
    {"GET", "/containers/json"},
    {"GET", "/v1.41/containers/none/json"},
    {"GET", "/v1.41/containers/none/stats?stream=false"},
    {"GET", "/images/json"},
    {"GET", "/networks"},
    {"GET", "/info"},
    {"GET", "/volumes"},
    {"GET", "/exec/none/json"},
    {"POST", "/v1.41/containers/none/start"},
    {"POST", "/v1.41/containers/none/stop"},
    {"POST", "/containers/none/restart"},
    {"POST", "/containers/none/kill"},
    {"POST", "/containers/create"},
    {"POST", "/containers/none/update"},
    {"POST", "/containers/none/rename?name=x"},
    {"DELETE", "/containers/none"},
    {"PUT", "/containers/none/archive?path=/"},
    {"POST", "/exec/none/start"},
    {"POST", "/networks/create"},
};

class SocketProxyTest : public testing::Test {
protected:
    void SetUp() override {
        RM_LAB_REQUIRE(engine, haproxy);
        if (!shared()) shared() = std::make_unique<Engine>(must(Engine::start()));
    }
    static void TearDownTestSuite() { shared().reset(); }

    static Engine& engine() { return *shared(); }

    /// What passes of all that is asked, as "GET /info".
    static std::set<std::string> passing(const ProxyRules& rules) {
        const SocketProxy proxy = must(SocketProxy::start(engine(), rules));
        std::set<std::string> passed;
        for (const Ask& ask : asks) {
            const auto reply = must(call({.method = ask.method, .url = proxy.url() + ask.path}));
            if (reply.status != 403) passed.insert(ask.method + " " + ask.path.substr(0, ask.path.find('?')));
        }
        return passed;
    }

private:
    static std::unique_ptr<Engine>& shared() {
        static std::unique_ptr<Engine> engine;
        return engine;
    }
};

const std::set<std::string> by_default{"GET /_ping", "HEAD /_ping", "GET /version", "GET /v1.41/version",
                                       "GET /events"};

const std::set<std::string> reading_containers{"GET /containers/json", "GET /v1.41/containers/none/json",
                                               "GET /v1.41/containers/none/stats"};

std::set<std::string> together(std::set<std::string> some, const std::set<std::string>& more) {
    some.insert(more.begin(), more.end());
    return some;
}

TEST_F(SocketProxyTest, by_default_only_ping_version_and_events_pass) {
    EXPECT_EQ(passing({}), by_default);
}

TEST_F(SocketProxyTest, what_is_on_by_default_can_be_turned_off) {
    EXPECT_EQ(passing({.off = {"EVENTS", "PING", "VERSION"}}), std::set<std::string>());
}

TEST_F(SocketProxyTest, containers_without_post_can_only_be_read) {
    EXPECT_EQ(passing({.on = {"CONTAINERS"}}), together(by_default, reading_containers));
}

TEST_F(SocketProxyTest, containers_with_post_can_be_written_in_every_way) {
    const std::set<std::string> writing{
        "POST /v1.41/containers/none/start", "POST /v1.41/containers/none/stop",
        "POST /containers/none/restart",     "POST /containers/none/kill",
        "POST /containers/create",           "POST /containers/none/update",
        "POST /containers/none/rename",      "DELETE /containers/none",
        "PUT /containers/none/archive"};
    EXPECT_EQ(passing({.on = {"CONTAINERS", "POST"}}),
              together(together(by_default, reading_containers), writing));
}

TEST_F(SocketProxyTest, other_parts_have_variables_of_their_own) {
    EXPECT_EQ(passing({.on = {"IMAGES", "NETWORKS", "INFO", "VOLUMES", "EXEC"}}),
              together(by_default, {"GET /images/json", "GET /networks", "GET /info", "GET /volumes",
                                    "GET /exec/none/json"}));
}

TEST_F(SocketProxyTest, single_actions_need_post_too) {
    EXPECT_EQ(passing({.on = {"ALLOW_START", "ALLOW_STOP", "ALLOW_RESTARTS"}}), by_default);
    EXPECT_EQ(passing({.on = {"POST", "ALLOW_START"}}),
              together(by_default, {"POST /v1.41/containers/none/start"}));
    EXPECT_EQ(passing({.on = {"POST", "ALLOW_STOP"}}),
              together(by_default, {"POST /v1.41/containers/none/stop"}));
    EXPECT_EQ(passing({.on = {"POST", "ALLOW_RESTARTS"}}),
              together(by_default, {"POST /v1.41/containers/none/stop", "POST /containers/none/restart",
                                    "POST /containers/none/kill"}));
}

TEST_F(SocketProxyTest, a_refusal_is_html) {
    const SocketProxy proxy = must(SocketProxy::start(engine()));
    const auto reply = must(call({.url = proxy.url() + "/info"}));
    EXPECT_EQ(reply.status, 403);
    EXPECT_THAT(reply.content_type, HasSubstr("text/html"));
    EXPECT_THAT(reply.body, HasSubstr("<html>"));
}

TEST_F(SocketProxyTest, silent_streams_are_cut_but_not_events) {
    const SocketProxy proxy = must(SocketProxy::start(engine(), {.silence = std::chrono::milliseconds(300)}));
    const auto begun = std::chrono::steady_clock::now();
    // Without an end to it, the stream of events goes on until the client gives up.
    EXPECT_FALSE(call({.url = proxy.url() + "/events", .timeout = std::chrono::milliseconds(1500)}));
    EXPECT_GT(std::chrono::steady_clock::now() - begun, std::chrono::milliseconds(1400));
}

TEST_F(SocketProxyTest, a_variable_that_does_not_exist_is_named) {
    const auto wrong = SocketProxy::start(engine(), {.on = {"CONTAINER"}});
    ASSERT_FALSE(wrong);
    EXPECT_THAT(wrong.error().message, HasSubstr("no variable 'CONTAINER'"));
}

}  // namespace
}  // namespace rm::lab
