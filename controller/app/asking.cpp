// SPDX-License-Identifier: Apache-2.0
#include "app/asking.h"

#include <cstdio>
#include <utility>

#include "app/api_client.h"
#include "app/configuration.h"
#include "app/look_once.h"
#include "core/names.h"

namespace rm::app {
namespace {

Answer answer(Result<std::string> result) {
    if (!result) return tl::unexpected(tell(result.error()));
    return *std::move(result);
}

}  // namespace

ExitCode tell(const Error& error) {
    std::fprintf(stderr, "resource-manager: %s\n", error.message.c_str());
    return ExitCode::failed;
}

bool can_be_service(const std::string& name) {
    const auto read = ServiceName::parse(name);
    if (!read) (void)tell(read.error());  // the caller knows the exit code
    return read.has_value();
}

Answer ask(const DaemonChoice& choice, const Environment& environment, const std::string& target) {
    auto daemon = find_daemon(choice, environment, false);
    if (!daemon) return tl::unexpected(daemon.error());
    return answer(ApiClient(*std::move(daemon)).get(target));
}

Answer order(const DaemonChoice& choice, const Environment& environment, const std::string& target,
             std::string body) {
    auto daemon = find_daemon(choice, environment, true);
    if (!daemon) return tl::unexpected(daemon.error());
    return answer(ApiClient(*std::move(daemon)).post(target, std::move(body)));
}

Answer look(const ConfigChoice& choice, const Environment& environment,
            const std::function<Result<std::string>(const decide::Check&)>& show) {
    const auto config = load_or_complain(sources_for(choice, environment));
    if (!config) return tl::unexpected(ExitCode::usage);
    const auto check = look_once(*config, {});
    if (!check) return tl::unexpected(tell(check.error()));
    return answer(show(**check));
}

}  // namespace rm::app
