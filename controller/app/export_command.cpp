// SPDX-License-Identifier: Apache-2.0
// export
#include <string>

#include "app/api_client.h"
#include "app/asking.h"
#include "serve/compose_export.h"

namespace rm::app {

ExitCode run(const ExportLimits& command, const Environment& environment) {
    std::string address = "/api/export?format=" + net::encoded(command.format);
    if (command.project) address += "&project=" + net::encoded(*command.project);
    const auto show = [&](const decide::Check& check) {
        return serve::compose_override(check, command.project.value_or(""));
    };
    const Answer answer = command.once ? look(command.daemon.config, environment, show)
                                       : ask(command.daemon, environment, address);
    return answer ? write_out(*answer) : answer.error();
}

}  // namespace rm::app
