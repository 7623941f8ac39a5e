// SPDX-License-Identifier: Apache-2.0
// The commands that look at services and steer them, against a server with the real routes.
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/command_line.h"
#include "app/execute.h"
#include "serve/server.h"
#include "serve/service_routes.h"
#include "store/decisions.h"
#include "tests/unit/serve/hand_made_check.h"
#include "tests/unit/serve/hand_made_deployments.h"

namespace rm::app {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

struct Outcome {
    ExitCode code;
    std::string out;
    std::string err;
};

Outcome run_words(const std::vector<std::string>& words) {
    std::vector<const char*> argv{"resource-manager"};
    argv.reserve(words.size() + 1);
    for (const std::string& word : words) argv.push_back(word.c_str());
    const auto command = parse(static_cast<int>(argv.size()), argv.data());
    EXPECT_TRUE(command.has_value()) << command.error().message;
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    const ExitCode code = execute(*command, {{"LANG", "C.UTF-8"}});
    Outcome outcome{code, {}, {}};
    outcome.out = testing::internal::GetCapturedStdout();
    outcome.err = testing::internal::GetCapturedStderr();
    return outcome;
}

class ServiceCommands : public testing::Test {
protected:
    void SetUp() override {
        serve::Options options;
        serve::Access access;
        access.token = Secret("secret-token");
        options.access = serve::always(std::move(access));
        server =
            serve::Server::start(std::move(options),
                                 serve::service_routes({.latest = [this] { return check; },
                                                        .look = [this](const auto&) { return check; },
                                                        .first_due = nullptr,
                                                        .store = *store,
                                                        .clock = clock,
                                                        .look_ahead =
                                                            [this](const auto& asked, const auto&) {
                                                                asked_ahead = asked;
                                                                return report;
                                                            },
                                                        .deploy =
                                                            [this](const serve::Wanted& asked, const auto&) {
                                                                wanted = asked;
                                                                return begin();
                                                            }}),
                                 metrics)
                .value();
    }

    void TearDown() override {
        server.reset();
        store.reset();
        std::filesystem::remove_all(directory);
    }

    /// A deployment that has ended as the test says, or is refused.
    Result<std::int64_t> begin() {
        if (ends_as.empty()) return fail(ErrorCode::conflict, "deployment 3 of shop/db is under way");
        auto made = serve::hand_made_deployment("shop/db", ends_as);
        if (ends_as != "succeeded") made.failure = "db-2 is unhealthy";
        return serve::keep(*store, made);
    }

    /// Runs the command against the server.
    Outcome run(std::vector<std::string> words) {
        words.insert(words.begin() + 1, {"--url", "http://127.0.0.1:" + std::to_string(server->port())});
        return run_words(words);
    }

    Outcome run_with_token(std::vector<std::string> words, const std::string& token = "secret-token") {
        words.emplace_back("--token-file");
        words.push_back(file("token", token + "\n"));
        return run(std::move(words));
    }

    [[nodiscard]] std::string file(const std::string& name, const std::string& text) const {
        const std::string path = (directory / name).string();
        std::ofstream(path) << text;
        return path;
    }

    static std::filesystem::path fresh_directory() {
        std::string path = (std::filesystem::temp_directory_path() / "rm-commands-XXXXXX").string();
        if (mkdtemp(path.data()) == nullptr) ADD_FAILURE() << "no directory " << path;
        return path;
    }

    VirtualClock clock{serve::noon()};
    std::filesystem::path directory = fresh_directory();
    std::unique_ptr<store::Database> store =
        store::Database::open({.url = "sqlite:" + (directory / "rm.db").string(), .password = {}}, clock)
            .value();
    serve::CheckPtr check = std::make_shared<const decide::Check>(serve::hand_made_check());
    Result<serve::PreflightReport> report = serve::PreflightReport{
        .at = serve::noon(),
        .services = {{.service = ServiceName::parse("shop/db").value(),
                      .shown_as = "db",
                      .managed = true,
                      .configured = config::Strategy::automatic,
                      .strategy = config::Strategy::in_place,
                      .why = "db-1 has no health check",
                      .options = {{.strategy = config::Strategy::in_place, .against = {}}},
                      .replicas = {"db-1"},
                      .from = Limits{.cpu = Cores::whole(1), .memory = {}},
                      .to = {},
                      .steps = {"db-1 gets other limits while it runs"}}}};
    serve::PreflightAsked asked_ahead;
    std::optional<serve::Wanted> wanted;
    std::string ends_as = "succeeded";
    telemetry::Metrics metrics;
    std::unique_ptr<serve::Server> server;
};

TEST_F(ServiceCommands, status_prints_a_table_on_stdout) {
    const Outcome all = run({"status"});
    EXPECT_EQ(all.code, ExitCode::ok) << all.err;
    EXPECT_THAT(all.err, IsEmpty());
    EXPECT_THAT(all.out, HasSubstr("0.42 / 0.5  84% ↑3/3"));
    EXPECT_THAT(all.out, Not(HasSubstr("\x1b")));
    const Outcome one = run({"status", "db"});
    EXPECT_THAT(one.out, HasSubstr("memory at maximum (bounds.memory.max)"));
    EXPECT_THAT(one.out, Not(HasSubstr("cache")));
}

TEST_F(ServiceCommands, json_is_the_apis_own) {
    const Outcome status = run({"status", "--json"});
    EXPECT_EQ(boost::json::parse(status.out).at("services").as_array().size(), 4U);
    EXPECT_TRUE(
        boost::json::parse(run({"explain", "db", "--json"}).out).at("service").as_object().contains("gates"));
    EXPECT_EQ(boost::json::parse(run({"plan", "--json"}).out).at("within"), 1);
    EXPECT_TRUE(boost::json::parse(run({"decisions", "--json"}).out).at("decisions").is_array());
}

TEST_F(ServiceCommands, explain_shows_gates_and_the_last_decisions) {
    const store::Decision made{.at = serve::noon(),
                               .service = ServiceName::parse("shop/db").value(),
                               .outcome = "hold:bounds",
                               .from = {.cpu = Cores::whole(2), .memory = {}},
                               .to = {},
                               .reason = "it is as large as it may be",
                               .details = "{}"};
    ASSERT_TRUE(store->transaction([&](store::Session& session) { return record(session, made); }));
    const Outcome explained = run({"explain", "shop/db"});
    EXPECT_EQ(explained.code, ExitCode::ok) << explained.err;
    EXPECT_THAT(explained.out, HasSubstr("✗ bounds (memory)"));
    EXPECT_THAT(explained.out, HasSubstr("-> raise bounds.memory.max"));
    EXPECT_THAT(explained.out, HasSubstr("it is as large as it may be"));
    EXPECT_THAT(run({"decisions", "db"}).out, HasSubstr("hold:bounds"));
    EXPECT_THAT(run({"decisions", "cache"}).out, HasSubstr("no decisions yet"));
}

TEST_F(ServiceCommands, plan_shows_what_would_be_done) {
    EXPECT_THAT(run({"plan"}).out, HasSubstr("shop/web  0.5 -> 0.7 CPU  by blue_green"));
}

TEST_F(ServiceCommands, deployments_are_listed_and_one_is_shown_in_full) {
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

TEST_F(ServiceCommands, without_a_daemon_deployments_are_read_from_the_store) {
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

TEST_F(ServiceCommands, a_store_that_is_not_there_is_not_made_by_looking_at_it) {
    const std::string missing = (directory / "none.db").string();
    const std::string config = file("config.yml", "store: {url: \"sqlite:" + missing + "\"}\n");
    const Outcome looked = run_words({"deployments", "--once", "-c", config});
    EXPECT_EQ(looked.code, ExitCode::failed);
    EXPECT_THAT(looked.err, HasSubstr("there is no store at"));
    EXPECT_FALSE(std::filesystem::exists(missing));
}

TEST_F(ServiceCommands, preflight_lists_all_services_and_shows_one_in_full) {
    EXPECT_THAT(run({"preflight"}).out,
                HasSubstr("shop/db  auto        in_place\n  db-1 has no health check"));
    EXPECT_THAT(run({"preflight", "db"}).out, HasSubstr("would get in_place: db-1 has no health check"));
    EXPECT_EQ(asked_ahead.service, "db");
    EXPECT_TRUE(boost::json::parse(run({"preflight", "--json"}).out).at("services").is_array());
}

TEST_F(ServiceCommands, deploy_begins_and_says_where_to_look) {
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

TEST_F(ServiceCommands, deploy_that_waits_tells_how_it_went_and_ends_with_a_code_for_it) {
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

TEST_F(ServiceCommands, a_deployment_that_is_refused_has_an_exit_code_of_its_own) {
    ends_as.clear();
    const Outcome under_way = run_with_token({"deploy", "db", "--cpu", "2", "--wait"});
    EXPECT_EQ(under_way.code, ExitCode::refused);
    EXPECT_EQ(under_way.err, "resource-manager: deployment 3 of shop/db is under way\n");
    const Outcome unknown = run_with_token({"deploy", "bd", "--cpu", "2"});
    EXPECT_EQ(unknown.code, ExitCode::refused);
    EXPECT_THAT(unknown.err, HasSubstr("did you mean 'db'?"));
    EXPECT_EQ(run({"deploy", "db", "--cpu", "2"}).code, ExitCode::refused) << "without the token";
}

TEST_F(ServiceCommands, amounts_that_are_none_are_usage_errors_before_anything_is_asked) {
    EXPECT_THAT(run({"deploy", "db"}).err, HasSubstr("say what shall change: --cpu, --memory or both"));
    EXPECT_THAT(run({"deploy", "db", "--cpu", "0"}).err, HasSubstr("--cpu: '0' is no limit"));
    EXPECT_THAT(run({"deploy", "db", "--strategy", "bluegreen", "--cpu", "1"}).err,
                HasSubstr("did you mean 'blue_green'?"));
    for (const auto* amount : {"much", "-1", "0"})
        EXPECT_EQ(run({"deploy", "db", "--memory=" + std::string(amount)}).code, ExitCode::usage) << amount;
    EXPECT_FALSE(wanted);
}

TEST_F(ServiceCommands, deploy_in_dry_run_says_what_would_be_done_and_orders_nothing) {
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

TEST_F(ServiceCommands, rollback_takes_the_last_adjustment_back) {
    EXPECT_EQ(run_with_token({"rollback", "db"}).code, ExitCode::refused);
    serve::keep(*store, serve::hand_made_deployment("shop/db"));
    const Outcome back = run_with_token({"rollback", "db", "--wait"});
    EXPECT_EQ(back.code, ExitCode::ok) << back.err;
    ASSERT_TRUE(wanted);
    EXPECT_EQ(print(wanted->to), "1 CPU, 256M");
}

TEST_F(ServiceCommands, export_prints_an_override_file_for_compose) {
    const Outcome exported = run({"export", "--format", "compose", "--project", "shop"});
    EXPECT_EQ(exported.code, ExitCode::ok) << exported.err;
    EXPECT_THAT(exported.out, HasSubstr("\nservices:\n  \"cache\":\n"));
    EXPECT_THAT(run({"export"}).err, HasSubstr("there are several projects, say which: blog, shop"));
}

TEST_F(ServiceCommands, pausing_and_resuming_are_confirmed_in_words) {
    const Outcome paused = run_with_token({"pause", "db", "--for", "2h", "--reason", "load \"test\""});
    EXPECT_EQ(paused.code, ExitCode::ok) << paused.err;
    EXPECT_THAT(paused.out, IsEmpty());
    EXPECT_EQ(paused.err, "shop/db is paused until 2026-01-01 14:00:00Z\n");
    EXPECT_THAT(run({"status", "db"}).out, HasSubstr("load \"test\""));
    EXPECT_EQ(run_with_token({"resume", "db"}).err, "shop/db is resumed\n");
    EXPECT_EQ(run_with_token({"resume", "db"}).err, "shop/db was not paused\n");
    const Outcome json = run_with_token({"pause", "db", "--json"});
    EXPECT_TRUE(boost::json::parse(json.out).at("pause").at("until").is_null());
    EXPECT_THAT(run_with_token({"pause", "db"}).err, HasSubstr("until `resource-manager resume shop/db`"));
}

TEST_F(ServiceCommands, a_wrong_token_fails_without_being_shown) {
    const Outcome wrong = run_with_token({"pause", "db"}, "wrong-token");
    EXPECT_EQ(wrong.code, ExitCode::failed);
    EXPECT_THAT(wrong.err, HasSubstr("the token is not the daemon's"));
    EXPECT_THAT(wrong.err, Not(HasSubstr("wrong-token")));
    const Outcome none = run({"pause", "db"});
    EXPECT_EQ(none.code, ExitCode::failed);
    EXPECT_THAT(none.err, HasSubstr("say --token-file FILE"));
}

TEST_F(ServiceCommands, a_token_file_that_cannot_be_used_is_a_usage_error) {
    const Outcome missing = run({"pause", "db", "--token-file", "/no/such/file"});
    EXPECT_EQ(missing.code, ExitCode::usage);
    EXPECT_THAT(missing.err, HasSubstr("/no/such/file"));
    EXPECT_EQ(run({"pause", "db", "--token-file", file("empty", "\n")}).code, ExitCode::usage);
}

TEST_F(ServiceCommands, what_the_daemon_refuses_is_told_as_a_sentence) {
    const Outcome unknown = run({"explain", "cahce"});
    EXPECT_EQ(unknown.code, ExitCode::failed);
    EXPECT_THAT(unknown.out, IsEmpty());
    EXPECT_EQ(unknown.err, "resource-manager: there is no service 'cahce'; did you mean 'cache'?\n");
    EXPECT_THAT(run({"explain", "web"}).err, HasSubstr("blog/web or shop/web"));
    EXPECT_THAT(run_with_token({"pause", "db", "--for", "later"}).err,
                HasSubstr("'later' is not a duration"));
}

TEST_F(ServiceCommands, a_name_that_can_be_no_service_is_refused_before_anything_is_asked) {
    for (const auto* hostile : {"a\"<b>", "../x", "a/../b", "x?y#z", "a\nb", "a\x1b[2J", ""}) {
        for (const auto* command :
             {"explain", "status", "decisions", "preflight", "deploy", "rollback", "pause", "resume"}) {
            const Outcome refused = run({command, "--", hostile});
            EXPECT_EQ(refused.code, ExitCode::usage) << command << ' ' << hostile;
            EXPECT_THAT(refused.err, HasSubstr("is not a service: write"));
            EXPECT_THAT(refused.err, Not(HasSubstr("\x1b")));
        }
    }
    EXPECT_THAT(run({"explain", "a\nb"}).err, HasSubstr("'a\\x0ab' is not a service"));
}

TEST_F(ServiceCommands, hostile_text_from_the_daemon_cannot_steer_the_terminal) {
    decide::Check hostile = serve::hand_made_check();
    hostile.services[2].verdict.summary = "\x1b[2J\"<b>\n";
    check = std::make_shared<const decide::Check>(hostile);
    EXPECT_THAT(run({"explain", "db"}).out, HasSubstr("?[2J\"<b>?\n"));
}

TEST_F(ServiceCommands, before_the_first_check_they_say_so) {
    check = nullptr;
    EXPECT_THAT(run({"status"}).err, HasSubstr("there was no check yet"));
}

TEST_F(ServiceCommands, the_configuration_tells_where_the_daemon_is) {
    const std::string listen = "http.listen=0.0.0.0:" + std::to_string(server->port());
    const std::string config = file("config.yml", "{}\n");
    const Outcome found = run_words({"status", "-c", config, "--set", listen});
    EXPECT_EQ(found.code, ExitCode::ok) << found.err;
    const Outcome any_port = run_words({"status", "-c", config, "--set", "http.listen=127.0.0.1:0"});
    EXPECT_EQ(any_port.code, ExitCode::usage);
    EXPECT_THAT(any_port.err, HasSubstr("say --url"));
    const std::string token = "http.token_file=" + file("t", "secret-token");
    const Outcome paused = run_words({"pause", "db", "-c", config, "--set", listen, "--set", token});
    EXPECT_EQ(paused.code, ExitCode::ok) << paused.err;
}

TEST_F(ServiceCommands, without_a_daemon_nothing_is_deployed) {
    server->stop(Duration::zero());
    const Outcome away = run_with_token({"deploy", "db", "--cpu", "2", "--wait"});
    EXPECT_EQ(away.code, ExitCode::failed);
    EXPECT_THAT(away.err, HasSubstr("Start it with `resource-manager run`"));
    EXPECT_EQ(run({"deploy", "db", "--cpu", "2", "--dry-run"}).code, ExitCode::failed);
}

TEST_F(ServiceCommands, without_a_daemon_they_say_where_they_looked_and_what_to_do) {
    const std::string port = std::to_string(server->port());
    server->stop(Duration::zero());
    const Outcome away = run({"status"});
    EXPECT_EQ(away.code, ExitCode::failed);
    EXPECT_THAT(away.out, IsEmpty());
    EXPECT_THAT(away.err, HasSubstr("http://127.0.0.1:" + port));
    EXPECT_THAT(away.err,
                HasSubstr("Start it with `resource-manager run`; status, explain, plan and preflight can"));
}

TEST_F(ServiceCommands, another_program_at_that_address_is_not_taken_for_a_daemon) {
    const std::string url = "http://127.0.0.1:" + std::to_string(server->port()) + "/elsewhere";
    EXPECT_THAT(run_words({"status", "--url", url}).err, HasSubstr("there is nothing at"));
    server->stop(Duration::zero());
    const auto status = std::make_shared<std::atomic<int>>(200);
    serve::Route odd;
    odd.methods = {"GET"};
    odd.pattern = "/api/services";
    odd.handler = [status](const serve::Request&) {
        serve::Response response = serve::json_response("<html>");
        response.status = *status;
        return response;
    };
    server = serve::Server::start({}, {odd}, metrics).value();
    EXPECT_THAT(run({"status"}).err, HasSubstr("the answer is not JSON"));
    *status = 500;
    const Outcome broken = run({"status"});
    EXPECT_EQ(broken.code, ExitCode::failed);
    EXPECT_THAT(broken.err, HasSubstr("answered with status 500 and no explanation"));
}

TEST(ServiceCommandLine, an_address_that_is_none_is_a_usage_error) {
    EXPECT_EQ(run_words({"status", "--url", "ftp://x"}).code, ExitCode::usage);
    EXPECT_EQ(run_words({"status", "--url", "http://x/?q=1"}).code, ExitCode::usage);
}

TEST(ServiceCommandLine, what_a_command_needs_is_checked_before_anything_is_asked) {
    const auto parse_words = [](std::initializer_list<const char*> words) {
        std::vector<const char*> argv{"resource-manager"};
        argv.insert(argv.end(), words);
        return parse(static_cast<int>(argv.size()), argv.data());
    };
    EXPECT_FALSE(parse_words({"explain"}).has_value());
    EXPECT_FALSE(parse_words({"decisions", "--limit", "0"}).has_value());
    EXPECT_FALSE(parse_words({"decisions", "--limit", "1001"}).has_value());
    EXPECT_FALSE(parse_words({"status", "--token-file", "x"}).has_value());
    EXPECT_FALSE(parse_words({"pause", "db", "--once"}).has_value());
    const auto decisions = std::get<ShowDecisions>(*parse_words({"decisions", "db"}));
    EXPECT_EQ(decisions.limit, 20);
    EXPECT_EQ(decisions.service, "db");
    EXPECT_TRUE(std::get<ShowPlan>(*parse_words({"plan", "--once"})).once);
}

}  // namespace
}  // namespace rm::app
