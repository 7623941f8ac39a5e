// SPDX-License-Identifier: Apache-2.0
#include "docker/check_write.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/unit/docker/tar.h"

namespace rm::docker {
namespace {

TEST(CheckWrite, images_are_names_and_ids) {
    for (const std::string_view good :
         {"nginx", "nginx:1.25", "registry:5000/shop/web:3", "shop/web@sha256:4c1c", "sha256:4c1c",
          "UPPER.example/a_b-c", "a..b/c"})
        EXPECT_TRUE(check_image(good)) << good;
    for (const std::string_view bad :
         {"", ".", "..", "a/../b", "/a", "a/", "a//b", "a b", "a?b", "a#b", "a%2fb", "a\\b", "é"})
        EXPECT_FALSE(check_image(bad)) << bad;
    EXPECT_FALSE(check_image(std::string(1025, 'a')));
}

TEST(CheckWrite, networks_may_be_called_almost_anything_that_is_one_word_of_a_path) {
    for (const std::string_view good : {"shop_default", "my net", "_x", "a.b", "...", "a?b", "ü", "a%2fb"})
        EXPECT_TRUE(check_network(good)) << good;
    for (const std::string_view bad : {"", ".", "..", "a/b", "/", "a\\b", "a\nb", "\xff"})
        EXPECT_FALSE(check_network(bad)) << bad;
    EXPECT_FALSE(check_network(std::string(256, 'a')));
}

TEST(CheckWrite, signals_are_names_and_numbers) {
    for (const std::string_view good : {"SIGTERM", "term", "15", "1", "64", "SIGRTMIN+3", "RTMAX-2"})
        EXPECT_TRUE(check_signal(good)) << good;
    for (const std::string_view bad : {"", "0", "65", "-9", "+9", "SIG TERM", "a&b", "SIGTERMSIGTERMSIGTERM"})
        EXPECT_FALSE(check_signal(bad)) << bad;
}

TEST(CheckWrite, paths_are_whole) {
    for (const std::string_view good : {"/", "/etc/app.conf", "/a b", "/ü", "/a/../b"})
        EXPECT_TRUE(check_path(good)) << good;
    for (const std::string_view bad : {"", "etc", "/a\nb", "/\xff"}) EXPECT_FALSE(check_path(bad)) << bad;
    EXPECT_FALSE(check_path('/' + std::string(4096, 'a')));
}

TEST(CheckWrite, archives_are_plain_and_not_too_large) {
    EXPECT_TRUE(check_archive(test::tar_of("a", "b")));
    EXPECT_TRUE(check_archive(std::string(1024, '\0')));
    for (const std::string& bad :
         {std::string(), std::string(511, '\0'), std::string(512, 'x'), "\x1f\x8b" + std::string(510, '\0')})
        EXPECT_EQ(check_archive(bad).error().code, ErrorCode::invalid);
    EXPECT_EQ(check_archive(std::string(longest_archive + 512, '\0')).error().code, ErrorCode::too_large);
}

TEST(CheckWrite, limits_that_would_change_nothing_are_named) {
    EXPECT_TRUE(check_update({}));
    EXPECT_TRUE(check_update({.nano_cpus = Cores::from_nanos(10'000'000), .memory = Bytes(1)}));
    EXPECT_EQ(check_update({.nano_cpus = Cores::from_nanos(9'999'999)}).error().message,
              "0.009999999 CPU is too little: the kernel takes 0.01 and more");
    EXPECT_EQ(check_update({.memory = Bytes(0)}).error().message, "Memory is 0, which is no limit");
    EXPECT_EQ(check_update({.memory_swap = Bytes(-1)}).error().message,
              "MemorySwap is -1, which is no limit");
    EXPECT_FALSE(check_update({.memory_reservation = Bytes(-1)}));
    EXPECT_FALSE(check_update({.cpu_quota = CpuQuota{}}));
    EXPECT_FALSE(check_update({.cpu_quota = CpuQuota{.quota = std::chrono::seconds(1), .period = {}}}));
    EXPECT_FALSE(check_update(
        {.nano_cpus = Cores::whole(1), .cpu_quota = CpuQuota{.quota = std::chrono::seconds(1)}}));
}

TEST(CheckWrite, what_is_run_has_a_name_and_time) {
    EXPECT_TRUE(check_exec({.argv = {"/drain", "--now", "", "ü"}}));
    EXPECT_FALSE(check_exec({.argv = {}}));
    EXPECT_FALSE(check_exec({.argv = {"", "x"}}));
    EXPECT_FALSE(check_exec({.argv = {"a", std::string("b\0c", 3)}}));
    EXPECT_FALSE(check_exec({.argv = {"a", "\xff"}}));
    EXPECT_FALSE(check_exec({.argv = {"a"}, .limit = Duration(0)}));
}

}  // namespace
}  // namespace rm::docker
