// SPDX-License-Identifier: Apache-2.0
#include "deploy/progress.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/deploy/picture.h"

namespace rm::deploy::test {
namespace {

using testing::HasSubstr;

/// With something in every member.
Deployment full_row() {
    Picture web;
    Deployment row = web.row;
    Replacement& first = row.replicas.front();
    first.blue_restart = {.policy = docker::RestartPolicy::on_failure, .maximum_retries = 5};
    first.green = id('b');
    first.stage = Stage::observe;
    first.drained = first.forward = first.begun = true;
    first.stopping = WallTime(std::chrono::sys_days(std::chrono::year(2026) / 3 / 1) + 123456789ns);
    first.in_place = InPlace{.before = {.nano_cpus = 1,
                                        .cpu_quota = 2,
                                        .cpu_period = 3,
                                        .memory = 4,
                                        .memory_swap = 5,
                                        .memory_reservation = 6},
                             .after = fields(limits("2", "3G")),
                             .condition = InPlace::Condition::ailing,
                             .run = first.stopping,
                             .oom_killed = true};
    first.failure = R"(it said "no")";
    row.replicas.push_back(first);
    row.replicas.back().to = {};
    row.replicas.back().in_place = std::nullopt;
    row.replicas.back().stage = Stage::prepare;
    row.replicas.back().drained = false;
    row.current = 1;
    row.stuck = true;
    row.failure = "it did not work";
    return row;
}

/// The progress of `full_row` with `from` replaced by `to` where it first stands.
std::string damaged(std::string_view from, std::string_view to) {
    std::string text = print_progress(full_row());
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from << " is not in " << text;
    return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

Error error_of(const std::string& text) {
    Deployment into = full_row();
    into.replicas.clear();
    const auto read = read_progress(text, into);
    return read ? Error{.code = ErrorCode::internal, .message = "it was read"} : read.error();
}

TEST(Progress, comes_back_from_the_journal_as_it_went_in) {
    const Deployment row = full_row();
    const auto back = from_row(to_row(row));
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_EQ(*back, row);
}

TEST(Progress, of_every_condition_comes_back) {
    using enum InPlace::Condition;
    for (const auto condition : {stopped, ailing, serving}) {
        Deployment row = full_row();
        row.replicas.front().in_place->condition = condition;
        row.replicas.front().in_place->run = std::nullopt;
        EXPECT_EQ(from_row(to_row(row)).value(), row);
    }
}

TEST(Progress, of_another_version_is_told_apart_from_a_damaged_one) {
    EXPECT_EQ(error_of(damaged(R"("version":1)", R"("version":2)")).code, ErrorCode::unsupported);
    EXPECT_EQ(error_of(damaged(R"("version":1,)", "")).code, ErrorCode::corrupt);
}

TEST(Progress, that_is_damaged_is_never_guessed_at) {
    const std::vector<std::pair<std::string, std::string>> damages{
        {R"({"version")", R"(["version")"},
        {R"("current":1)", R"("current":2)"},
        {R"("current":1)", R"("current":-1)"},
        {R"("current":1)", R"("current":99999999999)"},
        {R"("current":1)", R"("current":"1")"},
        {R"("stuck":true)", R"("stuck":1)"},
        {R"("replicas":[)", R"("replicas":7,"x":[)"},
        {R"("replicas":[)", R"("replica":[)"},
        {R"("replicas":[)", R"("replicas":["a",)"},
        {R"("blue":"aaaa)", R"("blue":"aaa)"},
        {R"("blue_name":"web-1")", R"("blue_name":"")"},
        {R"("final_name":"web-2")", R"("final":"web-2")"},
        {R"("restart":"on-failure")", R"("restart":"sometimes")"},
        {R"("green":"bbbb)", R"("green":"bbb)"},
        {R"("stage":"observe")", R"("stage":"nowhere")"},
        {R"("from":{)", R"("form":{)"},
        {R"("from":{"cpu":500000000)", R"("from":{"cpu":0)"},
        {R"("memory":536870912)", R"("memory":-1)"},
        {R"("to":{)", R"("to":5,"x":{)"},
        {R"("drained":true)", R"("drained":"yes")"},
        {R"("before":{)", R"("befor":{)"},
        {R"("after":{)", R"("after":[],"x":{)"},
        {R"("condition":"ailing")", R"("condition":"fine")"},
        {R"("in_place":{)", R"("in_place":7,"x":{)"},
        {R"("failure":)", R"("failure":3,"x":)"}};
    for (const auto& [from, to] : damages)
        EXPECT_EQ(error_of(damaged(from, to)).code, ErrorCode::corrupt) << from << " -> " << to;
    EXPECT_EQ(error_of("").code, ErrorCode::corrupt);
    EXPECT_EQ(error_of("{}").code, ErrorCode::corrupt);
    const std::string whole = print_progress(full_row());
    for (std::size_t length = 0; length < whole.size(); length += 7)
        EXPECT_EQ(error_of(whole.substr(0, length)).code, ErrorCode::corrupt) << length;
}

TEST(DeploymentRow, names_the_row_that_is_damaged) {
    const auto error = [](void (*damage)(store::Deployment& row)) {
        store::Deployment row = to_row(full_row());
        damage(row);
        const auto read = from_row(row);
        return read ? "it was read" : read.error().message;
    };
    EXPECT_EQ(error([](store::Deployment& row) { row.strategy = "magic"; }),
              "deployment 7: 'magic' is no strategy");
    EXPECT_EQ(error([](store::Deployment& row) { row.status = "lost"; }),
              "deployment 7: 'lost' is no outcome");
    EXPECT_THAT(error([](store::Deployment& row) { row.progress = "{"; }), HasSubstr("deployment 7: "));
    EXPECT_THAT(error([](store::Deployment& row) { row.strategy = "script"; }),
                HasSubstr("is at the stage observe, which script has not"));
}

TEST(DeploymentRow, that_has_ended_comes_back) {
    for (const auto strategy : {config::Strategy::blue_green, config::Strategy::in_place}) {
        Picture web(strategy);
        web.replica().stage = Stage::done;
        EXPECT_EQ(web.look(), "ended: succeeded");
        const auto back = from_row(to_row(web.row));
        ASSERT_TRUE(back) << back.error().message;
        EXPECT_EQ(*back, web.row);
    }
}

TEST(DeploymentRow, shows_the_phase_that_people_know) {
    Picture web;
    EXPECT_EQ(to_row(web.row).phase, "prepare");
    web.replica().stage = Stage::drain;
    EXPECT_EQ(to_row(web.row).phase, "drain");
    EXPECT_EQ(to_row(web.row).status, "under_way");
    web.row.failure = "it did not work";
    EXPECT_EQ(to_row(web.row).phase, "rollback");
}

}  // namespace
}  // namespace rm::deploy::test
