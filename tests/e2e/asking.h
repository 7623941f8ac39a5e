// SPDX-License-Identifier: Apache-2.0
// What tests ask a running daemon, and a configuration with which it asks nobody.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "net/http_client.h"
#include "tests/e2e/daemon_process.h"

namespace rm::e2e {

/// A configuration without peers, so that nothing outside of the test is asked.
inline const std::string quiet =
    "monitoring: {source: simulation}\n"
    "logging: {level: info}\n";

/// The answer to one request, whatever its status; a failed test if there is none.
net::Response get(const std::string& url, net::Method method = net::Method::get,
                  const std::string& token = {});

/// The value of a series without labels, or -1 and a failed test.
double metric(DaemonProcess& daemon, const std::string& name);

/// All series of a page of metrics, by name and labels as they stand there: `checks_total{service="web"}`.
std::map<std::string, double> series_of(const std::string& metrics);

/// Waits until `holds` does: what a thread of the daemon does next may show in no line of its log.
bool eventually(const std::function<bool()>& holds);

}  // namespace rm::e2e
