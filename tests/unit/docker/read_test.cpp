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
