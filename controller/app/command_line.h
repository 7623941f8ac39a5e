// SPDX-License-Identifier: Apache-2.0
// The command line as a value: `parse` turns arguments into one of the commands below, which know nothing of
// how they were written. One file per command carries each out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/result.h"

namespace rm::app {

/// Where the configuration comes from, for every command that needs it.
struct ConfigChoice {
    std::optional<std::string> file;  // --config; else the usual places
    std::vector<std::string> set;     // --set key=value
};

struct RunDaemon {
    ConfigChoice config;
    std::optional<std::string> pid_file;
    bool simulate = false;  // an invented fleet instead of Docker and Prometheus
    double speed = 1;       // of the simulation's time
    bool detect = false;    // use what answers: Docker and Prometheus, Docker alone, else the simulation
};

struct ConfigCheck {
    ConfigChoice config;
};

struct ConfigShow {
    ConfigChoice config;
    std::optional<std::string> service;
    bool json = false;
};

struct ConfigSchema {};

struct ConfigReference {};

/// Which daemon is asked, for every command that looks at one.
struct DaemonChoice {
    ConfigChoice config;
    std::optional<std::string> url;         // --url; else where http.listen says
    std::optional<std::string> token_file;  // --token-file; else http.token_file
};

struct ShowStatus {
    DaemonChoice daemon;
    std::optional<std::string> service;
    bool json = false;
    bool once = false;  // look without a daemon
};

struct Explain {
    DaemonChoice daemon;
    std::string service;
    bool json = false;
    bool once = false;
};

struct ShowPlan {
    DaemonChoice daemon;
    bool json = false;
    bool once = false;
};

struct ShowDecisions {
    DaemonChoice daemon;
    std::optional<std::string> service;
    std::int64_t limit = 20;
    bool json = false;
};

struct ShowDeployments {
    DaemonChoice daemon;
    std::optional<std::int64_t> id;  // one of them, in full
    std::optional<std::string> service;
    std::int64_t limit = 20;
    bool json = false;
    bool once = false;  // straight from the store
};

struct ShowPreflight {
    DaemonChoice daemon;
    std::optional<std::string> service;
    bool json = false;
    bool once = false;
};

struct DeployService {
    DaemonChoice daemon;
    std::string service;
    std::optional<std::string> cpu;  // as it was written
    std::optional<std::string> memory;
    std::optional<std::string> strategy;
    std::optional<std::string> reason;
    bool dry_run = false;  // only say what would be done
    bool wait = false;     // until it has ended
    bool json = false;
};

struct RollBack {
    DaemonChoice daemon;
    std::string service;
    bool wait = false;
    bool json = false;
};

struct ExportLimits {
    DaemonChoice daemon;
    std::string format = "compose";
    std::optional<std::string> project;
    bool once = false;
};

struct PauseService {
    DaemonChoice daemon;
    std::string service;
    std::optional<std::string> length;  // --for; else until it is resumed
    std::optional<std::string> reason;
    bool json = false;
};

struct ResumeService {
    DaemonChoice daemon;
    std::string service;
    bool json = false;
};

struct Version {
    bool json = false;
};

struct Completions {
    std::string shell;
};

/// A text that answers the command line itself: --help.
struct Print {
    std::string text;
};

using Command =
    std::variant<RunDaemon, ShowStatus, Explain, ShowPlan, ShowDecisions, ShowDeployments, ShowPreflight,
                 DeployService, RollBack, ExportLimits, PauseService, ResumeService, ConfigCheck, ConfigShow,
                 ConfigSchema, ConfigReference, Version, Completions, Print>;

/// On an error the message says what is wrong and how to get help.
Result<Command> parse(int argc, const char* const* argv);

/// What the shells' completions need to know of a command and those below it.
struct CommandInfo {
    struct Option {
        std::vector<std::string> names;  // with their dashes
        std::string description;
        bool takes_value = false;
    };

    std::string name;
    std::string description;
    std::vector<Option> options;
    std::vector<std::string> words;  // what a positional argument can be, where that is a list
    bool takes_file = false;         // whether a positional argument is a file
    std::vector<CommandInfo> commands;
};

CommandInfo describe_commands();

}  // namespace rm::app
