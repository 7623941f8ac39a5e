// SPDX-License-Identifier: Apache-2.0
#include "observe/queries.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rm::observe {
namespace {

using namespace std::chrono_literals;
using config::MemoryMetric;
using testing::HasSubstr;
using testing::Not;

constexpr config::QueryParts parts{.matcher = "job=\"a\"", .window = 5min, .trend_window = 1h};

TEST(Queries, built_in_ones_hold_what_is_asked_of_those_of_users) {
    for (const Signal signal : signals())
        for (const auto metric : {MemoryMetric::working_set, MemoryMetric::usage})
            EXPECT_FALSE(config::fault_of_query(built_in_query(signal, metric))) << to_string(signal);
}

TEST(Queries, ask_for_the_memory_that_counts) {
    const auto memory = [](MemoryMetric metric) {
        return query_for(Signal::memory_usage, metric, {}, parts);
    };
    EXPECT_THAT(memory(MemoryMetric::working_set),
                HasSubstr("container_memory_working_set_bytes{job=\"a\"}[5m]"));
    EXPECT_THAT(memory(MemoryMetric::usage), HasSubstr("container_memory_usage_bytes{job=\"a\"}[5m]"));
    EXPECT_THAT(memory(MemoryMetric::usage), Not(HasSubstr("working_set")));
}

TEST(Queries, look_back_only_where_the_window_began_with_samples) {
    EXPECT_THAT(
        query_for(Signal::cpu_trend, MemoryMetric::working_set, {}, parts),
        HasSubstr(" and max by (id, name) (count_over_time(container_cpu_usage_seconds_total{job=\"a\"}[2m] "
                  "offset 1h))"));
}

TEST(Queries, of_users_take_the_place_of_ours) {
    EXPECT_EQ(query_for(Signal::cpu_usage, MemoryMetric::usage, {{"cpu_usage", "rate(x{$matcher}[$window])"}},
                        parts),
              "rate(x{job=\"a\"}[5m])");
}

}  // namespace
}  // namespace rm::observe
