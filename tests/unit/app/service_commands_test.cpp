// SPDX-License-Identifier: Apache-2.0
// The commands that look at services and steer them, against a server with the real routes.
#include <atomic>
#include <initializer_list>
#include <memory>

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/command_line.h"
#include "store/decisions.h"
#include "tests/unit/app/commands.h"

namespace rm::app::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class ServiceCommands : public CommandsTest {};

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
}  // namespace rm::app::test
