// SPDX-License-Identifier: Apache-2.0
// The configuration's http section as serve/ wants it.
#pragma once

#include "config/settings.h"
#include "serve/options.h"

namespace rm::app {

/// What is fixed as long as the server runs; whom it lets in is not part of it.
serve::Options http_options(const config::Http& http);

/// Whom it lets in, which a reload may change.
serve::Access access_rules(const config::Http& http);

}  // namespace rm::app
