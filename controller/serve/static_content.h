// SPDX-License-Identifier: Apache-2.0
// Content that never changes while the program runs: hashed and compressed once, when its route is made.
#pragma once

#include <string>
#include <string_view>

#include "serve/http.h"
#include "serve/route.h"

namespace rm::serve {

/// `text` in gzip format.
std::string gzip(std::string_view text);

/// A name for this very content, for an ETag.
std::string content_hash(std::string_view text);

/// A handler that serves `body`, revalidated by clients at each use.
Handler static_content(std::string content_type, std::string body, Headers headers = {});

}  // namespace rm::serve
