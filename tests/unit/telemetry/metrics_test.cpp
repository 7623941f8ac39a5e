// SPDX-License-Identifier: Apache-2.0
#include "telemetry/metrics.h"

#include <chrono>
#include <fstream>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <prometheus/counter.h>

namespace rm::telemetry {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;

/// The value of a series without labels, from the exposition.
double value_of(const std::string& exposition, const std::string& name) {
    const auto at = exposition.find("\n" + name + " ");
    EXPECT_NE(at, std::string::npos) << name << " is missing";
    return at == std::string::npos ? -1 : std::stod(exposition.substr(at + name.size() + 2));
}

TEST(Metrics, tell_the_build) {
    EXPECT_THAT(
        Metrics().expose(),
        ContainsRegex("resource_manager_build_info\\{compiler=\"[^\"]+\",version=\"" RM_VERSION "\"\\} 1"));
}

TEST(Metrics, a_registered_family_is_exposed_with_its_help_and_type) {
    Metrics metrics;
    prometheus::BuildCounter()
        .Name("rm_test_total")
        .Help("A test.")
        .Register(metrics.registry())
        .Add({})
        .Increment(3);
    const std::string text = metrics.expose();
    EXPECT_THAT(text,
                HasSubstr("# HELP rm_test_total A test.\n# TYPE rm_test_total counter\nrm_test_total 3\n"));
}

TEST(Metrics, a_label_cannot_break_the_format) {
    Metrics metrics;
    prometheus::BuildCounter()
        .Name("rm_test_total")
        .Help("A test.")
        .Register(metrics.registry())
        .Add({{"name", "a\"b\nc\\"}});
    EXPECT_THAT(metrics.expose(), HasSubstr(R"(rm_test_total{name="a\"b\nc\\"} 0)"));
}

TEST(ProcessMetrics, follow_the_process) {
    const Metrics metrics;
    const std::string before = metrics.expose();
    EXPECT_GT(value_of(before, "process_resident_memory_bytes"), 1e6);
    EXPECT_GT(value_of(before, "process_threads"), 0);
    EXPECT_GT(value_of(before, "process_max_fds"), 10);
    const double now =
        std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
    EXPECT_NEAR(value_of(before, "process_start_time_seconds"), now, 60);

    std::vector<std::ifstream> files(5);
    for (auto& file : files) file.open("/proc/self/stat");
    const std::string after = metrics.expose();

    EXPECT_EQ(value_of(after, "process_open_fds"), value_of(before, "process_open_fds") + 5);
    EXPECT_GE(value_of(after, "process_cpu_seconds_total"), value_of(before, "process_cpu_seconds_total"));
}

}  // namespace
}  // namespace rm::telemetry
