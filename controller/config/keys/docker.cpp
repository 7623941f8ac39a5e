// SPDX-License-Identifier: Apache-2.0
#include "config/address_kinds.h"
#include "config/keys/sections.h"
#include "config/number_kinds.h"
#include "config/text_kinds.h"

namespace rm::config {

Keys docker_keys() {
    using namespace std::chrono_literals;
    return {
        general({.path = "docker.host",
                 .fallback = "tcp://docker-socket-proxy:2375",
                 .about = "Where the engine or its socket proxy answers: `tcp://host:port`, or "
                          "`unix:///var/run/docker.sock`.",
                 .privacy = Privacy::address,
                 .needs_restart = true,
                 .variables = {"DOCKER_HOST"}},
                docker_host(), [](Settings& s) -> auto& { return s.docker.host; }),
        general({.path = "docker.timeout",
                 .fallback = "30s",
                 .about = "How long one call may take; streams of events are not bound by it."},
                duration(100ms, 10min), [](Settings& s) -> auto& { return s.docker.timeout; }),
        general({.path = "docker.tls.ca_file",
                 .about = "A PEM file with the authority that signed the engine's certificate. Setting any "
                          "`docker.tls` file makes a `tcp` host speak TLS.",
                 .file_use = FileUse::must_exist,
                 .needs_restart = true},
                path("the path of a file"), [](Settings& s) -> auto& { return s.docker.tls.ca_file; }),
        general({.path = "docker.tls.cert_file",
                 .about = "A PEM file with our own certificate for the engine.",
                 .file_use = FileUse::must_exist,
                 .needs_restart = true},
                path("the path of a file"), [](Settings& s) -> auto& { return s.docker.tls.cert_file; }),
        general({.path = "docker.tls.key_file",
                 .about = "A PEM file with the key to `docker.tls.cert_file`.",
                 .file_use = FileUse::must_exist,
                 .needs_restart = true},
                path("the path of a file"), [](Settings& s) -> auto& { return s.docker.tls.key_file; }),
        general({.path = "docker.tls.verify",
                 .fallback = "true",
                 .about = "Whether the engine must show a certificate that we trust. Turn off only in tests.",
                 .needs_restart = true},
                boolean(), [](Settings& s) -> auto& { return s.docker.tls.verify; }),
    };
}

}  // namespace rm::config
