// SPDX-License-Identifier: Apache-2.0
// The commands that deploy, and those that tell of deployments, against a server with the real routes.
#include <filesystem>

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/app/commands.h"
#include "tests/unit/serve/hand_made_deployments.h"

namespace rm::app::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

class DeployCommands : public CommandsTest {};

TEST_F(DeployCommands, deployments_are_listed_and_one_is_shown_in_full) {
    EXPECT_EQ(run({"deployments"}).out, "no deployments yet\n");
    serve::keep(*store, serve::hand_made_deployment("shop/db"));
    serve::keep(*store, serve::hand_made_deployment("shop/web"));
    EXPECT_THAT(run({"deployments"}).out, HasSubstr("shop/db   1 -> 2 CPU  blue_green"));
    EXPECT_THAT(run({"deployments", "--service", "db"}).out, Not(HasSubstr("shop/web")));
    EXPECT_THAT(run({"deployments", "2"}).out, StartsWith("deployment 2 of shop/web: succeeded after 1m\n"));
    EXPECT_THAT(run({"deployments", "2"}).out, HasSubstr("health  2026-01-01 12:00:05Z  50s"));
    EXPECT_EQ(boost::json::parse(run({"deployments", "--json"}).out).at("deployments").as_array().size(), 2U);
    const Outcome unknown = run({"deployments", "9"});
    EXPECT_EQ(unknown.code, ExitCode::failed);
    EXPECT_EQ(unknown.err, "resource-manager: there is no deployment 9\n");
}

TEST_F(DeployCommands, without_a_daemon_deployments_are_read_from_the_store) {
    serve::keep(*store, serve::hand_made_deployment("shop/db"));
    const std::string config =
        file("config.yml", "store: {url: \"sqlite:" + (directory / "rm.db").string() + "\"}\n");
    const std::string listen = "http.listen=127.0.0.1:" + std::to_string(server->port());
    server->stop(Duration::zero());
    EXPECT_THAT(run_words({"deployments", "-c", config, "--set", listen}).out, HasSubstr("shop/db"));
    EXPECT_THAT(run_words({"deployments", "--once", "-c", config}).out, HasSubstr("shop/db"));
    EXPECT_THAT(run_words({"deployments", "--once", "1", "-c", config}).out, StartsWith("deployment 1 of"));
    EXPECT_THAT(run_words({"deployments", "--once", "--service", "bd", "-c", config}).err,
                HasSubstr("did you mean 'db'?"));
    EXPECT_EQ(run({"deployments"}).code, ExitCode::failed) << "another daemon was named";
}

TEST_F(DeployCommands, a_store_that_is_not_there_is_not_made_by_looking_at_it) {
    const std::string missing = (directory / "none.db").string();
    const std::string config = file("config.yml", "store: {url: \"sqlite:" + missing + "\"}\n");
    const Outcome looked = run_words({"deployments", "--once", "-c", config});
    EXPECT_EQ(looked.code, ExitCode::failed);
    EXPECT_THAT(looked.err, HasSubstr("there is no store at"));
    EXPECT_FALSE(std::filesystem::exists(missing));
}

TEST_F(DeployCommands, preflight_lists_all_services_and_shows_one_in_full) {
    EXPECT_THAT(run({"preflight"}).out,
                HasSubstr("shop/db  auto        in_place\n  db-1 has no health check"));
    EXPECT_THAT(run({"preflight", "db"}).out, HasSubstr("would get in_place: db-1 has no health check"));
    EXPECT_EQ(asked_ahead.service, "db");
    EXPECT_TRUE(boost::json::parse(run({"preflight", "--json"}).out).at("services").is_array());
}

TEST_F(DeployCommands, deploy_begins_and_says_where_to_look) {
    const Outcome begun = run_with_token({"deploy", "db", "--cpu", "1.5", "--memory", "768M", "--strategy",
                                          "in_place", "--reason", "load \"test\""});
    EXPECT_EQ(begun.code, ExitCode::ok) << begun.err;
    EXPECT_THAT(begun.out, IsEmpty());
    EXPECT_EQ(begun.err,
              "deployment 1 of shop/db has begun; `resource-manager deployments 1` shows how it goes\n");
    ASSERT_TRUE(wanted);
    EXPECT_EQ(print(wanted->to), "1.5 CPU, 768M");
    EXPECT_EQ(wanted->strategy, config::Strategy::in_place);
    EXPECT_EQ(wanted->reason, "load \"test\"");
    EXPECT_EQ(wanted->requested_by, "deploy command");
    EXPECT_EQ(boost::json::parse(run_with_token({"deploy", "db", "--cpu", "1", "--json"}).out).at("id"), 2);
}

TEST_F(DeployCommands, deploy_that_waits_tells_how_it_went_and_ends_with_a_code_for_it) {
    const Outcome done = run_with_token({"deploy", "db", "--cpu", "2", "--wait"});
    EXPECT_EQ(done.code, ExitCode::ok) << done.err;
    EXPECT_THAT(done.err, HasSubstr("2026-01-01 12:00:05Z  health  started\n"));
    EXPECT_THAT(done.err, HasSubstr("shop/db: 1 -> 2 CPU by blue_green, succeeded after 1m\n"));
    EXPECT_THAT(done.err, Not(HasSubstr("\x1b")));
    ends_as = "rolled_back";
    const Outcome back = run_with_token({"deploy", "db", "--cpu", "2", "--wait", "--json"});
    EXPECT_EQ(back.code, ExitCode::rolled_back);
    EXPECT_THAT(back.err, HasSubstr("rolled back after 1m\ndb-2 is unhealthy\n"));
    EXPECT_EQ(boost::json::parse(back.out).at("deployment").at("status"), "rolled_back");
    ends_as = "failed";
    EXPECT_EQ(run_with_token({"deploy", "db", "--cpu", "2", "--wait"}).code, ExitCode::deploy_failed);
}

TEST_F(DeployCommands, a_deployment_that_is_refused_has_an_exit_code_of_its_own) {
    ends_as.clear();
    const Outcome under_way = run_with_token({"deploy", "db", "--cpu", "2", "--wait"});
    EXPECT_EQ(under_way.code, ExitCode::refused);
    EXPECT_EQ(under_way.err, "resource-manager: deployment 3 of shop/db is under way\n");
    const Outcome unknown = run_with_token({"deploy", "bd", "--cpu", "2"});
    EXPECT_EQ(unknown.code, ExitCode::refused);
    EXPECT_THAT(unknown.err, HasSubstr("did you mean 'db'?"));
    EXPECT_EQ(run({"deploy", "db", "--cpu", "2"}).code, ExitCode::refused) << "without the token";
}

TEST_F(DeployCommands, amounts_that_are_none_are_usage_errors_before_anything_is_asked) {
    EXPECT_THAT(run({"deploy", "db"}).err, HasSubstr("say what shall change: --cpu, --memory or both"));
    EXPECT_THAT(run({"deploy", "db", "--cpu", "0"}).err, HasSubstr("--cpu: '0' is no limit"));
    EXPECT_THAT(run({"deploy", "db", "--strategy", "bluegreen", "--cpu", "1"}).err,
                HasSubstr("did you mean 'blue_green'?"));
    for (const auto* amount : {"much", "-1", "0"})
        EXPECT_EQ(run({"deploy", "db", "--memory=" + std::string(amount)}).code, ExitCode::usage) << amount;
    EXPECT_FALSE(wanted);
}

TEST_F(DeployCommands, deploy_in_dry_run_says_what_would_be_done_and_orders_nothing) {
    const Outcome shown = run({"deploy", "db", "--cpu", "2", "--strategy", "in_place", "--dry-run"});
    EXPECT_EQ(shown.code, ExitCode::ok) << shown.err;
    EXPECT_THAT(shown.out, HasSubstr("  - db-1 gets other limits while it runs\n"));
    EXPECT_EQ(asked_ahead.to, (Limits{.cpu = Cores::whole(2), .memory = {}}));
    EXPECT_EQ(asked_ahead.strategy, config::Strategy::in_place);
    report->services[0].strategy.reset();
    EXPECT_EQ(run({"deploy", "db", "--cpu", "2", "--dry-run"}).code, ExitCode::refused);
    report = fail(ErrorCode::not_found, "there is no service bd; did you mean db?");
    EXPECT_EQ(run({"deploy", "bd", "--cpu", "2", "--dry-run"}).code, ExitCode::refused);
    EXPECT_FALSE(wanted);
}

TEST_F(DeployCommands, rollback_takes_the_last_adjustment_back) {
    EXPECT_EQ(run_with_token({"rollback", "db"}).code, ExitCode::refused);
    serve::keep(*store, serve::hand_made_deployment("shop/db"));
    const Outcome back = run_with_token({"rollback", "db", "--wait"});
    EXPECT_EQ(back.code, ExitCode::ok) << back.err;
    ASSERT_TRUE(wanted);
    EXPECT_EQ(print(wanted->to), "1 CPU, 256M");
}

TEST_F(DeployCommands, without_a_daemon_nothing_is_deployed) {
    server->stop(Duration::zero());
    const Outcome away = run_with_token({"deploy", "db", "--cpu", "2", "--wait"});
    EXPECT_EQ(away.code, ExitCode::failed);
    EXPECT_THAT(away.err, HasSubstr("Start it with `resource-manager run`"));
    EXPECT_EQ(run({"deploy", "db", "--cpu", "2", "--dry-run"}).code, ExitCode::failed);
}

}  // namespace
}  // namespace rm::app::test
