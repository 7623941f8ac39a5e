// SPDX-License-Identifier: Apache-2.0
// What an answer that is no success means, whether the engine or a proxy in front of it gave it. Pure.
#pragma once

#include "core/error.h"
#include "docker/call.h"
#include "net/http_client.h"

namespace rm::docker {

/// Whether what was asked for is so now: by this call, or because it was so before.
bool is_done(const Call& call, const net::Response& response);

/// `not_found` only when the engine itself says that there is no such container: a page of something else in
/// its place must not look like a container that is gone.
Error error_of(const Call& call, const net::Response& response);

}  // namespace rm::docker
