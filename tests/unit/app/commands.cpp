// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/app/commands.h"

#include <cstdlib>
#include <fstream>

#include "app/command_line.h"
#include "app/execute.h"
#include "tests/unit/serve/hand_made_check.h"
#include "tests/unit/serve/hand_made_deployments.h"

namespace rm::app::test {

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

void CommandsTest::SetUp() {
    check = std::make_shared<const decide::Check>(serve::hand_made_check());
    store = store::Database::open({.url = "sqlite:" + (directory / "rm.db").string(), .password = {}}, clock)
                .value();
    serve::Options options;
    serve::Access access;
    access.token = Secret("secret-token");
    options.access = serve::always(std::move(access));
    server = serve::Server::start(std::move(options),
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

void CommandsTest::TearDown() {
    server.reset();
    store.reset();
    std::filesystem::remove_all(directory);
}

Result<std::int64_t> CommandsTest::begin() {
    if (ends_as.empty()) return fail(ErrorCode::conflict, "deployment 3 of shop/db is under way");
    auto made = serve::hand_made_deployment("shop/db", ends_as);
    if (ends_as != "succeeded") made.failure = "db-2 is unhealthy";
    return serve::keep(*store, made);
}

Outcome CommandsTest::run(std::vector<std::string> words) {
    words.insert(words.begin() + 1, {"--url", "http://127.0.0.1:" + std::to_string(server->port())});
    return run_words(words);
}

Outcome CommandsTest::run_with_token(std::vector<std::string> words, const std::string& token) {
    words.emplace_back("--token-file");
    words.push_back(file("token", token + "\n"));
    return run(std::move(words));
}

std::string CommandsTest::file(const std::string& name, const std::string& text) const {
    const std::string path = (directory / name).string();
    std::ofstream(path) << text;
    return path;
}

std::filesystem::path CommandsTest::fresh_directory() {
    std::string path = (std::filesystem::temp_directory_path() / "rm-commands-XXXXXX").string();
    if (mkdtemp(path.data()) == nullptr) ADD_FAILURE() << "no directory " << path;
    return path;
}

serve::PreflightReport CommandsTest::of_db_alone() {
    return {.at = serve::noon(),
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
}

}  // namespace rm::app::test
