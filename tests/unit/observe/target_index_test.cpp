// SPDX-License-Identifier: Apache-2.0
#include "observe/target_index.h"

#include <gtest/gtest.h>

#include "observe/cgroup_id.h"
#include "tests/unit/observe/containers.h"

namespace rm::observe {
namespace {

using test::id;

TEST(Cgroup, of_a_container_ends_in_its_id) {
    const std::string hex = id(7).full();
    for (const std::string& path : {"/docker/" + hex, "/system.slice/docker-" + hex + ".scope",
                                    "/docker/" + id(1).full() + "/docker/" + hex, "/kubepods/pod1/" + hex,
                                    "/machine.slice/libpod-" + hex + ".scope"})
        EXPECT_EQ(container_of(path), hex) << path;
}

TEST(Cgroup, inside_or_around_containers_is_none) {
    const std::string hex = id(7).full();
    for (const std::string& path :
         {std::string(), std::string("/"), std::string("/system.slice"), "/docker/" + hex + "/init.scope",
          "/docker/" + hex + "/", "/docker/" + hex.substr(1), "/docker/0" + hex, "/docker/x-" + hex,
          "/docker/" + std::string(64, 'g'), "/docker/" + std::string(64, 'A'), "/a/docker" + hex + ".scope"})
        EXPECT_EQ(container_of(path), "") << path;
}

class TargetIndexTest : public testing::Test {
protected:
    std::vector<Target> targets_{{.id = id(1), .name = "postgres", .started_at = {}},
                                 {.id = id(2), .name = "postgres-exporter", .started_at = {}}};
    TargetIndex index_{targets_};

    [[nodiscard]] int found(const Sample& sample) const {
        const auto match = index_.find(sample);
        return match ? static_cast<int>(match->target) : -1;
    }
};

TEST_F(TargetIndexTest, an_id_decides_even_against_the_name) {
    const std::string path = "/docker/" + id(2).full();
    EXPECT_EQ(found({.id = path, .name = "postgres"}), 1);
    EXPECT_EQ(found({.id = "/docker/" + std::string(64, 'f'), .name = "postgres"}), -1);
    EXPECT_EQ(found({.id = "/", .name = "postgres"}), -1);
}

TEST_F(TargetIndexTest, without_an_id_the_whole_name_counts) {
    EXPECT_EQ(found({.id = {}, .name = "postgres"}), 0);
    EXPECT_EQ(found({.id = {}, .name = "postgres-exporter"}), 1);
    EXPECT_EQ(found({.id = {}, .name = "postgres-"}), -1);
    EXPECT_EQ(found({.id = {}, .name = "/postgres"}), -1);
    EXPECT_EQ(found({.id = {}, .name = {}}), -1);
}

}  // namespace
}  // namespace rm::observe
