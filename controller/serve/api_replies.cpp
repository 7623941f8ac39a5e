// SPDX-License-Identifier: Apache-2.0
#include "serve/api_replies.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "core/text.h"
#include "serve/json_words.h"
#include "serve/problem.h"
#include "serve/static_content.h"

namespace rm::serve {

Response revalidated(std::string body) {
    Response response = json_response(std::move(body));
    response.etag = content_hash(response.body);
    response.compressible = true;
    response.headers.push_back({.name = "Cache-Control", .value = "no-cache"});
    return response;
}

Response no_check_yet(const ServiceViews& views) {
    const auto due = views.first_due ? views.first_due() : std::nullopt;
    return problem("unavailable", due ? "there was no check yet; the first one is due at " + print_time(*due)
                                      : std::string("there was no check yet; the first one is under way"));
}

Pauses current_pauses(const ServiceViews& views) {
    auto pauses = store::pauses(views.store);
    return pauses ? Pauses(*std::move(pauses)) : std::nullopt;  // what the check saw is shown instead
}

std::optional<Response> check_parameters(const Request& request,
                                         std::initializer_list<std::string_view> known) {
    for (const Parameter& parameter : request.query) {
        if (std::ranges::find(known, parameter.name) == known.end()) {
            std::string text;
            for (const std::string_view name : known) text += (text.empty() ? "" : ", ") + std::string(name);
            return problem("bad-request",
                           fmt::format("{} is not a parameter of this address{}", quoted(parameter.name),
                                       text.empty() ? "; it has none" : "; it has " + text));
        }
        if (std::ranges::count(request.query, parameter.name, &Parameter::name) > 1)
            return problem("bad-request", quoted(parameter.name) + " was given more than once");
    }
    return std::nullopt;
}

Result<std::optional<std::int64_t>> whole_number(const Request& request, std::string_view name,
                                                 std::int64_t most) {
    const std::string* const text = find(request.query, name);
    if (text == nullptr) return std::nullopt;
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
    if (error != std::errc() || end != text->data() + text->size() || value < 1 || value > most)
        return fail(ErrorCode::invalid, "{} is not a value for {}: a whole number from 1 to {}",
                    quoted(*text), name, most);
    return value;
}

std::string_view name_of(const Request& request) {
    const std::string* const name = find(request.path_parameters, "name");
    return name == nullptr ? std::string_view() : std::string_view(*name);
}

}  // namespace rm::serve
