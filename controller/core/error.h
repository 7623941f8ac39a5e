// SPDX-License-Identifier: Apache-2.0
// Error: what went wrong, as a value. The code is stable and for programs (API types, metrics, exit codes);
// the message is a sentence for people. Callers add context on the way up with `with_prefix`.
#pragma once

#include <string>
#include <string_view>

namespace rm {

enum class ErrorCode {
    invalid,      // what was given is wrong: a text, a key, an argument
    not_found,    // what was asked for does not exist
    conflict,     // it contradicts what is there
    permission,   // we may not
    too_large,    // over a limit of ours
    timeout,      // it took too long
    cancelled,    // we were told to stop
    unavailable,  // a peer or a resource is away; trying again may help
    protocol,     // a peer answered what it should not
    io,           // the operating system refused
    corrupt,      // stored data is damaged
    unsupported,  // it cannot be done here
    internal      // our own fault
};

/// The stable name of a code, e.g. "not_found".
std::string_view to_string(ErrorCode code);

struct Error {
    ErrorCode code;
    std::string message;

    /// The same error with "prefix: " before its message.
    [[nodiscard]] Error with_prefix(std::string_view prefix) const&;
    [[nodiscard]] Error with_prefix(std::string_view prefix) &&;

    friend bool operator==(const Error&, const Error&) = default;
};

}  // namespace rm
