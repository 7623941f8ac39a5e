// SPDX-License-Identifier: Apache-2.0
// What is SQLite's own: its file, the modes of it, and how it survives a kill.
#include <fstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/lab/require.h"
#include "tests/unit/store/child_process.h"
#include "tests/unit/store/place.h"

namespace rm::store {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class Sqlite : public testing::Test {
protected:
    [[nodiscard]] Result<std::unique_ptr<Database>> open(const fs::path& path) {
        Options options;
        options.url = "sqlite:" + path.string();
        return Database::open(options, clock, test_schema());
    }

    [[nodiscard]] fs::path file() const { return folder.path() / "store.db"; }

    VirtualClock clock;
    TemporaryFolder folder;
};

mode_t mode_of(const fs::path& path) {
    struct stat status{};
    EXPECT_EQ(stat(path.c_str(), &status), 0) << path;
    return status.st_mode & 07777;
}

TEST_F(Sqlite, nobody_else_can_read_what_it_makes_whatever_the_umask) {
    const mode_t before = umask(0);
    const auto opened = open(folder.path() / "a" / "b" / "store.db");
    umask(before);
    ASSERT_TRUE(opened) << opened.error().message;
    EXPECT_EQ(mode_of(folder.path() / "a"), 0700U);
    EXPECT_EQ(mode_of(folder.path() / "a" / "b"), 0700U);
    for (const char* name : {"store.db", "store.db-wal", "store.db-shm"})
        EXPECT_EQ(mode_of(folder.path() / "a" / "b" / name), 0600U) << name;
}

TEST_F(Sqlite, a_file_that_is_there_keeps_its_mode) {
    ASSERT_TRUE(open(file()));
    ASSERT_EQ(chmod(file().c_str(), 0640), 0);
    ASSERT_TRUE(open(file()));
    EXPECT_EQ(mode_of(file()), 0640U);
}

TEST_F(Sqlite, what_is_committed_is_on_the_disk) {
    const auto opened = open(file());
    ASSERT_TRUE(opened) << opened.error().message;
    const auto setting = [&](const std::string& name) {
        return (*opened)->query("pragma " + name).value().at(0).get<std::int64_t>(name).value_or(-1);
    };
    EXPECT_EQ((*opened)->query("pragma journal_mode").value().at(0).get<std::string>("journal_mode"), "wal");
    EXPECT_EQ(setting("synchronous"), 2) << "FULL";
    EXPECT_EQ(setting("foreign_keys"), 1);
    EXPECT_EQ(setting("trusted_schema"), 0);
}

TEST_F(Sqlite, a_path_may_hold_any_character_but_a_double_quote) {
    for (const char* name : {" two  spaces ", "a=b db=c", "it's", "é 漢", "%41?x#y"}) {
        const auto opened = open(folder.path() / name / name);
        ASSERT_TRUE(opened) << opened.error().message;
        EXPECT_TRUE(fs::exists(folder.path() / name / name)) << name;
    }
}

TEST_F(Sqlite, a_relative_path_is_relative_to_the_working_directory) {
    const fs::path before = fs::current_path();
    fs::current_path(folder.path());
    const auto opened = open("data/store.db");
    fs::current_path(before);
    ASSERT_TRUE(opened) << opened.error().message;
    EXPECT_TRUE(fs::exists(folder.path() / "data" / "store.db"));
}

TEST_F(Sqlite, a_folder_or_a_device_is_not_a_database) {
    const auto folder_itself = open(folder.path());
    ASSERT_FALSE(folder_itself);
    EXPECT_EQ(folder_itself.error().code, ErrorCode::invalid);
    EXPECT_THAT(folder_itself.error().message, HasSubstr("is a folder"));
    const auto device = open("/dev/null");
    ASSERT_FALSE(device);
    EXPECT_THAT(device.error().message, HasSubstr("not a regular file"));
}

TEST_F(Sqlite, a_folder_that_cannot_be_made_is_named) {
    std::ofstream(folder.path() / "file") << "x";
    const auto opened = open(folder.path() / "file" / "inside" / "store.db");
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, ErrorCode::io);
    EXPECT_THAT(opened.error().message, HasSubstr("Not a directory"));
}

TEST_F(Sqlite, what_this_user_may_not_write_is_refused_by_name) {
    RM_LAB_REQUIRE(root);  // to become somebody else
    const auto as_nobody = [&] {
        return first_line({RM_STORE_CHILD, "--nobody", "open", "sqlite:" + file().string()});
    };
    fs::permissions(folder.path(), fs::perms{0755});
    EXPECT_THAT(as_nobody(),
                testing::AllOf(HasSubstr("permission: "), HasSubstr("cannot make the database file"),
                               HasSubstr("Permission denied for user 65534")));
    std::ofstream(file()).close();
    EXPECT_THAT(as_nobody(),
                testing::AllOf(HasSubstr("permission: "), HasSubstr("cannot write the database file")));
    fs::permissions(file(), fs::perms{0666});
    EXPECT_THAT(as_nobody(), testing::AllOf(HasSubstr("permission: "), HasSubstr("log into the folder")));
    fs::permissions(folder.path(), fs::perms{0700});
    EXPECT_THAT(as_nobody(), testing::AllOf(HasSubstr("permission: "), HasSubstr("cannot reach")));
    EXPECT_EQ(fs::file_size(file()), 0U) << "nothing was written";
}

TEST_F(Sqlite, a_file_that_vanishes_while_in_use_is_noticed_before_anything_is_lost) {
    const auto opened = open(file());
    ASSERT_TRUE(opened) << opened.error().message;
    fs::rename(file(), folder.path() / "aside.db");
    const Status checked = (*opened)->check();
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().code, ErrorCode::io);
    EXPECT_THAT(checked.error().message, HasSubstr("deleted or replaced"));
    EXPECT_FALSE((*opened)->health().ok);
    fs::rename(folder.path() / "aside.db", file());
    EXPECT_TRUE((*opened)->check());
    EXPECT_TRUE((*opened)->health().ok);
}

TEST_F(Sqlite, a_second_statement_in_one_text_is_refused_instead_of_ignored) {
    const auto opened = open(file());
    ASSERT_TRUE(opened) << opened.error().message;
    const auto rows = (*opened)->query("select 1 as one; select 2 as two");
    ASSERT_FALSE(rows);
    EXPECT_THAT(rows.error().message, HasSubstr("more than one statement"));
    EXPECT_TRUE((*opened)->query("select 1 as one;\n "));
}

TEST_F(Sqlite, a_writer_that_is_killed_leaves_whole_transactions_and_all_it_had_committed) {
    for (int round = 0; round < 5; ++round) {
        const TemporaryFolder place;
        const std::string url = "sqlite:" + (place.path() / "store.db").string();
        ChildProcess writer({RM_STORE_CHILD, "pairs", url});
        std::string last;
        for (int i = 0; i < 20 + 7 * round; ++i) last = writer.line();
        for (const std::string& line : writer.kill()) last = line;

        Options options;
        options.url = url;
        const std::vector<Migration> schema = {{1, "pairs", {}}};
        const auto opened = Database::open(options, clock, schema);
        ASSERT_TRUE(opened) << opened.error().message;
        const auto rows =
            (*opened)->query("select number, count(*) as halves from pairs group by number order by number");
        ASSERT_TRUE(rows) << rows.error().message;
        EXPECT_GE(rows->size(), std::stoull(last));
        EXPECT_LE(rows->size(), std::stoull(last) + 1) << "one may be committed and not yet said";
        for (std::size_t i = 0; i < rows->size(); ++i) {
            EXPECT_EQ((*rows)[i].get<std::int64_t>("number"), static_cast<std::int64_t>(i) + 1);
            EXPECT_EQ((*rows)[i].get<std::int64_t>("halves"), 2);
        }
    }
}

}  // namespace
}  // namespace rm::store
