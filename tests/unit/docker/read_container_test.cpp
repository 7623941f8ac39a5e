// SPDX-License-Identifier: Apache-2.0
// What is read out of inspecting a container.
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "docker/read.h"
#include "docker/timestamp.h"
#include "tests/unit/docker/bodies.h"

namespace rm::docker {
namespace {

using namespace test;
using namespace std::chrono_literals;
using testing::HasSubstr;

std::string complaint(const Result<Container>& result) {
    return result ? std::string("it was read") : result.error().message;
}

TEST(ReadContainer, tells_what_was_configured_and_how_it_is) {
    const auto container = read_container(inspect_29);
    ASSERT_TRUE(container) << container.error().message;
    EXPECT_EQ(container->id, id_of('a'));
    EXPECT_EQ(container->name, "shop-web-1");
    EXPECT_EQ(container->image, "shop/web:3");
    EXPECT_EQ(container->state, ContainerState::running);
    EXPECT_EQ(container->health, HealthState::healthy);
    EXPECT_EQ(print(container->limits), "1.5 CPU, 512M");
    EXPECT_EQ(container->created_at, time_of("2026-01-02T03:04:05.678901234Z"));
    EXPECT_EQ(container->started_at, time_of("2026-01-02T03:04:06.000000001Z"));
    EXPECT_EQ(container->finished_at, std::nullopt);
    EXPECT_EQ(container->restart_count, 2);
    EXPECT_FALSE(container->oom_killed);
}

std::string limits_with(std::string_view host_config) {
    const auto begin = inspect_29.find("\"CpuShares\"");
    const auto end = inspect_29.find(",\n\"OomKillDisable\"");
    const auto container = read_container(std::string(inspect_29).replace(begin, end - begin, host_config));
    return container ? print(container->limits) : container.error().message;
}

TEST(ReadContainer, finds_the_limits_however_they_were_set) {
    EXPECT_EQ(limits_with(R"("NanoCpus":0,"CpuQuota":50000,"CpuPeriod":0,"Memory":0)"),
              "0.5 CPU, unlimited memory");
    EXPECT_EQ(limits_with(R"("CpuQuota":150000,"CpuPeriod":50000,"Memory":-1)"), "3 CPU, unlimited memory");
    EXPECT_EQ(limits_with(R"("CpuQuota":-1,"CpuPeriod":100000,"Memory":6291456)"), "unlimited CPU, 6M");
    EXPECT_EQ(limits_with(R"("NanoCpus":250000000,"CpuQuota":50000,"Memory":null)"),
              "0.25 CPU, unlimited memory");
    EXPECT_EQ(limits_with(R"("Memory":1)"), "unlimited CPU, 1");
}

TEST(ReadContainer, refuses_limits_that_can_not_be) {
    EXPECT_THAT(limits_with(R"("NanoCpus":1.5)"), HasSubstr("NanoCpus is not a whole number"));
    EXPECT_THAT(limits_with(R"("NanoCpus":9223372036854775807)"), HasSubstr("NanoCpus is too large"));
    EXPECT_THAT(limits_with(R"("CpuQuota":9223372036854775807,"CpuPeriod":1)"), HasSubstr("too large"));
    EXPECT_THAT(limits_with(R"("CpuQuota":1,"CpuPeriod":9223372036854775807)"), HasSubstr("CpuPeriod"));
    EXPECT_THAT(limits_with(R"("Memory":18446744073709551615)"), HasSubstr("Memory"));
}

TEST(ReadContainer, without_its_limits_it_is_not_taken_for_unlimited) {
    const auto begin = inspect_29.find("\"HostConfig\"");
    const auto end = inspect_29.find("\"Config\"");
    EXPECT_THAT(complaint(read_container(std::string(inspect_29).erase(begin, end - begin))),
                HasSubstr("HostConfig is missing"));
}

TEST(ReadContainer, without_a_health_check_has_no_health) {
    const auto begin = inspect_29.find(",\"Health\"");
    const auto end = inspect_29.find(",\n\"Image\"");
    ASSERT_NE(end, std::string::npos);
    const auto container = read_container(std::string(inspect_29).replace(begin, end - begin, "}"));
    ASSERT_TRUE(container) << container.error().message;
    EXPECT_EQ(container->health, HealthState::none);
}

TEST(ReadContainer, names_the_member_that_is_odd) {
    const auto odd = [](std::string_view from, std::string_view to) {
        return complaint(read_container(with(inspect_29, from, to)));
    };
    EXPECT_THAT(odd("2026-01-02T03:04:06.000000001Z", "yesterday"), HasSubstr("StartedAt: 'yesterday'"));
    EXPECT_THAT(odd(R"("Status":"healthy")", R"("Status":"fine")"), HasSubstr("'fine' is not a health"));
    EXPECT_THAT(odd(R"("Status":"running")", R"("Status":"")"), HasSubstr("'' is not a state"));
    EXPECT_THAT(odd(R"("ExitCode":0)", R"("ExitCode":4294967296)"), HasSubstr("ExitCode is too large"));
    EXPECT_THAT(odd(R"("Name":"/shop-web-1")", R"("Name":"/../x")"), HasSubstr("'/../x' is not a cont"));
    EXPECT_THAT(odd(id_text('a'), "abc"), HasSubstr("'abc' is not a container id"));
    EXPECT_THAT(odd(R"("RestartCount":2)", R"("RestartCount":"2")"), HasSubstr("RestartCount"));
}

/// Of a container that is like `inspect_29` but for one thing.
Container but_for(std::string_view from, std::string_view to) {
    return read_container(with(inspect_29, from, to)).value();
}

TEST(ReadContainer, tells_what_a_change_needs_to_know) {
    const auto container = read_container(inspect_29);
    ASSERT_TRUE(container) << container.error().message;
    EXPECT_EQ(container->image_id, "sha256:4c1c");
    EXPECT_EQ(container->restart, (RestartRule{.policy = RestartPolicy::always}));
    EXPECT_EQ(container->stop, (StopRule{.signal = "SIGQUIT", .timeout = 90s}));
    EXPECT_EQ(container->health_check,
              (HealthCheck{.interval = 500ms, .timeout = 2s, .start_period = 0s, .retries = 2}));
    EXPECT_EQ(container->health_output, "ok");
    EXPECT_EQ(container->limit_fields.cpu_quota, 0);
    EXPECT_EQ(container->limit_fields.memory_swap, Bytes::mebi(1024).count());
    EXPECT_EQ(container->limit_fields.memory_reservation, 0);
}

TEST(ReadContainer, a_zero_in_the_health_check_is_the_engines_default) {
    const HealthCheck zeros = *but_for(R"("Interval":500000000,
"Timeout":2000000000,"Retries":2)",
                                       R"("Interval":0,"Timeout":0,"StartPeriod":0,"Retries":0)")
                                   .health_check;
    EXPECT_EQ(zeros, (HealthCheck{.interval = 30s, .timeout = 30s, .start_period = 0s, .retries = 3}));
    EXPECT_EQ(but_for(R"("Interval":500000000)", R"("Interval":1)").health_check->interval, 1ms);
    EXPECT_EQ(but_for(R"("Retries":2)", R"("StartPeriod":1500000000)").health_check->start_period, 1500ms);
    const auto starting = but_for(R"("Retries":2)", R"("StartPeriod":1500000000,"StartInterval":250000000)");
    EXPECT_EQ(starting.health_check->start_interval, 250ms);
    EXPECT_EQ(starting.health_check->first_probe(), 250ms);
    EXPECT_EQ(but_for(R"("Retries":2)", R"("StartInterval":250000000)").health_check->first_probe(), 500ms)
        << "without a start period it is not used";
}

TEST(ReadContainer, a_health_check_may_be_none) {
    for (const std::string_view none : {R"("Test":["NONE"])", R"("Test":[])", R"("Test":null)", R"("X":1)"})
        EXPECT_EQ(but_for(R"("Test":["CMD","/w","probe"])", none).health_check, std::nullopt) << none;
    EXPECT_EQ(but_for(R"("Healthcheck")", R"("Other")").health_check, std::nullopt);
    EXPECT_TRUE(but_for(R"(["CMD","/w","probe"])", R"(["CMD-SHELL","true"])").health_check);
}

TEST(ReadContainer, tells_the_output_of_the_last_probe_printable_and_cut) {
    const auto output = [](std::string_view log) {
        return but_for(R"([{"Start":"2026-01-02T03:04:36Z","ExitCode":0,"Output":"ok"}])", log).health_output;
    };
    EXPECT_EQ(output(R"([{"Output":"first"},{"Output":"connection\nrefused\u001b[0m"}])"),
              "connection refused [0m");
    EXPECT_EQ(output("[]"), "");
    EXPECT_EQ(output("null"), "");
    EXPECT_LT(output(R"([{"Output":")" + std::string(4096, 'x') + R"("}])").size(), 310U);
}

TEST(ReadContainer, how_it_wants_to_be_stopped_has_defaults_and_an_end) {
    EXPECT_EQ(but_for(R"("StopSignal":"SIGQUIT","StopTimeout":90)", R"("StopTimeout":null)").stop,
              StopRule());
    EXPECT_EQ(but_for(R"("StopTimeout":90)", R"("StopTimeout":0)").stop.timeout, 0s);
    EXPECT_EQ(but_for(R"("StopTimeout":90)", R"("StopTimeout":-1)").stop.timeout, 24h);
    EXPECT_EQ(but_for(R"("StopTimeout":90)", R"("StopTimeout":9223372036854775807)").stop.timeout, 24h);
    EXPECT_EQ(but_for("SIGQUIT", "RTMIN+3").stop.signal, "RTMIN+3");
}

TEST(ReadContainer, knows_every_restart_policy) {
    const auto rule = [](std::string_view policy) {
        return but_for(R"({"Name":"always","MaximumRetryCount":0})", policy).restart;
    };
    EXPECT_EQ(rule(R"({"Name":"","MaximumRetryCount":0})"), RestartRule());
    EXPECT_EQ(rule(R"({"Name":"no"})"), RestartRule());
    EXPECT_EQ(rule("null"), RestartRule());
    EXPECT_EQ(rule(R"({"Name":"unless-stopped"})"), RestartRule{.policy = RestartPolicy::unless_stopped});
    EXPECT_EQ(rule(R"({"Name":"on-failure","MaximumRetryCount":5})"),
              (RestartRule{.policy = RestartPolicy::on_failure, .maximum_retries = 5}));
}

TEST(ReadContainer, tells_all_that_was_said_of_limits) {
    EXPECT_EQ(but_for("1073741824", "-1").limit_fields.memory_swap, -1);
    EXPECT_EQ(but_for("1073741824", "0").limit_fields.memory_swap, 0);
    EXPECT_EQ(but_for(R"("CpuShares":0)", R"("MemoryReservation":268435456)").limit_fields.memory_reservation,
              Bytes::mebi(256).count());
    const auto fields =
        but_for(R"("NanoCpus":1500000000,"CpuPeriod":0,"CpuQuota":0)", R"("CpuQuota":50000)").limit_fields;
    EXPECT_EQ(fields.cpu_quota, 50'000);
    EXPECT_EQ(fields.nano_cpus, 0);
}

TEST(ReadContainer, names_what_is_odd_in_what_a_change_needs) {
    const auto odd = [](std::string_view from, std::string_view to) {
        return complaint(read_container(with(inspect_29, from, to)));
    };
    EXPECT_THAT(odd(R"("Name":"always")", R"("Name":"often")"), HasSubstr("'often' is not a restart policy"));
    EXPECT_THAT(odd(R"("MaximumRetryCount":0)", R"("MaximumRetryCount":-1)"), HasSubstr("MaximumRetryCount"));
    EXPECT_THAT(odd("SIGQUIT", "rm -rf"), HasSubstr("'rm -rf' is not a signal"));
    EXPECT_THAT(odd(R"("StopTimeout":90)", R"("StopTimeout":"9")"), HasSubstr("StopTimeout"));
    EXPECT_THAT(odd(R"(["CMD","/w","probe"])", R"("CMD")"), HasSubstr("Test is not a list"));
    EXPECT_THAT(odd(R"(["CMD","/w","probe"])", "[7]"), HasSubstr("Test is not a list of texts"));
    EXPECT_THAT(odd(R"("Interval":500000000)", R"("Interval":-1)"),
                HasSubstr("Interval is not zero or more"));
    EXPECT_THAT(odd(R"("Log":[)", R"("Log":7,"X":[)"), HasSubstr("Log is not a list"));
    EXPECT_THAT(odd("sha256:4c1c", "../4c1c"), HasSubstr("'../4c1c' is not the id of an image"));
    EXPECT_THAT(odd("1073741824", "1.5"), HasSubstr("MemorySwap"));
}

}  // namespace
}  // namespace rm::docker
