// SPDX-License-Identifier: Apache-2.0
// Carries out a command: one function per alternative, each in a file of its own. Data goes to stdout, words
// for people to stderr.
#pragma once

#include <map>
#include <string>

#include "app/command_line.h"
#include "app/exit_code.h"

namespace rm::app {

using Environment = std::map<std::string, std::string>;

Environment environment_of_process();

ExitCode execute(const Command& command, const Environment& environment);

// The commands.
ExitCode run(const RunDaemon& command, const Environment& environment);
ExitCode run(const ShowStatus& command, const Environment& environment);
ExitCode run(const Explain& command, const Environment& environment);
ExitCode run(const ShowPlan& command, const Environment& environment);
ExitCode run(const ShowDecisions& command, const Environment& environment);
ExitCode run(const ShowDeployments& command, const Environment& environment);
ExitCode run(const ShowPreflight& command, const Environment& environment);
ExitCode run(const DeployService& command, const Environment& environment);
ExitCode run(const RollBack& command, const Environment& environment);
ExitCode run(const ExportLimits& command, const Environment& environment);
ExitCode run(const PauseService& command, const Environment& environment);
ExitCode run(const ResumeService& command, const Environment& environment);
ExitCode run(const ConfigCheck& command, const Environment& environment);
ExitCode run(const ConfigShow& command, const Environment& environment);
ExitCode run(const ConfigSchema& command, const Environment& environment);
ExitCode run(const ConfigReference& command, const Environment& environment);
ExitCode run(const Version& command, const Environment& environment);
ExitCode run(const Completions& command, const Environment& environment);
ExitCode run(const Print& command, const Environment& environment);

/// Writes data to stdout; `failed` if it could not all be written (a full disk, a closed pipe).
ExitCode write_out(const std::string& text);

}  // namespace rm::app
