// SPDX-License-Identifier: Apache-2.0
#include "config/address_kinds.h"
#include "config/keys/sections.h"
#include "config/number_kinds.h"
#include "config/text_kinds.h"

namespace rm::config {

namespace {

bool is_query_name(std::string_view name) {
    return !name.empty() && name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string_view::npos;
}

}  // namespace

Keys prometheus_keys() {
    using namespace std::chrono_literals;
    return {
        general({.path = "prometheus.url",
                 .fallback = "http://prometheus:9090",
                 .about = "Where Prometheus answers.",
                 .privacy = Privacy::address},
                web_address(), [](Settings& s) -> auto& { return s.prometheus.url; }),
        general({.path = "prometheus.timeout", .fallback = "10s", .about = "How long one query may take."},
                duration(100ms, 5min), [](Settings& s) -> auto& { return s.prometheus.timeout; }),
        secret_file({.path = "prometheus.bearer_token_file",
                     .about = "A file with the token that Prometheus, or the proxy before it, wants to see.",
                     .file_use = FileUse::secret_token},
                    [](Settings& s) -> auto& { return s.prometheus.bearer_token; }),
        general({.path = "prometheus.ca_file",
                 .about = "A PEM file with the authorities to trust for https, instead of the system's.",
                 .file_use = FileUse::must_exist},
                path("the path of a file"), [](Settings& s) -> auto& { return s.prometheus.ca_file; }),
        general(
            {.path = "prometheus.queries",
             .fallback = "{}",
             .about = "PromQL that replaces the built-in query of a signal, by the signal's name, e.g. "
                      "`{cpu_usage: ...}`."},
            map_of("a map of signals to PromQL queries", "^[a-z_]+$", is_query_name, text("a PromQL query")),
            [](Settings& s) -> auto& { return s.prometheus.queries; }),
    };
}

}  // namespace rm::config
