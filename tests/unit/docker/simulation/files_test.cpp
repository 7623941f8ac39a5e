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

TEST(SimulatedFiles, a_link_leads_where_it_says) {
    SimulatedFiles target = files();
    const auto link = [](std::string path, std::string to) {
        return tar({{.path = std::move(path), .content = std::move(to), .kind = TarEntry::Kind::link}});
    };
    done(target.unpack("/etc", link("here", "app.conf")));
    done(target.unpack("/tmp", link("there", "/usr/bin/app")));
    EXPECT_EQ(target.read("/etc/here"), "a = 1");
    EXPECT_EQ(target.read("/tmp/there"), "binary");
    EXPECT_EQ(read_tar(target.pack("/tmp/there").value()).value().front().content, "/usr/bin/app");
    done(target.unpack("/tmp", link("round", "round")));
    EXPECT_FALSE(target.contains("/tmp/round"));
}

TEST(SimulatedFiles, a_file_that_became_a_link_to_nowhere_is_not_there) {
    SimulatedFiles target = files();
    target.write("/tmp/drain", "drain");
    done(target.unpack("/tmp", tar({{.path = "drain", .content = ".over", .kind = TarEntry::Kind::link}})));
    EXPECT_FALSE(target.contains("/tmp/drain"));
    done(target.unpack("/tmp", tar({{.path = "drain", .content = "again"}})));
    EXPECT_EQ(target.read("/tmp/drain"), "again");
}

TEST(SimulatedFiles, a_folder_and_a_file_can_t_take_each_other_s_place) {
    SimulatedFiles target = files();
    EXPECT_EQ(target.unpack("/", tar({{.path = "new"}, {.path = "etc"}})).error().code, ErrorCode::invalid);
    EXPECT_FALSE(target.contains("/new"));
    const std::string folder = tar({{.path = "app.conf", .kind = TarEntry::Kind::folder}});
    EXPECT_EQ(target.unpack("/etc", folder).error().code, ErrorCode::invalid);
    EXPECT_TRUE(target.read("/etc/app.conf"));
}

}  // namespace
}  // namespace rm::docker
