// SPDX-License-Identifier: Apache-2.0
#include "observe/exposition.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "net/subprocess.h"
#include "tests/unit/observe/containers.h"

namespace rm::observe {
namespace {

using namespace std::chrono_literals;
using test::id;
using testing::HasSubstr;
using testing::Not;

LatestSample sample() {
    LatestSample sample{.id = id(1),
                        .name = "shop_web_1",
                        .image = "web:1",
                        .project = "shop",
                        .service = "web",
                        .stats = {},
                        .at = WallTime(1700000000500ms),
                        .oom_kills = 2};
    sample.stats.cpu_total = 90500ms;
    sample.stats.cpu_periods = 100;
    sample.stats.cpu_throttled_periods = 7;
    sample.stats.cpu_throttled_time = 250ms;
    sample.stats.memory_usage = Bytes(2'000'000'000);
    sample.stats.memory_working_set = Bytes(1'500'000'000);
    sample.limits = Limits{.cpu = Cores::from_nanos(1'500'000'000), .memory = std::nullopt};
    sample.started_at = WallTime(1690000000s);
    return sample;
}

std::string text_of(const LatestSample& sample) {
    return exposition({&sample, 1});
}

TEST(Exposition, has_the_names_and_labels_of_cadvisor) {
    const std::string text = text_of(sample());
    const std::string labels = "id=\"/docker/" + id(1).full() +
                               "\",image=\"web:1\",name=\"shop_web_1\","
                               "container_label_com_docker_compose_project=\"shop\","
                               "container_label_com_docker_compose_service=\"web\"";
    for (const std::string& line :
         {"container_cpu_usage_seconds_total{" + labels + ",cpu=\"total\"} 90.5 1700000000500\n",
          "container_cpu_cfs_periods_total{" + labels + "} 100 1700000000500\n",
          "container_cpu_cfs_throttled_periods_total{" + labels + "} 7 ",
          "container_memory_usage_bytes{" + labels + "} 2000000000 ",
          "container_memory_working_set_bytes{" + labels + "} 1500000000 ",
          "container_oom_events_total{" + labels + "} 2 ",
          "container_spec_memory_limit_bytes{" + labels + "} 0 ",
          "container_spec_cpu_quota{" + labels + "} 150000 ",
          "container_spec_cpu_period{" + labels + "} 100000 ",
          "container_start_time_seconds{" + labels + "} 1690000000 ",
          "container_last_seen{" + labels + "} 1700000000 "})
        EXPECT_THAT(text, HasSubstr(line));
}

TEST(Exposition, leaves_out_what_is_not_known_or_does_not_apply) {
    LatestSample bare = sample();
    bare.limits.reset();
    bare.started_at.reset();
    bare.stats = {};
    const std::string text = text_of(bare);
    for (const auto* name : {"container_spec_memory_limit_bytes{", "container_spec_cpu_quota{",
                             "container_cpu_cfs_periods_total{", "container_start_time_seconds{",
                             "container_memory_usage_bytes{"})
        EXPECT_THAT(text, Not(HasSubstr(name)));
    EXPECT_THAT(text, HasSubstr("container_cpu_usage_seconds_total{"));
}

TEST(Exposition, escapes_what_stands_in_names_and_labels) {
    LatestSample evil = sample();
    evil.image = "a\"b\\c\nd\xff";
    EXPECT_THAT(text_of(evil), HasSubstr(",image=\"a\\\"b\\\\c\\nd\xef\xbf\xbd\","));
}

TEST(Exposition, is_what_promtool_takes_but_for_names_of_cadvisor) {
    const auto environment = net::current_environment();
    if (!net::find_program("promtool", environment)) GTEST_SKIP() << "promtool is not installed";
    LatestSample evil = sample();
    evil.id = id(2);
    evil.name = "quote\" back\\ newline\n";
    const auto file = std::filesystem::temp_directory_path() / fmt::format("rm-exposition-{}", ::getpid());
    std::ofstream(file) << exposition(std::vector{sample(), evil});
    const auto outcome =
        net::run({.argv = {"sh", "-c", "promtool check metrics < \"$1\"", "sh", file.string()},
                  .environment = environment},
                 {});
    std::filesystem::remove(file);
    ASSERT_TRUE(outcome) << outcome.error().message;
    // cAdvisor's own names, which we can't change.
    EXPECT_EQ(outcome->err, "");
    EXPECT_EQ(outcome->exit_code, 0) << outcome->out << outcome->err;
}

}  // namespace
}  // namespace rm::observe
