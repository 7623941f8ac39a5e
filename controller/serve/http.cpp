// SPDX-License-Identifier: Apache-2.0
#include "serve/http.h"

#include <algorithm>
#include <utility>

#include "core/text.h"

namespace rm::serve {

const std::string* find(const Headers& headers, std::string_view name) {
    const std::string wanted = lower(name);
    const auto it =
        std::ranges::find_if(headers, [&](const Header& header) { return lower(header.name) == wanted; });
    return it == headers.end() ? nullptr : &it->value;
}

const std::string* find(const Parameters& parameters, std::string_view name) {
    const auto it = std::ranges::find(parameters, name, &Parameter::name);
    return it == parameters.end() ? nullptr : &it->value;
}

Response json_response(std::string text) {
    Response response;
    response.body = std::move(text);
    return response;
}

}  // namespace rm::serve
