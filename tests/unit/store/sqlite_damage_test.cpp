// SPDX-License-Identifier: Apache-2.0
// SQLite files that are damaged, and disks that are full.
#include <fstream>
#include <sstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/lab/require.h"
#include "tests/unit/store/child_process.h"
#include "tests/unit/store/place.h"

namespace rm::store {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

std::string content(const fs::path& path) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
}

class SqliteDamage : public testing::Test {
protected:
    [[nodiscard]] Result<std::unique_ptr<Database>> open() {
        Options options;
        options.url = "sqlite:" + file.string();
        return Database::open(options, clock, test_schema());
    }

    /// A sound database of many pages.
    std::string sound() {
        auto opened = open();
        EXPECT_TRUE(opened) << opened.error().message;
        EXPECT_TRUE((*opened)->transaction([](Session& session) -> Status {
            for (int i = 0; i < 500; ++i)
                static_cast<void>(session.execute("insert into things (name) values (:name)",
                                                  {{"name", std::to_string(i) + std::string(200, 'x')}}));
            return {};
        }));
        opened->reset();
        return content(file);
    }

    /// Opening `damaged` is refused with advice, and leaves it as it is.
    void expect_refused(const std::string& damaged) {
        std::ofstream(file, std::ios::binary | std::ios::trunc) << damaged;
        const auto opened = open();
        ASSERT_FALSE(opened);
        EXPECT_EQ(opened.error().code, ErrorCode::corrupt) << opened.error().message;
        EXPECT_THAT(opened.error().message, AllOf(HasSubstr(file.string()), HasSubstr("backup")));
        EXPECT_TRUE(content(file) == damaged) << "the file was changed";
    }

    VirtualClock clock;
    TemporaryFolder folder;
    fs::path file = folder.path() / "store.db";
};

TEST_F(SqliteDamage, a_file_of_something_else_is_refused_and_left_alone) {
    expect_refused("#!/bin/sh\necho this is not a database\n" + std::string(5000, '\n'));
}

TEST_F(SqliteDamage, a_damaged_header_is_refused) {
    std::string bytes = sound();
    bytes[0] = 'X';
    expect_refused(bytes);
}

TEST_F(SqliteDamage, a_file_that_was_cut_off_is_refused) {
    const std::string bytes = sound();
    expect_refused(bytes.substr(0, bytes.size() / 2));
    expect_refused(bytes.substr(0, 1000));
}

TEST_F(SqliteDamage, overwritten_pages_are_refused) {
    std::string bytes = sound();
    constexpr std::size_t page = 4096;
    ASSERT_GT(bytes.size(), 10 * page);
    for (std::size_t i = 5 * page; i < 8 * page; ++i) bytes[i] = static_cast<char>(~bytes[i]);
    expect_refused(bytes);
}

TEST_F(SqliteDamage, a_write_that_finds_no_room_keeps_nothing_and_the_next_one_works) {
    sound();
    const auto opened = open();
    ASSERT_TRUE(opened) << opened.error().message;
    Database& database = **opened;
    const auto pages = [&](const std::string& limit) {
        return database.transaction([&](Session& session) -> Status {
            auto set = session.query("pragma max_page_count = " + limit);
            return set ? Status() : fail(set.error());
        });
    };
    const auto write = [&](std::size_t size) {
        return database.transaction([&](Session& session) -> Status {
            for (const char* name : {"first", "second"}) {
                auto done = session.execute("insert into things (name) values (:name)",
                                            {{"name", name + std::string(size, 'x')}});
                if (!done) return fail(done.error());
            }
            return {};
        });
    };
    ASSERT_TRUE(pages("1"));  // no fewer than there are
    const Status full = write(20'000);
    ASSERT_FALSE(full);
    EXPECT_EQ(full.error().code, ErrorCode::io);
    EXPECT_THAT(full.error().message,
                AllOf(HasSubstr("full"), HasSubstr("nothing of this transaction was kept")));
    EXPECT_FALSE(database.health().ok);

    ASSERT_TRUE(pages("1000000"));
    EXPECT_TRUE(write(10));
    EXPECT_TRUE(database.health().ok);
    EXPECT_EQ(database.query("select * from things")->size(), 502U);
}

TEST_F(SqliteDamage, a_full_disk_is_an_error_and_nothing_committed_is_lost) {
    RM_LAB_REQUIRE(root);  // to mount a small file system
    const std::string in_small_space =
        "mount -t tmpfs -o size=2m tmpfs \"$1\" && head -c 200k /dev/zero >\"$1/ballast\""
        " && exec \"$2\" fill \"sqlite:$1/store.db\" \"$1/ballast\"";
    ChildProcess child(
        {"unshare", "--mount", "sh", "-c", in_small_space, "sh", folder.path().string(), RM_STORE_CHILD});
    EXPECT_THAT(child.line(),
                AllOf(testing::StartsWith("io: SQLite "), HasSubstr("full"), HasSubstr("Make room")));
    EXPECT_THAT(child.line(), HasSubstr("full")) << "health says so too";
    int committed = 0;
    int pairs = 0;
    int rows = 0;
    const std::string found = child.line();
    ASSERT_EQ(
        std::sscanf(found.c_str(), "committed %d, found %d pairs in %d rows", &committed, &pairs, &rows), 3)
        << found;
    EXPECT_GT(committed, 10);
    EXPECT_EQ(pairs, committed);
    EXPECT_EQ(rows, 2 * committed);
    EXPECT_THAT(child.line(), HasSubstr("schema 1")) << "it works again once there is room";
}

TEST_F(SqliteDamage, a_disk_too_full_for_a_new_database_is_called_full_and_the_next_start_works) {
    if (geteuid() != 0) GTEST_SKIP() << "needs root, to mount a small file system";
    const std::string in_tiny_space =
        "mount -t tmpfs -o size=16k tmpfs \"$1\" && \"$2\" fill \"sqlite:$1/store.db\" \"$1/none\";"
        " mount -o remount,size=200k \"$1\" && : >\"$1/ballast\""
        " && exec \"$2\" fill \"sqlite:$1/store.db\" \"$1/ballast\"";
    ChildProcess child(
        {"unshare", "--mount", "sh", "-c", in_tiny_space, "sh", folder.path().string(), RM_STORE_CHILD});
    EXPECT_THAT(child.line(), AllOf(testing::StartsWith("io: SQLite "), HasSubstr("the disk is full"),
                                    HasSubstr("Make room")));
    EXPECT_THAT(child.line(), AllOf(testing::StartsWith("io: SQLite "), HasSubstr("full")));
    EXPECT_THAT(child.line(), HasSubstr("full"));
    EXPECT_THAT(child.line(), testing::StartsWith("committed ")) << "what was begun could be used";
}

}  // namespace
}  // namespace rm::store
