// SPDX-License-Identifier: Apache-2.0
// Small text helpers for messages that quote what somebody else wrote.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace rm {

struct Quoted {
    std::string operator()(std::string_view text) const;
};

/// `quoted(text)`: `text` in single quotes, safe to print: control bytes and invalid UTF-8 escaped, cut after
/// about 80 bytes. An object and not a function, so that std::quoted is never found in its place.
inline constexpr Quoted quoted;

/// The length of the printable character, in valid UTF-8, at the front of `text`; 0 where a control byte, an
/// invalid byte or nothing stands there.
std::size_t printable_prefix(std::string_view text);

/// Whether all of `text` is printable, in valid UTF-8.
bool is_printable(std::string_view text);

/// Whether all of `text` is valid UTF-8.
bool is_utf8(std::string_view text);

/// `text` with each byte that is not part of valid UTF-8 replaced by U+FFFD, as JSON and the exposition
/// format need it.
std::string valid_utf8(std::string_view text);

/// The candidate that `text` is most likely a misspelling of; empty if none is close.
std::string_view closest(std::string_view text, std::span<const std::string_view> candidates);

/// ASCII, whatever the locale.
bool is_digit(char c);
bool is_letter(char c);
bool is_letter_or_digit(char c);

/// `text` in ASCII lower case.
std::string lower(std::string_view text);

/// `text` without the characters of `blanks` at its ends.
std::string_view trimmed(std::string_view text, std::string_view blanks);

/// Whether `text` is a token as HTTP defines it, such as the name of a header.
bool is_http_token(std::string_view text);

}  // namespace rm
