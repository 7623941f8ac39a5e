// SPDX-License-Identifier: Apache-2.0
#include "app/detect.h"

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/lab/http_double.h"

namespace rm::app {
namespace {

using lab::Answer;
using lab::HttpDouble;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const std::string nobody = "127.0.0.1:1";

/// Machines differ in what answers in the usual places; here they are doubles.
class Detect : public testing::Test {
protected:
    Detect() {
        docker_->on("GET", "/_ping", Answer::text(200, "OK"));
        docker_->on("GET", "/version", Answer::text(200, R"({"ApiVersion":"1.41","MinAPIVersion":"1.12"})"));
        for (const auto* const prometheus : {&configured_, &usual_})
            (*prometheus)->on("GET", "/-/ready", Answer::text(200, "ready"));
        std::ofstream(token_file_) << "for-one-address-only\n";
    }
    ~Detect() override { std::filesystem::remove(token_file_); }

    [[nodiscard]] Detected find(std::vector<std::string> settings) const {
        const auto config =
            config::load({.file = std::nullopt, .environment = {}, .overrides = std::move(settings)});
        EXPECT_TRUE(config) << print(config.error().front());
        return detect(*config, {.docker = docker_host(), .prometheus = usual_->url()});
    }

    [[nodiscard]] std::string docker_host() const {
        return fmt::format("tcp://127.0.0.1:{}", docker_->port());
    }
    [[nodiscard]] std::string with_token() const { return "prometheus.bearer_token_file=" + token_file_; }

    const std::unique_ptr<HttpDouble> docker_ = HttpDouble::start().value();
    const std::unique_ptr<HttpDouble> configured_ = HttpDouble::start().value();
    const std::unique_ptr<HttpDouble> usual_ = HttpDouble::start().value();
    const std::string token_file_ =
        (std::filesystem::path(testing::TempDir()) / fmt::format("detect_test.{}", getpid())).string();
};

const std::string docker_away = "docker.host=tcp://" + nobody;
const std::string prometheus_away = "prometheus.url=http://" + nobody;

TEST_F(Detect, takes_what_answers_where_the_configuration_says) {
    const Detected found = find({"docker.host=" + docker_host(), "prometheus.url=" + configured_->url()});
    EXPECT_FALSE(found.simulation);
    EXPECT_THAT(found.overrides,
                ElementsAre("docker.host=" + docker_host(), "prometheus.url=" + configured_->url(),
                            "monitoring.source=prometheus"));
    EXPECT_THAT(usual_->requests(), IsEmpty());
}

TEST_F(Detect, takes_the_usual_places_where_nobody_answers) {
    const Detected found = find({docker_away, prometheus_away});
    EXPECT_THAT(found.overrides,
                ElementsAre("docker.host=" + docker_host(), "prometheus.url=" + usual_->url(),
                            "monitoring.source=prometheus"));
    EXPECT_THAT(found.lines, ElementsAre(HasSubstr("Prometheus at " + usual_->url())));
}

TEST_F(Detect, sends_the_token_where_it_was_configured) {
    const Detected found = find({docker_away, "prometheus.url=" + configured_->url(), with_token()});
    EXPECT_THAT(found.overrides, testing::Contains("prometheus.url=" + configured_->url()));
    ASSERT_THAT(configured_->requests(), SizeIs(1));
    EXPECT_EQ(configured_->requests()[0].header("Authorization"), "Bearer for-one-address-only");
}

TEST_F(Detect, sends_the_token_to_nobody_else) {
    const Detected found = find({docker_away, prometheus_away, with_token()});
    EXPECT_THAT(usual_->requests(), IsEmpty());
    EXPECT_THAT(found.overrides, ElementsAre("docker.host=" + docker_host(), "monitoring.source=docker"));
    EXPECT_THAT(found.lines.back(), HasSubstr("tried only http://" + nobody));
}

TEST_F(Detect, sends_the_token_to_nobody_else_when_its_owner_refuses) {
    configured_->on("GET", "/-/ready", Answer::text(503, "starting"));
    (void)find({docker_away, "prometheus.url=" + configured_->url(), with_token()});
    EXPECT_THAT(usual_->requests(), IsEmpty());
}

TEST_F(Detect, takes_docker_alone_where_there_is_no_prometheus) {
    usual_->on("GET", "/-/ready", Answer::text(404, "somebody else"));
    const Detected found = find({docker_away, prometheus_away});
    EXPECT_FALSE(found.simulation);
    EXPECT_THAT(found.overrides, ElementsAre("docker.host=" + docker_host(), "monitoring.source=docker"));
    EXPECT_THAT(found.lines.back(), HasSubstr(usual_->url()));
}

TEST_F(Detect, is_a_simulation_without_docker) {
    docker_->on("GET", "/_ping", Answer::text(403, "<html>"));
    const Detected found = find({docker_away, "prometheus.url=" + configured_->url()});
    EXPECT_TRUE(found.simulation);
    EXPECT_EQ(found.speed, 60);
    EXPECT_THAT(found.overrides, IsEmpty());
    EXPECT_THAT(found.lines, ElementsAre(HasSubstr("simulation"), HasSubstr(docker_host()),
                                         HasSubstr("60 times as fast")));
}

std::vector<std::string> added_to_look(const config::Sources& sources, bool simulation = false) {
    const auto config = config::load(sources);
    EXPECT_TRUE(config) << print(config.error().front());
    Detected found{.overrides = {}, .lines = {}, .simulation = simulation};
    only_look(found, *config);
    EXPECT_EQ(found.lines.size(), found.overrides.size());
    return found.overrides;
}

TEST(OnlyLook, changes_nothing_on_a_host_unless_this_very_run_was_told_to) {
    const std::string file =
        (std::filesystem::path(testing::TempDir()) / fmt::format("only_look_test.{}.yml", getpid())).string();
    std::ofstream(file) << "monitoring: {dry_run: false}\n";
    const auto dry = ElementsAre("monitoring.dry_run=true");
    EXPECT_THAT(added_to_look({.file = std::nullopt, .environment = {}, .overrides = {}}), dry);
    EXPECT_THAT(added_to_look({.file = file, .environment = {}, .overrides = {}}), dry);
    EXPECT_THAT(added_to_look({.file = file, .environment = {}, .overrides = {"monitoring.dry_run=false"}}),
                IsEmpty());
    EXPECT_THAT(
        added_to_look({.file = file, .environment = {{"RM_MONITORING__DRY_RUN", "false"}}, .overrides = {}}),
        IsEmpty());
    EXPECT_THAT(added_to_look({.file = file, .environment = {}, .overrides = {}}, true), IsEmpty());
    std::filesystem::remove(file);
}

}  // namespace
}  // namespace rm::app
