// SPDX-License-Identifier: Apache-2.0
// What PostgreSQL, libpq and SOCI say when something fails, as our codes and in words for people.
#pragma once

#include <string>
#include <string_view>

#include "core/error.h"
#include "core/secret.h"

namespace rm::store {

/// Of an SQLSTATE.
ErrorCode code_of(std::string_view state);

/// While connecting libpq gives no code, only the text; anything unknown may pass by itself.
ErrorCode code_of_refusal(std::string_view text);

/// The server's own sentence and its DETAIL, on one line, without the words SOCI puts before it.
std::string words(std::string_view text);

/// `text` without the password, should a library ever quote what it was given.
std::string scrubbed(std::string text, const Secret& password);

}  // namespace rm::store
