// SPDX-License-Identifier: Apache-2.0
#include "deploy/stage.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "deploy/course.h"

namespace rm::deploy {
namespace {

using config::Strategy;
using testing::ElementsAre;
using enum Stage;

constexpr std::array strategies{Strategy::blue_green, Strategy::in_place, Strategy::recreate,
                                Strategy::script};

TEST(Stage, has_a_name_that_no_other_has_and_is_found_by_it) {
    std::set<std::string_view> names;
    for (int i = 0; i <= static_cast<int>(undone); ++i) {
        const auto stage = static_cast<Stage>(i);
        EXPECT_TRUE(names.insert(to_string(stage)).second) << to_string(stage);
        EXPECT_EQ(parse_stage(to_string(stage)), stage);
    }
    EXPECT_EQ(parse_stage("nowhere"), std::nullopt);
    EXPECT_EQ(parse_stage(""), std::nullopt);
}

TEST(Stage, is_seen_by_people_as_a_phase) {
    EXPECT_EQ(to_string(phase_of(start)), "create");
    EXPECT_EQ(to_string(phase_of(stop)), "drain");
    EXPECT_EQ(to_string(phase_of(confirm)), "verify");
    EXPECT_EQ(to_string(phase_of(remove)), "finish");
    EXPECT_EQ(to_string(phase_of(revert)), "rollback");
}

TEST(Course, of_blue_green_stops_blue_after_green_was_verified) {
    EXPECT_THAT(course_of(Strategy::blue_green), ElementsAre(prepare, create, start, health, verify, pin,
                                                             drain, stop, observe, swap, remove, done));
    EXPECT_THAT(way_back_of(Strategy::blue_green), ElementsAre(revive, clear, undone));
}

TEST(Course, of_recreate_never_runs_both) {
    EXPECT_THAT(course_of(Strategy::recreate), ElementsAre(prepare, create, pin, drain, stop, start, health,
                                                           verify, observe, swap, remove, done));
    EXPECT_THAT(way_back_of(Strategy::recreate), ElementsAre(clear, revive, undone));
}

TEST(Course, of_the_others_knows_no_green) {
    EXPECT_THAT(course_of(Strategy::in_place), ElementsAre(prepare, update, confirm, observe, done));
    EXPECT_THAT(course_of(Strategy::script), ElementsAre(prepare, script, check, done));
    EXPECT_THAT(way_back_of(Strategy::in_place), ElementsAre(revert, undone));
    EXPECT_THAT(way_back_of(Strategy::script), ElementsAre(revert, undone));
}

TEST(Course, leads_from_each_stage_to_the_next) {
    for (const Strategy strategy : strategies)
        for (const auto course : {course_of(strategy), way_back_of(strategy)})
            for (std::size_t i = 0; i + 1 < course.size(); ++i) {
                EXPECT_EQ(next_stage(strategy, course[i]), course[i + 1]);
                EXPECT_EQ(is_on_way_back(strategy, course[i]), course.back() == undone);
            }
    EXPECT_THROW((void)next_stage(Strategy::in_place, done), std::logic_error);
    EXPECT_THROW((void)next_stage(Strategy::in_place, create), std::logic_error);
}

TEST(Course, knows_which_stages_it_has) {
    EXPECT_TRUE(has_stage(Strategy::in_place, update));
    EXPECT_TRUE(has_stage(Strategy::in_place, revert));
    EXPECT_FALSE(has_stage(Strategy::in_place, create));
    EXPECT_FALSE(has_stage(Strategy::blue_green, revert));
}

}  // namespace
}  // namespace rm::deploy
