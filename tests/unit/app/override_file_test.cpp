// SPDX-License-Identifier: Apache-2.0
#include "app/override_file.h"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "app/override_keeper.h"
#include "docker/simulated_engine.h"
#include "telemetry/metrics.h"
#include "tests/unit/serve/hand_made_check.h"

namespace rm::app {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

namespace fs = std::filesystem;

class OverrideFileTest : public testing::Test {
protected:
    OverrideFileTest() { fs::create_directories(folder); }
    ~OverrideFileTest() override { fs::remove_all(folder); }
    OverrideFileTest(const OverrideFileTest&) = delete;
    OverrideFileTest& operator=(const OverrideFileTest&) = delete;
    OverrideFileTest(OverrideFileTest&&) = delete;
    OverrideFileTest& operator=(OverrideFileTest&&) = delete;

    [[nodiscard]] config::Config config(const std::string& name, bool dry_run = false) const {
        std::vector<std::string> overrides{"monitoring.dry_run=" + std::string(dry_run ? "true" : "false")};
        if (!name.empty()) overrides.push_back("deployment.write_override=" + (folder / name).string());
        return config::load({.file = std::nullopt, .environment = {}, .overrides = std::move(overrides)})
            .value();
    }

    [[nodiscard]] std::string text_of(const std::string& name) const {
        std::stringstream all;
        all << std::ifstream(folder / name).rdbuf();
        return all.str();
    }

    [[nodiscard]] bool shows(const std::string& series, int count) const {
        return metrics.expose().find("\n" + series + " " + std::to_string(count) + "\n") != std::string::npos;
    }

    /// Of the part `override`; empty: there is none.
    [[nodiscard]] std::string health_detail() const {
        for (const serve::PartHealth& part : health.read().parts)
            if (part.name == "override") return part.state == serve::PartState::ok ? "ok" : part.detail;
        return {};
    }

    /// Of shop alone.
    static decide::Check shop() {
        decide::Check check = serve::hand_made_check();
        std::erase_if(check.services, [](const auto& one) { return one.service.name.project() != "shop"; });
        return check;
    }

    const fs::path folder = fs::temp_directory_path() / ("rm-override-" + std::to_string(getpid()));
    VirtualClock clock{serve::noon()};
    telemetry::Metrics metrics;
    serve::HealthBoard health{clock};
    OverrideFile file{metrics.registry(), health};
};

TEST_F(OverrideFileTest, it_has_the_limits_of_the_project_and_nothing_is_left_beside_it) {
    file.update(config("limits.yml"), shop());
    EXPECT_THAT(text_of("limits.yml"), HasSubstr("  \"db\":\n    cpus: 2\n    mem_limit: \"256M\"\n"));
    EXPECT_EQ(std::distance(fs::directory_iterator(folder), fs::directory_iterator()), 1);
    EXPECT_EQ(fs::status(folder / "limits.yml").permissions() & fs::perms::others_read,
              fs::perms::others_read);
    EXPECT_EQ(health_detail(), "ok");
}

TEST_F(OverrideFileTest, it_is_written_again_only_when_limits_changed_or_somebody_changed_it) {
    decide::Check check = shop();
    file.update(config("limits.yml"), check);
    const std::string first = text_of("limits.yml");
    check.at += 5min;
    file.update(config("limits.yml"), check);
    EXPECT_EQ(text_of("limits.yml"), first);
    EXPECT_TRUE(shows("resource_manager_override_writes_total", 1));
    check.services.front().service.replicas.front().limits.memory = Bytes::mebi(777);
    file.update(config("limits.yml"), check);
    EXPECT_THAT(text_of("limits.yml"), HasSubstr("777M"));
    std::ofstream(folder / "limits.yml") << "services: {}\n";
    file.update(config("limits.yml"), check);
    EXPECT_THAT(text_of("limits.yml"), HasSubstr("777M"));
    EXPECT_TRUE(shows("resource_manager_override_writes_total", 3));
}

TEST_F(OverrideFileTest, several_projects_get_a_file_each) {
    file.update(config("{project}.yml"), serve::hand_made_check());
    EXPECT_THAT(text_of("shop.yml"), HasSubstr("\"cache\""));
    EXPECT_THAT(text_of("blog.yml"), Not(HasSubstr("\"cache\"")));
    file.update(config("limits.yml"), serve::hand_made_check());
    EXPECT_THAT(health_detail(), HasSubstr("there are several projects: blog, shop; write {project}"));
    EXPECT_FALSE(fs::exists(folder / "limits.yml"));
}

TEST_F(OverrideFileTest, what_can_not_be_written_is_counted_and_shown_until_it_can) {
    const auto nowhere = config("missing/limits.yml");
    file.update(nowhere, shop());
    file.update(nowhere, shop());
    EXPECT_THAT(health_detail(), HasSubstr("missing/limits.yml': it can not be written: No such file"));
    EXPECT_TRUE(shows("resource_manager_override_write_failures_total", 2));
    fs::create_directories(folder / "missing");
    file.update(nowhere, shop());
    EXPECT_EQ(health_detail(), "ok");
    file.update(config(""), shop());
    EXPECT_EQ(health_detail(), "") << "it is wanted no more";
}

TEST_F(OverrideFileTest, what_was_there_stays_whole_when_the_new_one_can_not_take_its_place) {
    fs::create_directories(folder / "limits.yml" / "inside");
    file.update(config("limits.yml"), shop());
    EXPECT_THAT(health_detail(), HasSubstr("it can not be replaced"));
    EXPECT_TRUE(fs::exists(folder / "limits.yml" / "inside"));
    EXPECT_EQ(std::distance(fs::directory_iterator(folder), fs::directory_iterator()), 1);
}

TEST_F(OverrideFileTest, in_dry_run_nothing_is_written) {
    file.update(config("limits.yml", true), shop());
    EXPECT_FALSE(fs::exists(folder / "limits.yml"));
}

TEST_F(OverrideFileTest, limits_are_looked_up_as_they_are_now_and_not_without_one_of_the_services) {
    docker::SimulatedEngine engine(clock);
    for (const std::string service : {"web", "db"})
        ASSERT_TRUE(engine.run({.name = "shop-" + service + "-1",
                                .labels = {{"com.docker.compose.project", "shop"},
                                           {"com.docker.compose.service", service},
                                           {"com.docker.compose.container-number", "1"},
                                           {"com.docker.compose.oneoff", "False"}},
                                .limits = {.cpu = Cores::whole(1), .memory = Bytes::mebi(256)}}));
    const auto seen = limits_now(engine, config("limits.yml"), clock.now().wall, {});
    ASSERT_TRUE(seen) << seen.error().message;
    file.update(config("limits.yml"), *seen);
    EXPECT_THAT(text_of("limits.yml"), HasSubstr("  \"web\":\n    cpus: 1\n"));
    engine.set_faults([](docker::EngineCall call, const ContainerId*) -> std::optional<Error> {
        if (call != docker::EngineCall::inspect) return std::nullopt;
        return Error{.code = ErrorCode::timeout, .message = "no answer"};
    });
    EXPECT_EQ(limits_now(engine, config("limits.yml"), clock.now().wall, {}).error().message,
              "shop/db: no answer");
}

}  // namespace
}  // namespace rm::app
