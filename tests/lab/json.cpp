// SPDX-License-Identifier: Apache-2.0
#include "tests/lab/json.h"

#include "core/text.h"

namespace rm::lab {

namespace json = boost::json;

namespace {

const json::value* find(const json::value& value, std::string_view where) {
    boost::system::error_code missing;
    return value.find_pointer(where, missing);
}

}  // namespace

Result<json::value> parse_json(std::string_view text) {
    boost::system::error_code wrong;
    json::value value = json::parse(text, wrong);
    if (wrong) return fail(ErrorCode::protocol, "this is not JSON ({}): {}", wrong.message(), quoted(text));
    return value;
}

std::string text_at(const json::value& value, std::string_view where) {
    const json::value* found = find(value, where);
    return found != nullptr && found->is_string() ? std::string(found->as_string()) : std::string();
}

double number_at(const json::value& value, std::string_view where) {
    const json::value* found = find(value, where);
    return found != nullptr && found->is_number() ? found->to_number<double>() : 0.0;
}

bool true_at(const json::value& value, std::string_view where) {
    const json::value* found = find(value, where);
    return found != nullptr && found->is_bool() && found->as_bool();
}

const json::object& object_at(const json::value& value, std::string_view where) {
    static const json::object none;
    const json::value* found = find(value, where);
    return found != nullptr && found->is_object() ? found->as_object() : none;
}

const json::array& array_at(const json::value& value, std::string_view where) {
    static const json::array none;
    const json::value* found = find(value, where);
    return found != nullptr && found->is_array() ? found->as_array() : none;
}

}  // namespace rm::lab
