// SPDX-License-Identifier: Apache-2.0
// What is checked of a request before anything is sent, so that no value can forge a header or a second
// request. Internal to net/.
#pragma once

#include <string>

#include "core/result.h"
#include "net/http_client.h"

namespace rm::net {

/// The request target to send; an error names what is wrong, but quotes no header's value.
Result<std::string> check(const Request& request);

/// `GET http://prometheus:9090/api/v1/query`, as errors begin.
std::string print(const Request& request);

}  // namespace rm::net
