// SPDX-License-Identifier: Apache-2.0
// What a client says it accepts and already has.
#pragma once

#include <string_view>

#include "serve/http.h"

namespace rm::serve {

/// Accept-Encoding allows gzip: named, or covered by `*`, and not with q=0.
bool accepts_gzip(const Headers& headers);

/// If-None-Match names `etag` (without quotes), weakly or strongly, or is `*`.
bool already_has(const Headers& headers, std::string_view etag);

}  // namespace rm::serve
