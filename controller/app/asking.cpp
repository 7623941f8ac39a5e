// SPDX-License-Identifier: Apache-2.0
#include "app/asking.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <utility>

#include "app/api_client.h"
#include "app/configuration.h"
#include "app/look_once.h"
#include "core/names.h"
#include "core/store_location.h"

namespace rm::app {
namespace {

Answer answer(Result<std::string> result) {
    if (!result) return tl::unexpected(tell(result.error()));
    return *std::move(result);
}

/// Opening would make a new one, in which there is nothing to read.
bool is_missing(const config::Config& config) {
    const auto place = parse_store_location(config->store.url.with_password());
    const auto* const sqlite = place ? std::get_if<SqliteFile>(&*place) : nullptr;
    std::error_code ignored;
    return sqlite != nullptr && !std::filesystem::exists(sqlite->path, ignored);
}

Result<std::string> read_from(const config::Config& config, const ReadStore& read) {
    if (is_missing(config))
        return fail(ErrorCode::not_found,
                    "there is no store at {}: no daemon has run with this configuration",
                    print(config->store.url));
    SystemClock clock;
    auto store = store::Database::open(
        {.url = config->store.url.with_password(), .password = config->store.password.value}, clock);
    if (!store) return fail(store.error());
    return read(**store);
}

}  // namespace

ExitCode tell(const Error& error) {
    std::fprintf(stderr, "resource-manager: %s\n", error.message.c_str());
    return ExitCode::failed;
}

ExitCode tell_refusal(const Error& error) {
    constexpr std::array refusals{ErrorCode::invalid, ErrorCode::not_found, ErrorCode::conflict,
                                  ErrorCode::unsupported, ErrorCode::permission};
    (void)tell(error);
    return std::ranges::find(refusals, error.code) == refusals.end() ? ExitCode::failed : ExitCode::refused;
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

Answer ask_or_read(const DaemonChoice& choice, const Environment& environment, const std::string& target,
                   const ReadStore& read) {
    auto daemon = find_daemon(choice, environment, false);
    if (!daemon) return tl::unexpected(daemon.error());
    auto asked = ApiClient(*std::move(daemon)).get(target);
    const bool nobody = !asked && asked.error().code == ErrorCode::unavailable;
    if (!nobody || choice.url) return answer(std::move(asked));
    const auto config = load_or_complain(sources_for(choice.config, environment));
    if (!config) return tl::unexpected(ExitCode::usage);
    if (is_missing(*config)) return answer(std::move(asked));
    return answer(read_from(*config, read));
}

Answer read_store(const ConfigChoice& choice, const Environment& environment, const ReadStore& read) {
    const auto config = load_or_complain(sources_for(choice, environment));
    if (!config) return tl::unexpected(ExitCode::usage);
    return answer(read_from(*config, read));
}

Answer order(const DaemonChoice& choice, const Environment& environment, const std::string& target,
             std::string body) {
    auto daemon = find_daemon(choice, environment, true);
    if (!daemon) return tl::unexpected(daemon.error());
    return answer(ApiClient(*std::move(daemon)).post(target, std::move(body)));
}

Answer look_with(const ConfigChoice& choice, const Environment& environment,
                 const std::function<Result<std::string>(const config::Config&)>& show) {
    const auto config = load_or_complain(sources_for(choice, environment));
    if (!config) return tl::unexpected(ExitCode::usage);
    return answer(show(*config));
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
