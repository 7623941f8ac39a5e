// SPDX-License-Identifier: Apache-2.0
#include "docker/simulation/files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "docker/tar.h"
#include "tests/unit/docker/done.h"

namespace rm::docker {
namespace {

using test::done;
using testing::ElementsAre;
using testing::IsEmpty;
using Kind = FileChange::Kind;

SimulatedFiles files() {
    return SimulatedFiles(
        SimulatedFiles::image_layer({{"/etc/app.conf", "a = 1"}, {"/usr/bin/app", "binary"}}));
}

std::string tar(const std::vector<TarEntry>& entries) {
    return write_tar(entries).value();
}

std::vector<std::string> paths(const Result<std::string>& archive) {
    std::vector<std::string> paths;
    const auto entries = read_tar(archive.value()).value();
    paths.reserve(entries.size());
    for (const TarEntry& entry : entries) paths.push_back(entry.path);
    return paths;
}

TEST(SimulatedFiles, has_what_the_image_has) {
    const SimulatedFiles fresh = files();
    EXPECT_EQ(fresh.read("/etc/app.conf"), "a = 1");
    EXPECT_EQ(fresh.read("etc/../etc//./app.conf"), "a = 1");
    EXPECT_TRUE(fresh.contains("/usr/bin"));
    EXPECT_TRUE(fresh.contains("/tmp/"));
    EXPECT_FALSE(fresh.contains("/nope"));
    EXPECT_EQ(fresh.read("/etc"), std::nullopt);
    EXPECT_THAT(fresh.changes(), IsEmpty());
}

TEST(SimulatedFiles, tells_what_changed_and_where) {
    SimulatedFiles changed = files();
    changed.write("/etc/app.conf", "a = 2");
    changed.write("/opt/app/new", "");
    changed.remove("/usr/bin/app");
    EXPECT_THAT(changed.changes(), ElementsAre(FileChange{.path = "/etc", .kind = Kind::changed},
                                               FileChange{.path = "/etc/app.conf", .kind = Kind::changed},
                                               FileChange{.path = "/opt", .kind = Kind::added},
                                               FileChange{.path = "/opt/app", .kind = Kind::added},
                                               FileChange{.path = "/opt/app/new", .kind = Kind::added},
                                               FileChange{.path = "/usr", .kind = Kind::changed},
                                               FileChange{.path = "/usr/bin", .kind = Kind::changed},
                                               FileChange{.path = "/usr/bin/app", .kind = Kind::deleted}));
    EXPECT_FALSE(changed.contains("/usr/bin/app"));
}

TEST(SimulatedFiles, what_was_made_and_removed_leaves_no_trace) {
    SimulatedFiles changed = files();
    changed.write("/tmp/drain", "");
    changed.remove("/tmp/drain");
    EXPECT_THAT(changed.changes(), IsEmpty());
}

TEST(SimulatedFiles, an_archive_goes_from_one_container_into_another) {
    SimulatedFiles blue = files();
    blue.write("/etc/injected/one", "1");
    const auto archive = blue.pack("/etc/injected");
    EXPECT_THAT(paths(archive), ElementsAre("injected", "injected/one"));
    SimulatedFiles green = files();
    done(green.unpack("/etc", *archive));
    EXPECT_EQ(green.read("/etc/injected/one"), "1");
    EXPECT_EQ(green.changes(), blue.changes());
}

TEST(SimulatedFiles, a_file_is_packed_under_its_own_name_and_the_root_whole) {
    EXPECT_THAT(paths(files().pack("/etc/app.conf")), ElementsAre("app.conf"));
    EXPECT_THAT(paths(files().pack("/")), ElementsAre(".", "./etc", "./etc/app.conf", "./run", "./tmp",
                                                      "./usr", "./usr/bin", "./usr/bin/app", "./var"));
    EXPECT_EQ(files().pack("/nope").error().code, ErrorCode::not_found);
}

TEST(SimulatedFiles, an_archive_needs_a_folder_to_go_to) {
    SimulatedFiles target = files();
    const std::string archive = tar({{.path = "new", .content = "x"}});
    EXPECT_EQ(target.unpack("/nope", archive).error().code, ErrorCode::not_found);
    EXPECT_EQ(target.unpack("/etc/app.conf", archive).error().code, ErrorCode::invalid);
    EXPECT_EQ(target.unpack("/etc", "junk").error().code, ErrorCode::invalid);
    EXPECT_THAT(target.changes(), IsEmpty());
}

TEST(SimulatedFiles, an_archive_that_leads_out_of_its_folder_is_refused_whole) {
    SimulatedFiles target = files();
    const std::string archive = tar({{.path = "good"}, {.path = "a/../../up"}});
    EXPECT_EQ(target.unpack("/tmp", archive).error().code, ErrorCode::invalid);
    EXPECT_FALSE(target.contains("/tmp/good"));
}

TEST(SimulatedFiles, a_folder_in_an_archive_keeps_what_is_in_it_already) {
    SimulatedFiles target = files();
    done(target.unpack("/", tar({{.path = "etc", .kind = TarEntry::Kind::folder}, {.path = "etc/new"}})));
    EXPECT_TRUE(target.contains("/etc/app.conf"));
    EXPECT_TRUE(target.contains("/etc/new"));
}

}  // namespace
}  // namespace rm::docker
