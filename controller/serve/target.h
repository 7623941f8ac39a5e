// SPDX-License-Identifier: Apache-2.0
// The request target: taken apart and decoded, or refused. What comes out holds no control characters, no
// invalid UTF-8 and no "." or ".." segment, however it was encoded.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "serve/http.h"

namespace rm::serve {

struct Target {
    std::string path;                   // as sent
    std::vector<std::string> segments;  // decoded; a slash that was encoded stays inside its segment
    Parameters query;                   // decoded
    std::string authority;              // of the absolute form, else empty
    bool whole_server = false;          // "*", only with OPTIONS
};

Result<Target> parse_target(std::string_view method, std::string_view text);

}  // namespace rm::serve
