// SPDX-License-Identifier: Apache-2.0
#include "app/http_options.h"

#include <algorithm>
#include <cstddef>

namespace rm::app {

serve::Options http_options(const config::Http& http) {
    const auto size = [](Bytes bytes) { return static_cast<std::size_t>(bytes.count()); };
    serve::Options options;
    options.address = http.listen.host;
    options.port = http.listen.port;
    options.limits.header_bytes = size(http.max_header);
    options.limits.body_bytes = size(http.max_body);
    options.timeouts.header = http.header_timeout;
    options.timeouts.body = http.body_timeout;
    options.timeouts.write = http.write_timeout;
    options.timeouts.idle = http.idle_timeout;
    options.connections = static_cast<std::size_t>(http.max_connections);
    // The largest body and an answer as large must fit, or no such request could ever be served.
    options.buffered = std::max(options.buffered, Bytes(2 * http.max_body.count()));
    return options;
}

serve::Access access_rules(const config::Http& http) {
    return {
        .token = http.token.value, .allowed_hosts = http.allowed_hosts, .cors_origins = http.cors_origins};
}

}  // namespace rm::app
