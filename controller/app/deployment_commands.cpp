// SPDX-License-Identifier: Apache-2.0
// deployments
#include <string>

#include <unistd.h>

#include "app/api_client.h"
#include "app/asking.h"
#include "app/views/deployment_view.h"
#include "serve/deployment_history.h"

namespace rm::app {
namespace {

std::string address_of_history(const ShowDeployments& command) {
    if (command.id) return fmt::format("/api/deployments/{}", *command.id);
    std::string address = fmt::format("/api/deployments?limit={}", command.limit);
    if (command.service) address += "&service=" + net::encoded(*command.service);
    return address;
}

Result<std::string> read_history(const ShowDeployments& command, store::Database& store) {
    const WallTime now = SystemClock().now().wall;
    if (command.id) return serve::history_json(store, *command.id, now);
    return serve::history_json(store, nullptr,
                               {.service = command.service, .before = {}, .limit = command.limit}, now);
}

}  // namespace

ExitCode run(const ShowDeployments& command, const Environment& environment) {
    if (command.service && !can_be_service(*command.service)) return ExitCode::usage;
    const ReadStore read = [&](store::Database& store) { return read_history(command, store); };
    const Answer answer = command.once
                              ? read_store(command.daemon.config, environment, read)
                              : ask_or_read(command.daemon, environment, address_of_history(command), read);
    if (!answer) return answer.error();
    if (command.json) return write_out(*answer);
    const Terminal terminal = terminal_of(STDOUT_FILENO, environment);
    if (command.id) {
        const auto deployment = read_deployment(*answer);
        return deployment ? write_out(print_deployment(*deployment, terminal)) : tell(deployment.error());
    }
    const auto deployments = read_deployments(*answer);
    return deployments ? write_out(print_deployments(*deployments, terminal)) : tell(deployments.error());
}

}  // namespace rm::app
