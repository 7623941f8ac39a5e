// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <exception>

#include "app/command_line.h"
#include "app/execute.h"

int main(int argc, char** argv) {
    using rm::app::ExitCode;
    try {
        const auto command = rm::app::parse(argc, argv);
        if (!command) {
            std::fprintf(stderr, "resource-manager: %s\n", command.error().message.c_str());
            return static_cast<int>(ExitCode::usage);
        }
        return static_cast<int>(rm::app::execute(*command, rm::app::environment_of_process()));
    } catch (const std::exception& error) {
        std::fprintf(stderr, "resource-manager: broken invariant: %s\n", error.what());
        return static_cast<int>(ExitCode::failed);
    }
}
