// SPDX-License-Identifier: Apache-2.0
#include "serve/negotiation.h"

#include <algorithm>
#include <cstddef>
#include <optional>

#include "core/text.h"

namespace rm::serve {
namespace {

constexpr std::string_view blanks = " \t";

/// Takes the piece before the next separator from the front of `text`, trimmed.
std::string_view take(std::string_view& text, char separator) {
    const std::size_t end = text.find(separator);
    const std::string_view piece = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    return trimmed(piece, blanks);
}

/// Whether the parameters after a coding leave it usable: q is absent, or more than 0.
bool wanted(std::string_view parameters) {
    while (!parameters.empty()) {
        std::string_view parameter = take(parameters, ';');
        if (lower(take(parameter, '=')) != "q") continue;
        const std::string_view weight = trimmed(parameter, blanks);
        const bool number =
            !weight.empty() && weight.find_first_not_of("0123456789.") == std::string_view::npos;
        return number && weight.find_first_of("123456789") != std::string_view::npos;
    }
    return true;
}

/// Goes through an If-None-Match list; commas may stand inside the quotes.
bool lists(std::string_view value, std::string_view etag) {
    for (;;) {
        const std::size_t open = value.find('"');
        if (open == std::string_view::npos) return false;
        const std::size_t close = value.find('"', open + 1);
        if (close == std::string_view::npos) return false;
        if (value.substr(open + 1, close - open - 1) == etag) return true;
        value.remove_prefix(close + 1);
    }
}

}  // namespace

bool accepts_gzip(const Headers& headers) {
    std::optional<bool> gzip;
    std::optional<bool> any;
    for (const Header& header : headers) {
        if (lower(header.name) != "accept-encoding") continue;
        for (std::string_view list = header.value; !list.empty();) {
            std::string_view element = take(list, ',');
            const std::string coding = lower(take(element, ';'));
            if (coding == "gzip" || coding == "x-gzip") gzip = wanted(element);
            if (coding == "*") any = wanted(element);
        }
    }
    return gzip.value_or(any.value_or(false));
}

bool already_has(const Headers& headers, std::string_view etag) {
    return std::ranges::any_of(headers, [&](const Header& header) {
        return lower(header.name) == "if-none-match" &&
               (trimmed(header.value, blanks) == "*" || lists(header.value, etag));
    });
}

}  // namespace rm::serve
