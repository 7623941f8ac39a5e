// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/deploy_lab.h"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "net/http_client.h"
#include "tests/e2e/asking.h"
#include "tests/lab/containers.h"
#include "tests/lab/http.h"
#include "tests/lab/json.h"
#include "tests/lab/require.h"
#include "tests/lab/workload_image.h"

namespace rm::e2e {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using lab::must;
using lab::number_at;
using lab::text_at;
using testing::AnyOf;
using testing::IsEmpty;
using testing::MatchesRegex;

const std::string token = "word-of-the-token";

/// Nothing is decided by itself, and all waits are short.
std::string configuration(const std::string& host) {
    return fmt::format(
        "docker: {{host: '{}', timeout: 2s}}\n"
        "monitoring: {{source: docker, check_interval: 4s, window: 8s, trend_window: 8s, sample_interval: "
        "4s}}\n"
        "thresholds: {{min_uptime: 168h}}\n"
        "bounds: {{host_reserve: {{cpu: 0, memory: 0}}}}\n"
        "deployment:\n"
        "  drain: 500ms\n"
        "  router_delay: 0s\n"
        "  longest_request: 0s\n"
        "  observe: 1s\n"
        "  health_timeout: 30s\n"
        "  health_interval: 200ms\n"
        "  failure_backoff: 0s\n",
        host);
}

std::string shop_file() {
    const std::vector<std::string> usual{"restart: always", "stop_grace_period: 3s"};
    lab::ComposeService web{.name = "web",
                            .cpus = "0.5",
                            .memory = "64m",
                            .environment = {{"WORKLOAD_ON_TERM", "exit"}},
                            .more = usual};
    lab::ComposeService api = web;
    api.name = "api";
    web.more.emplace_back("container_name: storefront");
    web.more.emplace_back("networks: {default: {}, front: {}}");
    api.more.emplace_back("networks: {front: {aliases: [desk]}, back: {}}");
    return lab::compose_file({web, api}) + "networks: {front: {}, back: {}}\n";
}

Replica replica_of(const json::value& document) {
    Replica replica{.id = text_at(document, "/Id"),
                    .name = text_at(document, "/Name").substr(1),
                    .status = text_at(document, "/State/Status"),
                    .health = text_at(document, "/State/Health/Status"),
                    .restart = text_at(document, "/HostConfig/RestartPolicy/Name"),
                    .macs = {},
                    .limits = fmt::format("{} CPU, {} MiB", number_at(document, "/HostConfig/NanoCpus") / 1e9,
                                          number_at(document, "/HostConfig/Memory") / (1 << 20)),
                    .pid = static_cast<int>(number_at(document, "/State/Pid"))};
    for (const auto& [network, about] : lab::object_at(document, "/NetworkSettings/Networks"))
        replica.macs.push_back(text_at(about, "/MacAddress"));
    return replica;
}

struct Amounts {
    std::string limits;
    std::string body;
};

const Amounts small{.limits = "0.5 CPU, 64 MiB", .body = R"("cpu":"0.5","memory":"64M")"};
const Amounts large{.limits = "0.8 CPU, 96 MiB", .body = R"("cpu":"0.8","memory":"96M")"};

}  // namespace

bool is_thorough() {
    return std::getenv("RM_LAB_THOROUGH") != nullptr;
}

struct DeployLab::Shop {
    lab::Engine engine;
    lab::ComposeProject project;

    static lab::Engine with_image() {
        lab::Engine engine = must(lab::Engine::start());
        must(lab::load_workload(engine, lab::workload_image, {.interval = 400ms}));
        return engine;
    }
    Shop() : engine(with_image()), project(must(lab::ComposeProject::up(engine, "shop", shop_file()))) {
        must(lab::wait_for_state(engine, "storefront", "healthy"));
        must(lab::wait_for_state(engine, "shop_api_1", "healthy"));
    }
};

std::unique_ptr<DeployLab::Shop>& DeployLab::shop() {
    static std::unique_ptr<Shop> shop;
    return shop;
}

lab::Engine& DeployLab::engine() {
    return shop()->engine;
}

lab::ComposeProject& DeployLab::project() {
    return shop()->project;
}

void DeployLab::SetUp() {
    RM_LAB_REQUIRE(engine, compose, haproxy);
    if (!shop()) shop() = std::make_unique<Shop>();
    proxy_.emplace(
        must(lab::SocketProxy::start(engine(), {.on = {"CONTAINERS", "POST", "IMAGES", "INFO", "NETWORKS",
                                                       "ALLOW_START", "ALLOW_STOP", "ALLOW_RESTARTS"}})));
    gate_ = std::make_unique<EngineGate>(proxy_->url());
}

/// The next test begins with a whole shop, or a new one.
void DeployLab::TearDown() {
    daemon_.reset();
    if (HasFailure()) shop().reset();
}

void DeployLab::TearDownTestSuite() {
    shop().reset();
}

void DeployLab::start_daemon(const Settings& settings, const std::string& store,
                             const std::vector<std::string>& through) {
    daemon_.reset();
    const std::string secret = directory_.file("token", token);
    std::vector<std::string> arguments{"--config", directory_.file("c.yml", configuration(gate_->host())),
                                       "--set",    "http.token_file=" + secret,
                                       "--set",    "store.url=sqlite:" + store};
    for (const std::string& setting : settings) arguments.insert(arguments.end(), {"--set", setting});
    daemon_ = std::make_unique<DaemonProcess>(directory_.path(), arguments, net::Environment{}, through);
    daemon_->wait_for_line("ready");
}

void DeployLab::kill_daemon() {
    daemon_->signal(SIGKILL);
    EXPECT_EQ(daemon_->wait().signal, SIGKILL);
}

std::vector<Replica> DeployLab::replicas(const std::string& service) {
    const std::string filter = fmt::format(R"({{"label":["com.docker.compose.service={}"]}})", service);
    const auto ask = [&](const std::string& target) {
        return must(lab::parse_json(must(lab::call({.url = target, .socket = engine().socket()})).body));
    };
    const json::value list = ask("/containers/json?all=1&filters=" + net::encoded(filter));
    std::vector<Replica> all;
    for (const json::value& one : lab::array_at(list, "")) {
        const json::value document = ask("/containers/" + text_at(one, "/Id") + "/json");
        if (!text_at(document, "/Id").empty()) all.push_back(replica_of(document));
    }
    return all;
}

std::string DeployLab::api(const std::string& target) {
    net::HttpClient client;
    const auto reply = client.send({.url = must(net::Url::parse(daemon_->url(target)))}, {});
    return reply ? reply->body : "";
}

Result<net::Response> DeployLab::order(const std::string& service, const std::string& strategy,
                                       const std::string& limits) {
    net::HttpClient client;
    return client.send({.method = net::Method::post,
                        .url = must(net::Url::parse(daemon_->url("/api/services/" + service + "/deploy"))),
                        .headers = {{.name = "Content-Type", .value = "application/json"}},
                        .body = fmt::format(R"({{{},"strategy":"{}"}})", limits, strategy),
                        .token = Secret(token)},
                       {});
}

Begun DeployLab::begin(const std::string& service, const std::string& strategy) {
    const auto before = replicas(service);
    EXPECT_EQ(before.size(), 1U);
    const Amounts& to = before.at(0).limits == small.limits ? large : small;
    Begun begun{.service = service,
                .strategy = strategy,
                .from = before.at(0).limits,
                .to = to.limits,
                .line = daemon_->lines().size()};
    std::string answer = "nothing";
    EXPECT_TRUE(eventually([&] {
        const auto reply = order(service, strategy, to.body);
        if (reply) answer = reply->body;
        return reply && reply->status == 202;
    })) << answer;
    const auto told = lab::parse_json(answer);
    if (told) begun.id = static_cast<std::int64_t>(number_at(*told, "/id"));
    return begun;
}

std::string DeployLab::refusal(const std::string& service, const std::string& strategy) {
    const Amounts& to = replicas(service).at(0).limits == small.limits ? large : small;
    std::string answer;
    EXPECT_TRUE(eventually([&] {
        const auto reply = order(service, strategy, to.body);
        if (reply) answer = reply->body;
        return reply && reply->status == 409;
    })) << answer;
    return answer;
}

void DeployLab::wait_for_phase(const Begun& begun, const std::string& phase) {
    daemon_->wait_for_line("phase=" + phase, begun.line, 1min);
}

std::string DeployLab::end_of(const Begun& begun, Duration patience) {
    const auto until = std::chrono::steady_clock::now() + patience;
    for (;;) {
        const auto told = lab::parse_json(api(fmt::format("/api/deployments/{}", begun.id)));
        std::string status = told ? text_at(*told, "/deployment/status") : "";
        if (!status.empty() && status != "under_way") return status;
        if (std::chrono::steady_clock::now() >= until) return "under_way";
        std::this_thread::sleep_for(50ms);
    }
}

void DeployLab::expect_a_good_end(const Begun& begun) {
    const std::string status = end_of(begun);
    const std::string told = api(fmt::format("/api/deployments/{}", begun.id));
    ASSERT_THAT(status, AnyOf("succeeded", "rolled_back")) << told;
    const auto found = replicas(begun.service);
    ASSERT_EQ(found.size(), 1U) << told;
    const Replica& one = found.front();
    EXPECT_EQ(one.limits, status == "succeeded" ? begun.to : begun.from) << told;
    EXPECT_EQ(one.status, "running");
    EXPECT_EQ(one.health, "healthy") << told;
    EXPECT_EQ(one.restart, "always") << told;
    EXPECT_THAT(one.name, MatchesRegex(begun.service == "web" ? "storefront" : "shop_api_[12]"));
    EXPECT_EQ(lab::containers(engine())->size(), 2U) << told;
}

void DeployLab::expect_no_gap(const HealthWatch& watch) {
    EXPECT_THAT(watch.gaps(), IsEmpty());
    EXPECT_GT(watch.looks(), 0);
}

}  // namespace rm::e2e
