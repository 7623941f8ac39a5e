// SPDX-License-Identifier: Apache-2.0
#include "config/address_kinds.h"
#include "config/keys/sections.h"
#include "config/number_kinds.h"
#include "config/promql.h"
#include "config/text_kinds.h"

namespace rm::config {

Keys prometheus_keys() {
    using namespace std::chrono_literals;
    return {
        general({.path = "prometheus.url",
                 .fallback = "http://prometheus:9090",
                 .about = "Where Prometheus answers.",
                 .privacy = Privacy::address,
                 .needs_restart = true},
                web_address(), [](Settings& s) -> auto& { return s.prometheus.url; }),
        general({.path = "prometheus.timeout",
                 .fallback = "10s",
                 .about = "How long one query may take.",
                 .needs_restart = true},
                duration(100ms, 5min), [](Settings& s) -> auto& { return s.prometheus.timeout; }),
        secret_file({.path = "prometheus.bearer_token_file",
                     .about = "A file with the token that Prometheus, or the proxy before it, wants to see.",
                     .file_use = FileUse::secret_token,
                     .needs_restart = true},
                    [](Settings& s) -> auto& { return s.prometheus.bearer_token; }),
        general({.path = "prometheus.ca_file",
                 .about = "A PEM file with the authorities to trust for https, instead of the system's.",
                 .file_use = FileUse::must_exist,
                 .needs_restart = true},
                path("the path of a file"), [](Settings& s) -> auto& { return s.prometheus.ca_file; }),
        general({.path = "prometheus.matcher",
                 .fallback = "name!=\"\"",
                 .about = "Label matchers that every built-in query uses: which series are this host's "
                          "containers, e.g. `job=\"cadvisor\",instance=\"host1:8080\"` where Prometheus "
                          "watches several hosts.",
                 .needs_restart = true},
                matchers(), [](Settings& s) -> auto& { return s.prometheus.matcher; }),
        general({.path = "prometheus.queries",
                 .fallback = "{}",
                 .about = "PromQL that replaces the built-in query of a signal, by the signal's name; "
                          "docs/queries.md has them all. `$matcher` must stand in the braces of selectors; "
                          "`$window` and `$trend_window` may be used.",
                 .needs_restart = true},
                queries(), [](Settings& s) -> auto& { return s.prometheus.queries; }),
    };
}

}  // namespace rm::config
