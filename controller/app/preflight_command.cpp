// SPDX-License-Identifier: Apache-2.0
// preflight
#include <string>

#include <unistd.h>

#include "app/api_client.h"
#include "app/asking.h"
#include "app/configuration.h"
#include "app/preflight_look.h"
#include "app/views/preflight_view.h"

namespace rm::app {

ExitCode run(const ShowPreflight& command, const Environment& environment) {
    if (command.service && !can_be_service(*command.service)) return ExitCode::usage;
    std::string address = "/api/preflight";
    if (command.service) address += "?service=" + net::encoded(*command.service);
    const auto look = [&](const config::Config& config) {
        return look_ahead_once(config, {.service = command.service});
    };
    const Answer answer = command.once ? look_with(command.daemon.config, environment, look)
                                       : ask(command.daemon, environment, address);
    if (!answer) return answer.error();
    if (command.json) return write_out(*answer);
    const auto services = read_preflight(*answer);
    if (!services) return tell(services.error());
    const Terminal terminal = terminal_of(STDOUT_FILENO, environment);
    if (command.service && services->size() == 1)
        return write_out(print_preflight_of(services->front(), terminal));
    return write_out(print_preflight(*services, terminal));
}

}  // namespace rm::app
