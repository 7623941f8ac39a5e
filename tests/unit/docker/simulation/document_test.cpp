// SPDX-License-Identifier: Apache-2.0
#include "docker/read.h"
#include "tests/unit/docker/simulation/fixture.h"

namespace rm::docker {
namespace {

using namespace std::chrono_literals;
using test::done;

class SimulatedDocumentTest : public test::SimulationTest {};

/// What the real engine's answers are read by reads this one's too, and finds what inspecting tells.
TEST_F(SimulatedDocumentTest, is_read_as_a_real_one) {
    const auto id = run("web", R"({"Image":"web:1","Labels":{"a":"b"},"HostConfig":{"NanoCpus":1500000000,
        "Memory":67108864},"Healthcheck":{"Test":["CMD","x"],"Interval":1000000000}})");
    clock.advance(1500ms);
    const auto expect_same = [&] {
        const auto read = read_container(engine.document(id, none).value()).value();
        const auto told = inspect(id);
        EXPECT_EQ(read.id, told.id);
        EXPECT_EQ(read.name, told.name);
        EXPECT_EQ(read.image, told.image);
        EXPECT_EQ(read.state, told.state);
        EXPECT_EQ(read.health, told.health);
        EXPECT_EQ(read.labels, told.labels);
        EXPECT_EQ(read.limits, told.limits);
        EXPECT_EQ(read.created_at, told.created_at);
        EXPECT_EQ(read.started_at, told.started_at);
        EXPECT_EQ(read.finished_at, told.finished_at);
        EXPECT_EQ(read.exit_code, told.exit_code);
        EXPECT_EQ(read.restart_count, told.restart_count);
    };
    expect_same();
    EXPECT_EQ(inspect(id).health, HealthState::healthy);
    done(engine.kill(id));
    expect_same();
}

}  // namespace
}  // namespace rm::docker
