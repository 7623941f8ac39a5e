// SPDX-License-Identifier: Apache-2.0
// The page at `/`: what this is, which version, and where the interesting addresses are. Plain HTML.
#pragma once

#include <string>
#include <string_view>

#include "serve/route.h"

namespace rm::serve {

/// Lists the routes that can be opened in a browser.
std::string landing_page(std::string_view version, const Routes& routes);

/// `text` safe inside HTML, in text and in quoted attributes.
std::string html_escaped(std::string_view text);

}  // namespace rm::serve
