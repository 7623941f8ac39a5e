// SPDX-License-Identifier: Apache-2.0
#include "app/execute.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string_view>

#include <unistd.h>

#include "app/completions.h"

namespace rm::app {

Environment environment_of_process() {
    Environment environment;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        const std::string_view text = *entry;
        const auto equals = text.find('=');
        if (equals == std::string_view::npos) continue;
        environment.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
    return environment;
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
