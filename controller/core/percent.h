// SPDX-License-Identifier: Apache-2.0
// Percent-encoding, as in the paths, queries and users of URLs, read back.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rm {

/// `text` without percent-encoding; nothing if a `%` is not followed by two hexadecimal digits. Any byte can
/// come out, so whoever asks checks what is in it.
std::optional<std::string> percent_decoded(std::string_view text);

}  // namespace rm
