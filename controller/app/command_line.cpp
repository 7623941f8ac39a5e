// SPDX-License-Identifier: Apache-2.0
#include "app/command_line.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <CLI/CLI.hpp>

#include "core/text.h"

namespace rm::app {
namespace {

constexpr std::array shells{"bash", "zsh", "fish"};

constexpr auto footer =
    "Exit codes:\n"
    "  0  done\n"
    "  1  the command failed\n"
    "  2  wrong command line or configuration; nothing was done\n"
    "  3  the daemon could not start\n"
    "  4  the shutdown was cut short\n"
    "  5  the deployment was rolled back: the service is as it was\n"
    "  6  the deployment failed, and the service is not as it was\n"
    "  7  the deployment was refused; nothing was changed\n";

/// An empty name is a variable of a script that was not set.
std::string check_not_empty(const std::string& text) {
    return text.empty() ? "must not be empty" : "";
}

void add_config_options(CLI::App& command, ConfigChoice& choice) {
    command
        .add_option("-c,--config", choice.file,
                    "Configuration file (else /etc/resource-manager/config.yml, then "
                    "$XDG_CONFIG_HOME/resource-manager/config.yml, config/config.yml, config.yml)")
        ->check(check_not_empty);
    command
        .add_option("--set", choice.set,
                    "Set one key, over file and environment: --set monitoring.check_interval=1m")
        ->type_name("KEY=VALUE")
        ->expected(1)
        ->take_all();
}

void add_daemon_options(CLI::App& command, DaemonChoice& choice) {
    add_config_options(command, choice.config);
    command.add_option("--url", choice.url,
                       "Where the daemon is, like http://127.0.0.1:8000 (else as http.listen says)");
}

void add_token_option(CLI::App& command, DaemonChoice& choice) {
    command.add_option("--token-file", choice.token_file,
                       "A file with the daemon's token (else the one of http.token_file)");
}

void add_service(CLI::App& command, std::string& service) {
    command.add_option("SERVICE", service, "A service, like grafana or monitoring/grafana")->required();
}

void add_json(CLI::App& command, bool& json) {
    command.add_flag("--json", json, "As the API's JSON");
}

void add_once(CLI::App& command, bool& once) {
    command.add_flag("--once", once, "Look without a daemon; nothing is counted or remembered");
}

/// Of what changes a service and may take its time.
void add_order_options(CLI::App& command, DaemonChoice& daemon, bool& wait, bool& json) {
    command.add_flag("--wait", wait, "Wait until it has ended, and show how it goes on");
    add_daemon_options(command, daemon);
    add_token_option(command, daemon);
    add_json(command, json);
}

/// The whole grammar, and where it puts what it reads.
class Grammar {
public:
    Grammar() {
        root_.require_subcommand(1);
        root_.footer(footer);
        root_.set_help_flag("-h,--help", "Show this help");
        root_.set_version_flag("-V,--version", "resource-manager " RM_VERSION, "Print the version");
        add_run();
        add_views();
        add_deployments();
        add_deploy();
        add_export();
        add_pauses();
        add_config();
        add_version();
        add_completions();
    }

    CLI::App& root() { return root_; }
    Command& command() { return command_; }

private:
    void add_run() {
        auto* command = root_.add_subcommand("run", "Run the daemon in the foreground");
        add_config_options(*command, run_.config);
        command
            ->add_option("--pid-file", run_.pid_file,
                         "Write the process id to this file, and refuse a second daemon with it")
            ->check(check_not_empty);
        command->add_flag_callback(
            "--dry-run", [this] { run_.config.set.emplace_back("monitoring.dry_run=true"); },
            "Decide and explain, change nothing");
        auto* simulate = command->add_flag(
            "--simulate", run_.simulate,
            "Show what it does on an invented fleet; needs neither Docker nor Prometheus, keeps nothing");
        command
            ->add_option("--speed", run_.speed,
                         "How fast the simulation's time runs: at 60 an hour takes a minute")
            ->check(CLI::Range(1.0, 3600.0))
            ->needs(simulate);
        command
            ->add_flag(
                "--detect", run_.detect,
                "Use what answers: Docker and Prometheus, Docker alone, or else the simulation (at speed 60)")
            ->excludes(simulate);
        command->final_callback([this] { command_ = run_; });
    }

    void add_views() {
        auto* status = root_.add_subcommand("status", "Show what services use and are allowed to use");
        status->add_option("SERVICE", status_.service, "Only this service");
        add_daemon_options(*status, status_.daemon);
        add_json(*status, status_.json);
        add_once(*status, status_.once);
        status->final_callback([this] { command_ = status_; });

        auto* explain = root_.add_subcommand("explain", "Show why a service is, or is not, adjusted");
        add_service(*explain, explain_.service);
        add_daemon_options(*explain, explain_.daemon);
        add_json(*explain, explain_.json);
        add_once(*explain, explain_.once);
        explain->final_callback([this] { command_ = explain_; });

        auto* plan = root_.add_subcommand("plan", "Look now and show what would be done");
        add_daemon_options(*plan, plan_.daemon);
        add_json(*plan, plan_.json);
        add_once(*plan, plan_.once);
        plan->final_callback([this] { command_ = plan_; });

        auto* decisions = root_.add_subcommand("decisions", "Show what was decided, the newest first");
        decisions->add_option("SERVICE", decisions_.service, "Only on this service");
        decisions->add_option("--limit", decisions_.limit, "How many, at most")
            ->check(CLI::Range(1, 1000))
            ->capture_default_str();
        add_daemon_options(*decisions, decisions_.daemon);
        add_json(*decisions, decisions_.json);
        decisions->final_callback([this] { command_ = decisions_; });
    }

    void add_deployments() {
        auto* deployments = root_.add_subcommand("deployments", "Show what was deployed, the newest first");
        auto* id =
            deployments->add_option("ID", deployments_.id, "Only this one, with its phases and its log")
                ->check(CLI::PositiveNumber);
        deployments->add_option("--service", deployments_.service, "Only of this service")->excludes(id);
        deployments->add_option("--limit", deployments_.limit, "How many, at most")
            ->check(CLI::Range(1, 1000))
            ->capture_default_str();
        add_daemon_options(*deployments, deployments_.daemon);
        add_json(*deployments, deployments_.json);
        deployments->add_flag("--once", deployments_.once, "Straight from the store, without a daemon");
        deployments->final_callback([this] { command_ = deployments_; });

        auto* preflight =
            root_.add_subcommand("preflight", "Show which strategy each service would get, and why");
        preflight->add_option("SERVICE", preflight_.service,
                              "Only this service, with all that stands in the way");
        add_daemon_options(*preflight, preflight_.daemon);
        add_json(*preflight, preflight_.json);
        add_once(*preflight, preflight_.once);
        preflight->final_callback([this] { command_ = preflight_; });
    }

    void add_deploy() {
        auto* deploy = root_.add_subcommand("deploy", "Give a service other limits, now");
        add_service(*deploy, deploy_.service);
        deploy->add_option("--cpu", deploy_.cpu, "CPU cores, like 1.5 (else as they are)");
        deploy->add_option("--memory", deploy_.memory, "Memory, like 768M (else as it is)");
        deploy->add_option("--strategy", deploy_.strategy,
                           "blue_green, in_place, recreate, script or auto (else as configured)");
        deploy->add_option("--reason", deploy_.reason, "Why, for those who look at it later");
        deploy->add_flag("--dry-run", deploy_.dry_run, "Only say what would be done");
        add_order_options(*deploy, deploy_.daemon, deploy_.wait, deploy_.json);
        deploy->final_callback([this] { command_ = deploy_; });

        auto* rollback = root_.add_subcommand("rollback", "Take the last adjustment of a service back");
        add_service(*rollback, roll_back_.service);
        add_order_options(*rollback, roll_back_.daemon, roll_back_.wait, roll_back_.json);
        rollback->final_callback([this] { command_ = roll_back_; });
    }

    void add_export() {
        auto* exported = root_.add_subcommand("export", "Print today's limits for another program");
        exported->add_option("--format", export_.format, "compose: an override file for Compose")
            ->check(CLI::IsMember(std::vector<std::string>{"compose"}))
            ->capture_default_str();
        exported->add_option("--project", export_.project, "Which Compose project, where there are several");
        add_daemon_options(*exported, export_.daemon);
        add_once(*exported, export_.once);
        exported->final_callback([this] { command_ = export_; });
    }

    void add_pauses() {
        auto* pause = root_.add_subcommand("pause", "Leave a service alone until it is resumed");
        add_service(*pause, pause_.service);
        pause->add_option("--for", pause_.length, "Only for so long, like 2h");
        pause->add_option("--reason", pause_.reason, "Why, for those who look at it later");
        add_daemon_options(*pause, pause_.daemon);
        add_token_option(*pause, pause_.daemon);
        add_json(*pause, pause_.json);
        pause->final_callback([this] { command_ = pause_; });

        auto* resume = root_.add_subcommand("resume", "End the pause of a service");
        add_service(*resume, resume_.service);
        add_daemon_options(*resume, resume_.daemon);
        add_token_option(*resume, resume_.daemon);
        add_json(*resume, resume_.json);
        resume->final_callback([this] { command_ = resume_; });
    }

    void add_config() {
        auto* config = root_.add_subcommand("config", "Check, show or describe the configuration");
        config->require_subcommand(1);

        auto* check = config->add_subcommand(
            "check", "Check a configuration file and list everything that is wrong with it");
        add_config_options(*check, check_.config);
        check->add_option("FILE", check_.config.file, "The file to check (else the one that `run` would use)")
            ->check(check_not_empty)
            ->excludes("--config");
        check->final_callback([this] { command_ = check_; });

        auto* show = config->add_subcommand(
            "show", "Print the effective configuration with the origin of every value");
        add_config_options(*show, show_.config);
        show->add_option("--service", show_.service, "Only what holds for this service");
        show->add_flag("--json", show_.json, "As JSON");
        show->final_callback([this] { command_ = show_; });

        config->add_subcommand("schema", "Print a JSON Schema of the configuration file, for editors")
            ->final_callback([this] { command_ = ConfigSchema{}; });
        config->add_subcommand("reference", "Print the reference of all keys, as in docs/configuration.md")
            ->final_callback([this] { command_ = ConfigReference{}; });
    }

    void add_version() {
        auto* version = root_.add_subcommand("version", "Print the version");
        version->add_flag("--json", version_.json, "As JSON");
        version->final_callback([this] { command_ = version_; });
    }

    void add_completions() {
        auto* completions = root_.add_subcommand("completions", "Print a completion script for a shell");
        completions->add_option("SHELL", completions_.shell, "bash, zsh or fish")
            ->required()
            ->check(CLI::IsMember(std::vector<std::string>(shells.begin(), shells.end())));
        completions->final_callback([this] { command_ = completions_; });
    }

    CLI::App root_{"Right-sizes CPU and memory limits of Docker Compose services without an outage.",
                   "resource-manager"};
    Command command_;
    RunDaemon run_;
    ShowStatus status_;
    Explain explain_;
    ShowPlan plan_;
    ShowDecisions decisions_;
    ShowDeployments deployments_;
    ShowPreflight preflight_;
    DeployService deploy_;
    RollBack roll_back_;
    ExportLimits export_;
    PauseService pause_;
    ResumeService resume_;
    ConfigCheck check_;
    ConfigShow show_;
    Version version_;
    Completions completions_;
};

CommandInfo describe(const CLI::App& app) {
    CommandInfo info{.name = app.get_name(),
                     .description = app.get_description(),
                     .options = {},
                     .words = {},
                     .commands = {}};
    for (const CLI::Option* option : app.get_options()) {
        if (option->get_positional()) {
            info.takes_file = option->get_name() == "FILE";
            if (option->get_name() == "SHELL") info.words.assign(shells.begin(), shells.end());
            continue;
        }
        CommandInfo::Option described{
            .names = {}, .description = option->get_description(), .takes_value = false};
        for (const auto& name : option->get_snames()) described.names.push_back("-" + name);
        for (const auto& name : option->get_lnames()) described.names.push_back("--" + name);
        described.takes_value = option->get_items_expected_max() > 0;
        info.options.push_back(std::move(described));
    }
    for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
        info.commands.push_back(describe(*command));
    return info;
}

/// CLI11 would only say that a command is missing; the first word that is none is what the user wants to
/// read.
Status check_commands(const CLI::App& root, int argc, const char* const* argv) {
    CommandInfo at = describe(root);
    for (int i = 1; i < argc && !at.commands.empty(); ++i) {
        const std::string_view word = argv[i];
        if (word.starts_with('-')) break;
        const auto named = std::ranges::find(at.commands, word, &CommandInfo::name);
        if (named == at.commands.end()) {
            std::vector<std::string_view> names;
            names.reserve(at.commands.size());
            for (const CommandInfo& command : at.commands) names.push_back(command.name);
            const std::string_view meant = closest(word, names);
            return fail(ErrorCode::invalid, "{} is not a command of {}{}", quoted(word), at.name,
                        meant.empty() ? std::string() : fmt::format("; did you mean {}?", quoted(meant)));
        }
        at = CommandInfo(*named);
    }
    return {};
}

/// The deepest command that was named, as it is called: `resource-manager config check`.
std::string called(const CLI::App& root, int argc, const char* const* argv) {
    std::string name = root.get_name();
    const CLI::App* at = &root;
    for (int i = 1; i < argc; ++i) {
        const auto below =
            at->get_subcommands([&](const CLI::App* command) { return command->get_name() == argv[i]; });
        if (below.empty()) break;
        at = below.front();
        name += " " + at->get_name();
    }
    return name;
}

}  // namespace

Result<Command> parse(int argc, const char* const* argv) {
    Grammar grammar;
    const auto with_hint = [&](std::string_view what) {
        return fail(ErrorCode::invalid, "{}\nTry `{} --help`.", what, called(grammar.root(), argc, argv));
    };
    if (const auto status = check_commands(grammar.root(), argc, argv); !status)
        return with_hint(status.error().message);
    try {
        grammar.root().parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
        return Print{grammar.root().help()};  // that of the deepest command that was named
    } catch (const CLI::CallForVersion&) {
        return Print{"resource-manager " RM_VERSION "\n"};
    } catch (const CLI::ParseError& error) {
        return with_hint(error.what());
    }
    return std::move(grammar.command());
}

CommandInfo describe_commands() {
    Grammar grammar;
    return describe(grammar.root());
}

}  // namespace rm::app
