// SPDX-License-Identifier: Apache-2.0
#include "app/reload.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

namespace rm::app {
namespace {

class ReloadTest : public testing::Test {
protected:
    void SetUp() override { write("docker: {host: 'tcp://a:1'}\n"); }
    void TearDown() override { std::filesystem::remove(file_); }

    void write(const std::string& text) const { std::ofstream(file_) << text; }

    [[nodiscard]] serve::PartHealth health() const {
        for (const serve::PartHealth& part : board_.read().parts)
            if (part.name == "config") return part;
        return {};
    }

    const std::filesystem::path file_ =
        std::filesystem::path(testing::TempDir()) / ("reload_test." + std::to_string(::getpid()));
    SystemClock clock_;
    serve::HealthBoard board_{clock_};
    telemetry::Metrics metrics_;
    DecisionLog decisions_{metrics_.registry(), clock_};
    ServiceNotify notify_{{}};
};

TEST_F(ReloadTest, health_names_what_waits_for_a_restart) {
    const config::Sources sources{.file = file_, .environment = {}, .overrides = {}};
    config::LiveConfig live(sources, config::load(sources).value());
    Reload reload(live, decisions_, clock_, board_, metrics_, notify_);
    EXPECT_EQ(health().detail, "");

    write("docker: {host: 'tcp://b:1'}\nhttp: {listen: ':1'}\n");
    ASSERT_TRUE(reload.now("a test"));
    EXPECT_EQ(health().state, serve::PartState::ok);
    EXPECT_EQ(health().detail, "restart pending: docker.host, http.listen");

    write("docker: {host: 'tcp://a:1'}\n");
    ASSERT_TRUE(reload.now("a test"));
    EXPECT_EQ(health().detail, "");
}

}  // namespace
}  // namespace rm::app
