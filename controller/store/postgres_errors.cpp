// SPDX-License-Identifier: Apache-2.0
#include "store/postgres_errors.h"

#include <algorithm>

namespace rm::store {

ErrorCode code_of(std::string_view state) {
    const auto is = [&](std::string_view prefix) { return state.starts_with(prefix); };
    if (is("08") || is("57P")) return ErrorCode::unavailable;
    if (is("23") || is("40")) return ErrorCode::conflict;
    if (is("57014") || is("55P03")) return ErrorCode::timeout;
    if (is("28") || is("42501") || is("25006")) return ErrorCode::permission;
    if (is("53100") || is("58")) return ErrorCode::io;
    if (is("53")) return ErrorCode::unavailable;
    if (is("22")) return ErrorCode::invalid;
    if (is("54")) return ErrorCode::too_large;
    if (is("3D000")) return ErrorCode::not_found;
    if (is("XX001") || is("XX002")) return ErrorCode::corrupt;
    return ErrorCode::internal;
}

std::string words(std::string_view text) {
    for (const std::string_view mark :
         {"ERROR:  ", "FATAL:  ", "Cannot establish connection to the database.\n"})
        if (const auto at = text.rfind(mark); at != std::string_view::npos) {
            text.remove_prefix(at + mark.size());
            break;
        }
    std::string line;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        const std::string_view part = text.substr(0, end);
        const bool noise = part.empty() || part.starts_with("LINE ") ||
                           part.find_first_not_of(" ^\t") == std::string_view::npos;
        if (!noise)
            line += (line.empty() ? "" : "; ") + std::string(part.substr(part.find_first_not_of(" \t")));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return line;
}

std::string scrubbed(std::string text, const Secret& password) {
    if (password.empty()) return text;
    for (auto at = text.find(password.reveal()); at != std::string::npos;
         at = text.find(password.reveal(), at + 3))
        text.replace(at, password.reveal().size(), "***");
    return text;
}

ErrorCode code_of_refusal(std::string_view text) {
    const auto has = [&](std::string_view part) { return text.find(part) != std::string_view::npos; };
    if (has("authentication failed") || has("no password supplied") || has("pg_hba.conf"))
        return ErrorCode::permission;
    if (has("FATAL") && has("does not exist")) return ErrorCode::not_found;
    return ErrorCode::unavailable;
}

}  // namespace rm::store
