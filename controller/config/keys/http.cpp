// SPDX-License-Identifier: Apache-2.0
#include "config/address_kinds.h"
#include "config/keys/sections.h"
#include "config/number_kinds.h"
#include "config/text_kinds.h"

namespace rm::config {

namespace {

Keys limit_keys() {
    using namespace std::chrono_literals;
    return {
        general({.path = "http.max_connections",
                 .fallback = "256",
                 .about = "How many clients may be connected at the same time.",
                 .needs_restart = true},
                integer(1, 65536), [](Settings& s) -> auto& { return s.http.max_connections; }),
        general({.path = "http.max_header",
                 .fallback = "16K",
                 .about = "The largest request line and headers that are read.",
                 .needs_restart = true},
                bytes(Bytes(1024), Bytes::mebi(1)), [](Settings& s) -> auto& { return s.http.max_header; }),
        general({.path = "http.max_body",
                 .fallback = "1M",
                 .about = "The largest request body that is read.",
                 .needs_restart = true},
                bytes(Bytes(1024), Bytes::mebi(64)), [](Settings& s) -> auto& { return s.http.max_body; }),
        general({.path = "http.header_timeout",
                 .fallback = "10s",
                 .about = "How long a client may take to send the headers of a request.",
                 .needs_restart = true},
                duration(100ms, 5min), [](Settings& s) -> auto& { return s.http.header_timeout; }),
        general({.path = "http.body_timeout",
                 .fallback = "30s",
                 .about = "How long a client may take to send the body of a request.",
                 .needs_restart = true},
                duration(100ms, 10min), [](Settings& s) -> auto& { return s.http.body_timeout; }),
        general({.path = "http.write_timeout",
                 .fallback = "30s",
                 .about = "How long a client may take to read an answer.",
                 .needs_restart = true},
                duration(100ms, 10min), [](Settings& s) -> auto& { return s.http.write_timeout; }),
        general({.path = "http.idle_timeout",
                 .fallback = "60s",
                 .about = "How long a connection may stay open without a request.",
                 .needs_restart = true},
                duration(1s, 1h), [](Settings& s) -> auto& { return s.http.idle_timeout; }),
    };
}

}  // namespace

Keys http_keys() {
    Keys keys{
        general({.path = "http.listen",
                 .fallback = "0.0.0.0:8000",
                 .about = "The IP address and port to listen on. `:8000` is every IPv4 address, `[::]:8000` "
                          "every one; "
                          "port 0 is any free port.",
                 .needs_restart = true},
                listen_address(), [](Settings& s) -> auto& { return s.http.listen; }),
        secret_file(
            {.path = "http.token_file",
             .about = "A file with the bearer token for requests that change something. Not set: those "
                      "requests are refused.",
             .file_use = FileUse::secret_token},
            [](Settings& s) -> auto& { return s.http.token; }),
        general({.path = "http.cors_origins",
                 .fallback = "[]",
                 .about = "Other origins whose pages may use the API, like `https://grafana.example.com`: "
                          "read it, and "
                          "with the token change what it changes."},
                list_of("a list of origins", web_origin()),
                [](Settings& s) -> auto& { return s.http.cors_origins; }),
        general({.path = "http.allowed_hosts",
                 .fallback = "[]",
                 .about = "The hosts under which clients may ask for the program, like "
                          "`resource-manager.example.com` or `10.0.0.7`, without a port. Others are refused, "
                          "so that no foreign page can reach it under a name of its own that it lets point "
                          "here (DNS rebinding). Empty: any host."},
                list_of("a list of hosts", host_name()),
                [](Settings& s) -> auto& { return s.http.allowed_hosts; }),
        general({.path = "http.reload_endpoint",
                 .fallback = "false",
                 .about = "Whether `POST /-/reload` reads the configuration again, as SIGHUP does."},
                boolean(), [](Settings& s) -> auto& { return s.http.reload_endpoint; }),
    };
    for (Key& key : limit_keys()) keys.push_back(std::move(key));
    return keys;
}

}  // namespace rm::config
