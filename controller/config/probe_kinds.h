// SPDX-License-Identifier: Apache-2.0
// Kinds of values that say how to look after a container during its deployment.
#pragma once

#include <string>

#include "config/kind.h"
#include "config/probe.h"
#include "config/values.h"

namespace rm::config {

/// `docker`, `running`, `command`, or a place to ask.
Kind<HealthSource> health_source();
/// `http://:8080/ready`
Kind<ProbeAddress> http_probe();
/// The absolute path of a file inside a container.
Kind<std::string> container_file();
/// Where HAProxy takes commands: `unix:///run/haproxy/admin.sock`, `tcp://haproxy:9999`.
Kind<Url> haproxy_socket();

}  // namespace rm::config
