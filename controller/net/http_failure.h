// SPDX-License-Identifier: Apache-2.0
// What libcurl's result codes mean for us: one of our error codes and a sentence. Pure.
#pragma once

#include <string_view>

#include <curl/curl.h>

#include "core/error.h"

namespace rm::net {

/// `detail` is what libcurl wrote into its error buffer, `os_error` the errno of a failed connect or 0.
Error failure_of(CURLcode code, std::string_view detail, int os_error);

}  // namespace rm::net
