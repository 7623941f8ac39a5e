// SPDX-License-Identifier: Apache-2.0
#include "docker/read.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "docker/timestamp.h"
#include "tests/unit/docker/bodies.h"

namespace rm::docker {
namespace {

using namespace test;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

WallTime time_of(std::string_view text) {
    return parse_timestamp(text).value().value();
}

template <class T>
std::string complaint(const Result<T>& result) {
    return result ? std::string("it was read") : result.error().message;
}

TEST(ReadList, tells_every_container_with_its_labels) {
    const auto list = read_list(list_20_10);
    ASSERT_TRUE(list) << list.error().message;
    ASSERT_THAT(*list, SizeIs(2));
    const ContainerSummary& web = list->front();
    EXPECT_EQ(web.id, id_of('a'));
    EXPECT_EQ(web.name, "shop_web_1");
    EXPECT_EQ(web.image, "shop/web:3");
    EXPECT_EQ(web.state, ContainerState::running);
    EXPECT_EQ(web.labels.at("com.docker.compose.service"), "web");
    EXPECT_EQ(web.created_at, time_of("2026-01-02T03:04:05Z"));
    EXPECT_EQ(web.unreadable, "");
}

TEST(ReadList, passes_over_the_names_that_links_give) {
    const auto list = read_list(list_20_10);
    ASSERT_TRUE(list);
    EXPECT_EQ(list->back().name, "lone");
    EXPECT_EQ(list->back().state, ContainerState::exited);
    EXPECT_THAT(list->back().labels, IsEmpty());
}

TEST(ReadList, one_odd_container_does_not_hide_the_others) {
    struct Odd {
        std::string from;
        std::string to;
        std::string reason;
    };
    const std::vector<Odd> oddities{
        {R"("Names":["/shop_web_1"])", R"("Names":null)", "Names is not a list"},
        {R"("Names":["/shop_web_1"])", R"("Names":[])", "it has no name"},
        {R"("Names":["/shop_web_1"])", R"("Names":["/a b"])", "is not a container's name"},
        {R"("State":"running")", R"("State":"dreaming")", "'dreaming' is not a state"},
        {R"("Created":1767323045)", R"("Created":-1)", "Created is not zero or more"},
        {R"("Created":1767323045)", R"("Created":9223372036854775807)", "Created is too late"},
        {R"("com.docker.compose.service":"web")", R"("com.docker.compose.service":7)", "not a text"}};
    for (const Odd& odd : oddities) {
        const auto list = read_list(with(list_20_10, odd.from, odd.to));
        ASSERT_TRUE(list) << odd.to << ": " << list.error().message;
        EXPECT_EQ(list->front().id, id_of('a'));
        EXPECT_THAT(list->front().unreadable, HasSubstr(odd.reason));
        EXPECT_THAT(list->front().labels, IsEmpty());
        EXPECT_EQ(list->back().name, "lone");
    }
}

TEST(ReadList, a_line_without_an_id_is_no_answer_of_an_engine) {
    EXPECT_EQ(read_list(with(list_20_10, id_text('a'), "../../x")).error().code, ErrorCode::protocol);
    EXPECT_EQ(read_list(R"([{"Names":["/x"]}])").error().code, ErrorCode::protocol);
    EXPECT_EQ(read_list(R"({"message":"x"})").error().code, ErrorCode::protocol);
}

TEST(ReadList, no_containers_are_an_answer) {
    EXPECT_THAT(read_list("[]").value(), IsEmpty());
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

TEST(ReadStats, working_set_leaves_out_the_inactive_file_cache_of_cgroup_version_1) {
    const auto stats = read_stats(stats_v1);
    ASSERT_TRUE(stats) << stats.error().message;
    EXPECT_EQ(stats->read_at, time_of("2026-01-02T03:05:00.5Z"));
    EXPECT_EQ(stats->cpu_total, std::chrono::nanoseconds(123456789));
    EXPECT_EQ(stats->cpu_periods, 40);
    EXPECT_EQ(stats->cpu_throttled_periods, 10);
    EXPECT_EQ(stats->cpu_throttled_time, std::chrono::milliseconds(5));
    EXPECT_EQ(stats->memory_usage, Bytes(100'000'000));
    EXPECT_EQ(stats->memory_working_set, Bytes(80'000'000));
    EXPECT_EQ(stats->memory_limit, Bytes(536'870'912));
    EXPECT_EQ(stats->pids, 7);
}

TEST(ReadStats, and_of_version_2) {
    const auto stats = read_stats(stats_v2);
    ASSERT_TRUE(stats) << stats.error().message;
    EXPECT_EQ(stats->memory_working_set, Bytes(75'000'000));
    EXPECT_EQ(stats->cpu_periods, 0);
}

TEST(ReadStats, a_working_set_is_never_negative_and_never_guessed) {
    EXPECT_EQ(read_stats(with(stats_v2, "25000000", "200000000"))->memory_working_set, Bytes(0));
    const auto without = read_stats(with(stats_v2, "\"inactive_file\":25000000", "\"other\":1"));
    EXPECT_EQ(without->memory_working_set, std::nullopt);
    EXPECT_EQ(without->memory_usage, Bytes(100'000'000));
}

TEST(ReadStats, a_stopped_container_uses_no_known_memory) {
    const auto stats = read_stats(stats_stopped);
    ASSERT_TRUE(stats) << stats.error().message;
    EXPECT_EQ(stats->memory_usage, std::nullopt);
    EXPECT_EQ(stats->memory_working_set, std::nullopt);
    EXPECT_EQ(stats->memory_limit, std::nullopt);
    EXPECT_EQ(stats->pids, std::nullopt);
    EXPECT_EQ(stats->read_at, WallTime());
}

TEST(ReadStats, refuses_negative_and_overflowing_counts) {
    for (const auto& [from, to] :
         {std::pair{"123456789,", "-5,"}, std::pair{"123456789,", "18446744073709551615,"},
          std::pair{"\"usage\":100000000", "\"usage\":-1"}, std::pair{"\"current\":7", "\"current\":-7"},
          std::pair{"\"periods\":40", "\"periods\":[]"},
          std::pair{"\"memory_stats\":{", "\"memory_stats\":7,\"x\":{"},
          std::pair{"\"read\":\"2026", "\"read\":\"26"}})
        EXPECT_FALSE(read_stats(with(stats_v1, from, to))) << to;
}

TEST(ReadInfo, tells_what_the_host_has) {
    const auto info = read_info(info_20_10);
    ASSERT_TRUE(info) << info.error().message;
    EXPECT_EQ(info->id, "ABCD:EFGH");
    EXPECT_EQ(info->name, "host-1");
    EXPECT_EQ(info->cpus, Cores::whole(4));
    EXPECT_EQ(info->memory, Bytes(8'233'000'960));
    EXPECT_EQ(info->cgroup_version, 2);
    EXPECT_TRUE(info->swap_limit);
}

TEST(ReadInfo, an_old_engine_knows_only_the_first_version_of_cgroups) {
    EXPECT_EQ(read_info(with(info_20_10, R"("CgroupVersion":"2",)", ""))->cgroup_version, 1);
}

TEST(ReadInfo, a_host_without_cpus_or_memory_is_none) {
    EXPECT_FALSE(read_info(with(info_20_10, "\"NCPU\":4", "\"NCPU\":0")));
    EXPECT_FALSE(read_info(with(info_20_10, "8233000960", "-1")));
    EXPECT_FALSE(read_info(with(info_20_10, "\"2\"", "\"3\"")));
}

TEST(ReadVersion, tells_which_versions_of_the_api_there_are) {
    const auto version = read_version(version_20_10);
    ASSERT_TRUE(version) << version.error().message;
    EXPECT_EQ(version->version, "20.10.24+dfsg1");
    EXPECT_EQ(version->api_minimum, "1.12");
    EXPECT_EQ(version->api_maximum, "1.41");
    EXPECT_EQ(version->system, "linux/amd64");
}

TEST(Read, what_is_no_answer_of_an_engine_is_an_error_that_can_be_printed) {
    for (const std::string& body : hostile_bodies) {
        for (const std::string& message :
             {complaint(read_list(body)), complaint(read_container(body)), complaint(read_stats(body)),
              complaint(read_info(body)), complaint(read_version(body)), complaint(read_event(body))}) {
            EXPECT_NE(message, "it was read") << body;
            EXPECT_LT(message.size(), 400U);
            EXPECT_EQ(message.find_first_of(std::string("\0\n\xff", 3)), std::string::npos);
        }
        EXPECT_EQ(read_message(body), "");
    }
}

TEST(ReadMessage, is_printable_and_not_too_long) {
    EXPECT_EQ(read_message(R"({"message":"No such container: x\n\u0007bell"})"), "No such container: x bell");
    EXPECT_LE(read_message("{\"message\":\"" + std::string(5000, 'x') + "\"}").size(), 310U);
    EXPECT_EQ(read_message(R"({"message":7})"), "");
}

TEST(ContainerName, is_what_docker_allows) {
    for (const std::string_view good : {"web", "shop_web_1", "a.b-c", "0a"})
        EXPECT_TRUE(is_container_name(good));
    for (const std::string_view bad :
         {"", "a", "/web", "-web", "_web", "we b", "web\n", "wéb", "a/b", "a%2e"})
        EXPECT_FALSE(is_container_name(bad)) << bad;
}

}  // namespace
}  // namespace rm::docker
