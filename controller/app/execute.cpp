// SPDX-License-Identifier: Apache-2.0
#include "app/execute.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "app/completions.h"
#include "net/subprocess_environment.h"

namespace rm::app {

Environment environment_of_process() {
    const net::Environment all = net::current_environment();
    return {all.begin(), all.end()};
}

ExitCode execute(const Command& command, const Environment& environment) {
    return std::visit([&](const auto& chosen) { return run(chosen, environment); }, command);
}

ExitCode run(const Version& command, const Environment&) {
    return write_out(command.json ? "{\"version\":\"" RM_VERSION "\"}\n"
                                  : "resource-manager " RM_VERSION "\n");
}

ExitCode run(const Completions& command, const Environment&) {
    return write_out(completion_script(describe_commands(), command.shell));
}

ExitCode run(const Print& command, const Environment&) {
    return write_out(command.text);
}

ExitCode write_out(const std::string& text) {
    const bool written =
        std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
    if (written) return ExitCode::ok;
    std::fprintf(stderr, "resource-manager: the output could not be written: %s\n", std::strerror(errno));
    return ExitCode::failed;
}

}  // namespace rm::app
