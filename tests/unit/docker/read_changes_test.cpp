// SPDX-License-Identifier: Apache-2.0
// What is read out of the answers to calls that change something, and out of what is looked at for them.
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "docker/read.h"
#include "tests/unit/docker/bodies.h"

namespace rm::docker {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(ReadChanges, tells_what_happened_to_which_file) {
    using enum FileChange::Kind;
    EXPECT_THAT(
        read_changes(R"([{"Path":"/etc","Kind":0},{"Path":"/etc/a b","Kind":1},{"Path":"/gone","Kind":2}])")
            .value(),
        ElementsAre(FileChange{.path = "/etc", .kind = changed},
                    FileChange{.path = "/etc/a b", .kind = added},
                    FileChange{.path = "/gone", .kind = deleted}));
    EXPECT_THAT(read_changes("null").value(), IsEmpty());
    EXPECT_THAT(read_changes("[]").value(), IsEmpty());
}

TEST(ReadChanges, refuses_what_is_no_change) {
    for (const std::string_view odd : {R"({"message":"x"})", R"([7])", R"([{"Path":"etc","Kind":0}])",
                                       R"([{"Kind":0}])", R"([{"Path":"/etc","Kind":3}])",
                                       R"([{"Path":"/etc","Kind":-1}])", R"([{"Path":"/etc","Kind":"0"}])"})
        EXPECT_EQ(read_changes(odd).error().code, ErrorCode::protocol) << odd;
}

TEST(ReadIds, finds_the_id_and_nothing_else) {
    const std::string created = with_ids(R"({"Id":"A","Warnings":["x"]})");
    EXPECT_EQ(read_created_id(created), id_of('a'));
    EXPECT_EQ(read_exec_id(created), id_text('a'));
    EXPECT_EQ(read_image_id(R"({"Id":"sha256:4c1c","RepoTags":[]})"), "sha256:4c1c");
    for (const std::string_view odd : {"{}", R"({"Id":""})", R"({"Id":7})", R"({"Id":"../x"})", "[]"}) {
        EXPECT_EQ(read_created_id(odd).error().code, ErrorCode::protocol) << odd;
        EXPECT_EQ(read_exec_id(odd).error().code, ErrorCode::protocol) << odd;
        EXPECT_EQ(read_image_id(odd).error().code, ErrorCode::protocol) << odd;
    }
}

TEST(ReadExecEnd, is_there_when_it_ended) {
    EXPECT_EQ(read_exec_end(R"({"Running":false,"ExitCode":126})").value(), 126);
    EXPECT_EQ(read_exec_end(R"({"Running":true,"ExitCode":null})").value(), std::nullopt);
    EXPECT_EQ(read_exec_end(R"({"Running":true,"ExitCode":0})").value(), std::nullopt);
    EXPECT_EQ(read_exec_end(R"({"Running":false,"ExitCode":null})").value(), std::nullopt);
    EXPECT_FALSE(read_exec_end(R"({"Running":"no"})"));
}

TEST(ReadIsConnected, looks_for_a_name_or_an_id) {
    EXPECT_EQ(read_is_connected(inspect_29, "shop_default"), true);
    EXPECT_EQ(read_is_connected(inspect_29, "0123"), true);
    EXPECT_EQ(read_is_connected(inspect_29, "shop"), false);
    EXPECT_EQ(read_is_connected("{}", "shop_default"), false);
    EXPECT_FALSE(read_is_connected(R"({"NetworkSettings":{"Networks":{"a":7}}})", "a"));
}

TEST(ReadChanges, what_is_no_answer_of_an_engine_is_an_error_that_can_be_printed) {
    for (const std::string& body : hostile_bodies) {
        EXPECT_TRUE(body == "null" || !read_changes(body)) << body;
        EXPECT_FALSE(read_created_id(body)) << body;
        EXPECT_FALSE(read_image_id(body)) << body;
        EXPECT_FALSE(read_exec_end(body)) << body;
        EXPECT_FALSE(read_is_connected(body, "x")) << body;
    }
}

}  // namespace
}  // namespace rm::docker
