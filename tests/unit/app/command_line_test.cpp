// SPDX-License-Identifier: Apache-2.0
#include "app/command_line.h"

#include <initializer_list>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rm::app {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Result<Command> parse_words(std::initializer_list<const char*> words) {
    std::vector<const char*> argv{"resource-manager"};
    argv.insert(argv.end(), words);
    return parse(static_cast<int>(argv.size()), argv.data());
}

template <class T>
T parsed(std::initializer_list<const char*> words) {
    auto command = parse_words(words);
    EXPECT_TRUE(command.has_value()) << command.error().message;
    return std::get<T>(std::move(command).value());
}

TEST(CommandLine, run_takes_a_file_and_single_keys) {
    const auto run = parsed<RunDaemon>(
        {"run", "--config", "a.yml", "--set", "x.y=1", "--set", "z=2", "--pid-file", "/run/rm.pid"});
    EXPECT_EQ(run.config.file, "a.yml");
    EXPECT_THAT(run.config.set, ElementsAre("x.y=1", "z=2"));
    EXPECT_EQ(run.pid_file, "/run/rm.pid");
}

TEST(CommandLine, run_needs_nothing) {
    const auto run = parsed<RunDaemon>({"run"});
    EXPECT_EQ(run.config.file, std::nullopt);
    EXPECT_EQ(run.pid_file, std::nullopt);
}

TEST(CommandLine, dry_run_is_a_key_like_any_other) {
    EXPECT_THAT(parsed<RunDaemon>({"run", "--dry-run"}).config.set, ElementsAre("monitoring.dry_run=true"));
}

TEST(CommandLine, config_has_four_commands) {
    EXPECT_EQ(parsed<ConfigCheck>({"config", "check", "x.yml"}).config.file, "x.yml");
    const auto show = parsed<ConfigShow>({"config", "show", "--service", "grafana", "--json", "-c", "x.yml"});
    EXPECT_EQ(show.service, "grafana");
    EXPECT_TRUE(show.json);
    EXPECT_EQ(show.config.file, "x.yml");
    parsed<ConfigSchema>({"config", "schema"});
    parsed<ConfigReference>({"config", "reference"});
}

TEST(CommandLine, help_is_of_the_command_that_was_named) {
    EXPECT_THAT(parsed<Print>({"--help"}).text, HasSubstr("Exit codes:"));
    EXPECT_THAT(parsed<Print>({"run", "--help"}).text, HasSubstr("--pid-file"));
    EXPECT_THAT(parsed<Print>({"config", "show", "--help"}).text, HasSubstr("--service"));
}

TEST(CommandLine, help_names_the_whole_command) {
    EXPECT_THAT(parsed<Print>({"run", "--help"}).text, HasSubstr("resource-manager run [OPTIONS]"));
    EXPECT_THAT(parsed<Print>({"config", "check", "-h"}).text, HasSubstr("resource-manager config check"));
}

TEST(CommandLine, the_version_is_a_flag_too) {
    for (const auto* flag : {"--version", "-V"})
        EXPECT_EQ(parsed<Print>({flag}).text, "resource-manager " RM_VERSION "\n");
}

TEST(CommandLine, the_file_to_check_may_be_named_like_that_of_run) {
    EXPECT_EQ(parsed<ConfigCheck>({"config", "check", "-c", "x.yml"}).config.file, "x.yml");
    EXPECT_EQ(parsed<ConfigCheck>({"config", "check", "--config=x.yml"}).config.file, "x.yml");
}

TEST(CommandLine, what_is_wrong_is_named) {
    const auto message = [](std::initializer_list<const char*> words) {
        const auto command = parse_words(words);
        EXPECT_FALSE(command.has_value());
        return command ? std::string() : command.error().message;
    };
    EXPECT_THAT(message({}), HasSubstr("subcommand"));
    EXPECT_THAT(message({"rnu"}),
                HasSubstr("'rnu' is not a command of resource-manager; did you mean 'run'?"));
    EXPECT_THAT(message({"config", "chek"}),
                HasSubstr("'chek' is not a command of config; did you mean 'check'?"));
    EXPECT_THAT(message({"run", "--confg", "x"}), HasSubstr("--confg"));
    EXPECT_THAT(message({"run", "--config"}), HasSubstr("--config"));
    EXPECT_THAT(message({"completions", "tcsh"}), HasSubstr("tcsh"));
    EXPECT_THAT(message({"rnu"}), HasSubstr("`resource-manager --help`"));
    EXPECT_THAT(message({"run", "--confg", "x"}), HasSubstr("`resource-manager run --help`"));
    EXPECT_THAT(message({"config", "chek"}), HasSubstr("`resource-manager config --help`"));
    EXPECT_THAT(message({"run", "--config", ""}), HasSubstr("--config: must not be empty"));
    EXPECT_THAT(message({"config", "check", ""}), HasSubstr("FILE: must not be empty"));
    EXPECT_THAT(message({"config", "check", "a", "-c", "b"}), HasSubstr("--config"));
}

TEST(CommandLine, completions_know_every_command) {
    const CommandInfo root = describe_commands();
    std::vector<std::string> names;
    names.reserve(root.commands.size());
    for (const auto& command : root.commands) names.push_back(command.name);
    EXPECT_THAT(names, ElementsAre("run", "status", "explain", "plan", "decisions", "deployments",
                                   "preflight", "deploy", "rollback", "export", "pause", "resume", "config",
                                   "version", "completions"));
}

}  // namespace
}  // namespace rm::app
