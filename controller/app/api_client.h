// SPDX-License-Identifier: Apache-2.0
// ApiClient: asks the running daemon over its own API. Errors are sentences: that nobody is there and what to
// do (`unavailable`), or what the daemon's problem+json says: `invalid` when it refuses what was asked,
// `internal` when it could not do it. For one thread.
#pragma once

#include <string>
#include <string_view>

#include "app/execute.h"
#include "core/result.h"
#include "net/http_client.h"

namespace rm::app {

/// Where the daemon is and how it lets us in.
struct DaemonAddress {
    net::Url url;
    Secret token;  // empty: none
};

/// From --url and --token-file, else from the configuration, which is read only if it is needed. `usage` when
/// one of them is wrong; it was told on stderr then.
tl::expected<DaemonAddress, ExitCode> find_daemon(const DaemonChoice& choice, const Environment& environment,
                                                  bool needs_token);

class ApiClient {
public:
    explicit ApiClient(DaemonAddress address);

    /// The body of a success.
    Result<std::string> get(std::string_view target);
    Result<std::string> post(std::string_view target, std::string body);

private:
    Result<std::string> send(const net::Request& request);

    DaemonAddress address_;
    net::HttpClient http_;
};

/// `/api/services/shop%2Fweb`
std::string address_of_service(std::string_view name);

}  // namespace rm::app
