// SPDX-License-Identifier: Apache-2.0
#include "docker/tar.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rm::docker {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Kind = TarEntry::Kind;

std::string written(const std::vector<TarEntry>& entries) {
    return write_tar(entries).value();
}

TEST(Tar, what_is_written_is_read_again) {
    const std::vector<TarEntry> entries{
        {.path = "etc", .kind = Kind::folder, .mode = 0750},
        {.path = "etc/app.conf", .content = "a = 1\n", .mode = 0600},
        {.path = "etc/empty", .content = ""},
        {.path = "etc/block", .content = std::string(512, 'x')},
        {.path = "etc/more", .content = std::string(513, '\0')},
        {.path = std::string(120, 'd') + '/' + std::string(99, 'f'), .content = "far away"},
        {.path = std::string(100, 'd') + '/' + std::string(54, 'e'), .kind = Kind::folder, .mode = 0755},
        {.path = "etc/link", .content = "app.conf", .kind = Kind::link, .mode = 0777},
        {.path = "etc/far", .content = std::string(100, 'l'), .kind = Kind::link}};
    EXPECT_EQ(read_tar(written(entries)).value(), entries);
}

TEST(Tar, an_archive_is_whole_blocks_and_two_empty_ones) {
    EXPECT_EQ(written({}).size(), 1024U);
    EXPECT_EQ(written({{.path = "a", .content = "b"}}).size(), 4 * 512U);
    EXPECT_THAT(read_tar("").value(), IsEmpty());
    EXPECT_THAT(read_tar(written({})).value(), IsEmpty());
}

TEST(Tar, a_path_that_does_not_fit_is_refused) {
    EXPECT_EQ(write_tar(std::vector<TarEntry>{{.path = std::string(101, 'a')}}).error().code,
              ErrorCode::invalid);
    EXPECT_EQ(write_tar(std::vector<TarEntry>{{.path = std::string(156, 'a') + "/b"}}).error().code,
              ErrorCode::invalid);
    EXPECT_EQ(write_tar(std::vector<TarEntry>{
                            {.path = "link", .content = std::string(101, 'a'), .kind = Kind::link}})
                  .error()
                  .code,
              ErrorCode::invalid);
    EXPECT_EQ(write_tar(std::vector<TarEntry>{{.path = "a", .kind = Kind::other}}).error().code,
              ErrorCode::invalid);
}

TEST(Tar, what_is_cut_or_no_archive_is_refused) {
    const std::string whole = written({{.path = "a", .content = std::string(600, 'x')}});
    EXPECT_EQ(read_tar(whole.substr(0, 700)).error().code, ErrorCode::invalid);
    EXPECT_EQ(read_tar(whole.substr(0, 300)).error().code, ErrorCode::invalid);
    EXPECT_EQ(read_tar(std::string(1024, 'x')).error().code, ErrorCode::invalid);
    std::string bent = whole;
    bent[0] = 'b';  // and its sum no longer fits
    EXPECT_EQ(read_tar(bent).error().code, ErrorCode::invalid);
}

/// As GNU tar and Go write paths that are too long for the header.
TEST(Tar, long_names_of_others_are_read) {
    const std::string path = "a/" + std::string(200, 'b');
    const std::string record = "209 path=" + path + '\n';
    const auto with_header = [&](char type, const std::string& content) {
        std::string archive = written({{.path = "header", .content = content}});
        archive.resize(archive.size() - 1024);
        archive[156] = type;
        std::uint64_t sum = 0;
        archive.replace(148, 8, "        ");
        for (std::size_t i = 0; i < 512; ++i) sum += static_cast<unsigned char>(archive[i]);
        archive.replace(148, 7, fmt::format("{:06o}", sum) + '\0');
        return archive + written({{.path = "short", .content = "content"}});
    };
    ASSERT_EQ(record.size(), 212U);
    const TarEntry expected{.path = path, .content = "content"};
    EXPECT_THAT(read_tar(with_header('x', "212" + record.substr(3))).value(), ElementsAre(expected));
    EXPECT_THAT(read_tar(with_header('L', path + '\0')).value(), ElementsAre(expected));
    EXPECT_THAT(read_tar(with_header('g', "nothing")).value(),
                ElementsAre(TarEntry{.path = "short", .content = "content"}));
}

TEST(Tar, devices_and_the_like_are_told_without_content) {
    std::string archive = written({{.path = "device"}});
    archive[156] = '3';
    archive[154] = '\0';
    std::uint64_t sum = std::uint64_t{8} * ' ';
    for (std::size_t i = 0; i < 512; ++i)
        if (i < 148 || i >= 156) sum += static_cast<unsigned char>(archive[i]);
    archive.replace(148, 6, fmt::format("{:06o}", sum));
    EXPECT_THAT(read_tar(archive).value(), ElementsAre(TarEntry{.path = "device", .kind = Kind::other}));
}

}  // namespace
}  // namespace rm::docker
