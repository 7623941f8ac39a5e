// SPDX-License-Identifier: Apache-2.0
#include "docker/json.h"

#include <limits>

#include "core/text.h"

namespace rm::docker {

namespace json = boost::json;

namespace {

tl::unexpected<Error> wrong_type(std::string_view name, std::string_view expected) {
    return fail(ErrorCode::protocol, "{} is not {}", name, expected);
}

}  // namespace

Result<json::value> parse_json(std::string_view text, std::size_t cap) {
    if (text.size() > cap)
        return fail(ErrorCode::too_large, "the answer has {} bytes, {} at most were expected", text.size(),
                    cap);
    json::parse_options options;
    options.max_depth = deepest_json;
    boost::system::error_code wrong;
    try {
        json::value value = json::parse(text, wrong, {}, options);
        if (!wrong) return value;
    } catch (const std::exception& problem) {
        return fail(ErrorCode::protocol, "the answer could not be read: {}", problem.what());
    }
    return fail(ErrorCode::protocol, "the answer is not JSON ({}): {}", wrong.message(), quoted(text));
}

Result<const json::object*> object_of(const json::value& value, std::string_view what) {
    if (!value.is_object()) return wrong_type(what, "an object");
    return &value.get_object();
}

Result<json::object> parse_object(std::string_view text, std::size_t cap, std::string_view what) {
    auto value = parse_json(text, cap);
    if (!value) return fail(std::move(value).error());
    if (auto object = object_of(*value, what); !object) return fail(std::move(object).error());
    return std::move(value->get_object());
}

const json::value* member(const json::object& object, std::string_view name) {
    const json::value* found = object.if_contains(name);
    return found == nullptr || found->is_null() ? nullptr : found;
}

Result<std::string> text_at(const json::object& object, std::string_view name) {
    const json::value* found = member(object, name);
    if (found == nullptr) return fail(ErrorCode::protocol, "{} is missing", name);
    if (!found->is_string()) return wrong_type(name, "a text");
    return std::string(found->get_string());
}

Result<std::string> text_or_empty(const json::object& object, std::string_view name) {
    if (member(object, name) == nullptr) return std::string();
    return text_at(object, name);
}

Result<std::optional<std::int64_t>> integer_at(const json::object& object, std::string_view name) {
    const json::value* found = member(object, name);
    if (found == nullptr) return std::nullopt;
    if (found->is_int64()) return found->get_int64();
    if (!found->is_uint64()) return wrong_type(name, "a whole number");
    constexpr auto largest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (found->get_uint64() > largest) return wrong_type(name, "a number below 2^63");
    return static_cast<std::int64_t>(found->get_uint64());
}

Result<std::int64_t> count_at(const json::object& object, std::string_view name) {
    const auto value = integer_at(object, name);
    if (!value) return fail(value.error());
    if (value->value_or(0) < 0) return wrong_type(name, "zero or more");
    return value->value_or(0);
}

Result<bool> flag_at(const json::object& object, std::string_view name) {
    const json::value* found = member(object, name);
    if (found == nullptr) return false;
    if (!found->is_bool()) return wrong_type(name, "true or false");
    return found->get_bool();
}

Result<const json::object*> object_at(const json::object& object, std::string_view name) {
    static const json::object none;
    const json::value* found = member(object, name);
    if (found == nullptr) return &none;
    return object_of(*found, name);
}

std::string printable(std::string_view text, std::size_t longest) {
    std::string result;
    while (!text.empty() && result.size() < longest) {
        const std::size_t length = printable_prefix(text);
        if (length == 0) {
            if (!result.empty() && !result.ends_with(' ')) result += ' ';
        } else {
            result += text.substr(0, length);
        }
        text.remove_prefix(length == 0 ? 1 : length);
    }
    while (result.ends_with(' ')) result.pop_back();
    return text.empty() ? result : result + "...";
}

}  // namespace rm::docker
