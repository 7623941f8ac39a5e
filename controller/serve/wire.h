// SPDX-License-Identifier: Apache-2.0
// How a response looks on the wire.
#pragma once

#include <string>

#include "core/clock.h"
#include "serve/http.h"

namespace rm::serve {

enum class After {
    close,    // the connection ends with this response
    keep,     // HTTP/1.1: it stays, nothing has to be said
    say_keep  // HTTP/1.0: it stays because the client asked
};

/// Status line and headers. A control character in a header's value becomes a space, so that no value can end
/// its line. Content-Length is the body's, also where the body itself is not sent (HEAD).
std::string response_head(const Response& response, After after, WallTime now);

}  // namespace rm::serve
