// SPDX-License-Identifier: Apache-2.0
// The commands as a user types them: what they print, and where, and their exit codes.
#include <filesystem>
#include <fstream>

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/e2e/daemon_process.h"

namespace rm::e2e {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

const std::string shipped = RM_SOURCE_DIR "/config/config.yml";

TEST(Cli, version_is_on_stdout) {
    const auto outcome = resource_manager({"version"});
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_EQ(outcome.out, "resource-manager " RM_VERSION "\n");
    EXPECT_THAT(outcome.err, IsEmpty());
    EXPECT_EQ(resource_manager({"version", "--json"}).out, "{\"version\":\"" RM_VERSION "\"}\n");
}

TEST(Cli, a_wrong_command_line_exits_with_2_and_says_why_on_stderr) {
    const auto outcome = resource_manager({"rnu"});
    EXPECT_EQ(outcome.exit_code, 2);
    EXPECT_THAT(outcome.out, IsEmpty());
    EXPECT_THAT(outcome.err, HasSubstr("did you mean 'run'?"));
    EXPECT_EQ(resource_manager({}).exit_code, 2);
}

TEST(Cli, help_is_data_and_goes_to_stdout) {
    const auto outcome = resource_manager({"--help"});
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_THAT(outcome.out, HasSubstr("Exit codes:"));
}

TEST(Cli, the_shipped_configuration_is_valid) {
    const auto outcome = resource_manager({"config", "check", shipped});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_THAT(outcome.out, HasSubstr("valid"));
}

TEST(Cli, every_mistake_of_a_file_is_listed_with_its_place_and_the_exit_code_is_2) {
    const TemporaryDirectory directory;
    const std::string file = directory.file("bad.yml", "monitoring:\n  chek_interval: 5m\n  dry_run: yes\n");
    const auto outcome = resource_manager({"config", "check", file});
    EXPECT_EQ(outcome.exit_code, 2);
    EXPECT_THAT(outcome.out, IsEmpty());
    EXPECT_THAT(outcome.err, HasSubstr(file + ":2:3: "));
    EXPECT_THAT(outcome.err, HasSubstr("check_interval"));
    EXPECT_THAT(outcome.err, HasSubstr(file + ":3:12: "));
    EXPECT_THAT(outcome.err, HasSubstr("2 problems"));
}

TEST(Cli, a_file_that_is_not_there_is_a_problem_that_names_it) {
    const auto outcome = resource_manager({"config", "check", "/no/such/file.yml"});
    EXPECT_EQ(outcome.exit_code, 2);
    EXPECT_THAT(outcome.err, HasSubstr("/no/such/file.yml"));
}

TEST(Cli, show_prints_what_holds_and_where_it_comes_from) {
    const auto outcome =
        resource_manager({"config", "show", "--config", shipped, "--set", "monitoring.window=10m"},
                         {{"RM_MONITORING__CHECK_INTERVAL", "1m"}});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_THAT(outcome.out, HasSubstr("RM_MONITORING__CHECK_INTERVAL"));
    EXPECT_THAT(outcome.out, HasSubstr("--set"));
    EXPECT_THAT(outcome.out, HasSubstr("config.yml:"));
}

TEST(Cli, what_show_prints_is_a_configuration_again) {
    const TemporaryDirectory directory;
    const auto shown = resource_manager({"config", "show", "--config", shipped});
    const auto again = resource_manager({"config", "check", directory.file("again.yml", shown.out)});
    EXPECT_EQ(again.exit_code, 0) << again.err;
}

TEST(Cli, show_of_one_service_needs_a_name_that_can_be_one) {
    const auto postgres = resource_manager({"config", "show", "-c", shipped, "--service", "postgres"},
                                           {{"RM_DOCKER__HOST", "unix:///nowhere/docker.sock"}});
    EXPECT_EQ(postgres.exit_code, 0);
    EXPECT_THAT(postgres.out, HasSubstr("in_place"));
    EXPECT_THAT(postgres.err, HasSubstr("labels of containers were not read: "));
    const auto outcome = resource_manager({"config", "show", "-c", shipped, "--service", "../x"});
    EXPECT_EQ(outcome.exit_code, 2);
    EXPECT_THAT(outcome.err, HasSubstr("'../x'"));
}

TEST(Cli, schema_is_json) {
    const auto outcome = resource_manager({"config", "schema"});
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_NO_THROW((void)boost::json::parse(outcome.out));
}

TEST(Cli, the_reference_is_the_page_in_docs) {
    std::ifstream page(RM_SOURCE_DIR "/docs/configuration.md");
    const std::string text((std::istreambuf_iterator<char>(page)), {});
    EXPECT_EQ(resource_manager({"config", "reference"}).out, text)
        << "run: resource-manager config reference > docs/configuration.md";
}

TEST(Cli, looking_ahead_and_exporting_need_no_daemon) {
    const TemporaryDirectory directory;
    const std::string file =
        directory.file("c.yml", "monitoring: {source: simulation}\nstore: {url: \"sqlite:" +
                                    (directory.path() / "rm.db").string() + "\"}\n");
    const auto ahead = resource_manager({"preflight", "--once", "-c", file});
    EXPECT_EQ(ahead.exit_code, 0) << ahead.err;
    EXPECT_THAT(ahead.out, HasSubstr("demo/grafana"));
    const auto exported = resource_manager({"export", "--format", "compose", "--once", "-c", file});
    EXPECT_EQ(exported.exit_code, 0) << exported.err;
    EXPECT_THAT(exported.out, HasSubstr("  \"grafana\":\n    cpus: "));
}

TEST(Cli, output_that_cannot_be_written_is_a_failure) {
    const net::Command command{.argv = {"/bin/sh", "-c", RM_PROGRAM " config schema > /dev/full"},
                               .environment = {{"PATH", "/usr/bin:/bin"}}};
    const auto outcome = net::run(command, {});
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->exit_code, 1);
    EXPECT_THAT(outcome->err, HasSubstr("No space left"));
}

/// Lets a shell complete `line` by the script that the program printed; gives what it offers.
std::string offered(const std::string& shell, const std::string& script_text) {
    const TemporaryDirectory directory;
    const std::string script = directory.file("try", script_text);
    const net::Command command{.argv = {shell, script},
                               .environment = {{"PATH", "/usr/bin:/bin"}, {"HOME", directory.path()}},
                               .directory = directory.path()};
    const auto outcome = net::run(command, {});
    EXPECT_TRUE(outcome) << outcome.error().message;
    EXPECT_EQ(outcome->err, "") << shell;
    return outcome->out;
}

TEST(Completions, bash_offers_commands_options_and_files) {
    const std::string script = resource_manager({"completions", "bash"}).out;
    const auto offer = [&](const std::string& words, int at) {
        return offered("bash", script + "COMP_WORDS=(" + words + ")\nCOMP_CWORD=" + std::to_string(at) +
                                   "\n_resource_manager\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n");
    };
    EXPECT_EQ(offer("resource-manager co", 1), "config\ncompletions\n");
    EXPECT_EQ(offer("resource-manager config s", 2), "show\nschema\n");
    EXPECT_EQ(offer("resource-manager run --set x=1 --pid", 4), "--pid-file\n");
    EXPECT_THAT(offer("resource-manager completions ''", 2), HasSubstr("bash\nzsh\nfish\n"));
    EXPECT_THAT(offer("resource-manager config check t", 3), HasSubstr("try\n"));
}

TEST(Completions, fish_offers_commands_and_options) {
    if (!std::filesystem::exists("/usr/bin/fish")) GTEST_SKIP() << "fish is not installed";
    const std::string script = resource_manager({"completions", "fish"}).out;
    const auto offer = [&](const std::string& line) {
        return offered("fish", script + "complete -C '" + line + "'\n");
    };
    EXPECT_THAT(offer("resource-manager co"), HasSubstr("config\t"));
    EXPECT_THAT(offer("resource-manager config s"), HasSubstr("schema\t"));
    EXPECT_THAT(offer("resource-manager config s"), Not(HasSubstr("completions")));
    EXPECT_THAT(offer("resource-manager run --pid"), HasSubstr("--pid-file"));
}

TEST(Completions, zsh_reads_its_script) {
    if (!std::filesystem::exists("/usr/bin/zsh")) GTEST_SKIP() << "zsh is not installed";
    const std::string script = resource_manager({"completions", "zsh"}).out;
    EXPECT_THAT(script, StartsWith("#compdef resource-manager"));
    // _describe shows what would be offered; words and CURRENT are what the shell sets.
    const std::string probe = "compdef() { : }\n_files() { : }\n_describe() { print -l -- ${(P)2} }\n" +
                              script + "words=(resource-manager config s) CURRENT=3\n_resource_manager\n";
    EXPECT_THAT(offered("zsh", probe), HasSubstr("schema:"));
}

}  // namespace
}  // namespace rm::e2e
