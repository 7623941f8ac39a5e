// SPDX-License-Identifier: Apache-2.0
#include "docker/exact_json.h"

#include <charconv>
#include <cstdint>
#include <string>
#include <system_error>

#include <boost/json/basic_parser_impl.hpp>

#include "core/text.h"
#include "docker/json.h"

namespace rm::docker {
namespace {

namespace json = boost::json;
using boost::system::error_code;

/// What the parser calls: builds the value, and reads fractions itself. The names are Boost's.
struct Handler {
    static constexpr std::size_t max_object_size = std::size_t(-1);
    static constexpr std::size_t max_array_size = std::size_t(-1);
    static constexpr std::size_t max_key_size = std::size_t(-1);
    static constexpr std::size_t max_string_size = std::size_t(-1);

    json::value_stack stack{};
    std::string number{};  // what was seen of one
    std::string lost{};    // one that can't be kept

    bool on_document_begin(error_code& /*unused*/) {
        stack.reset();
        return true;
    }
    bool on_document_end(error_code& /*unused*/) { return true; }
    bool on_object_begin(error_code& /*unused*/) { return true; }
    bool on_object_end(std::size_t members, error_code& /*unused*/) {
        stack.push_object(members);
        return true;
    }
    bool on_array_begin(error_code& /*unused*/) { return true; }
    bool on_array_end(std::size_t items, error_code& /*unused*/) {
        stack.push_array(items);
        return true;
    }
    bool on_key_part(json::string_view text, std::size_t /*unused*/, error_code& /*unused*/) {
        stack.push_chars(text);
        return true;
    }
    bool on_key(json::string_view text, std::size_t /*unused*/, error_code& /*unused*/) {
        stack.push_key(text);
        return true;
    }
    bool on_string_part(json::string_view text, std::size_t /*unused*/, error_code& /*unused*/) {
        stack.push_chars(text);
        return true;
    }
    bool on_string(json::string_view text, std::size_t /*unused*/, error_code& /*unused*/) {
        stack.push_string(text);
        return true;
    }
    bool on_number_part(json::string_view text, error_code& /*unused*/) {
        number.append(text.data(), text.size());
        return true;
    }
    bool on_int64(std::int64_t value, json::string_view /*unused*/, error_code& /*unused*/) {
        number.clear();
        stack.push_int64(value);
        return true;
    }
    bool on_uint64(std::uint64_t value, json::string_view /*unused*/, error_code& /*unused*/) {
        number.clear();
        stack.push_uint64(value);
        return true;
    }
    bool on_double(double /*unused*/, json::string_view text, error_code& wrong) {
        number.append(text.data(), text.size());
        double value = 0;
        const char* const end = number.data() + number.size();
        const auto [stopped, problem] = std::from_chars(number.data(), end, value);
        const bool is_whole = number.find_first_of(".eE") == std::string::npos;
        if (is_whole || problem != std::errc() || stopped != end) {
            lost = number;
            wrong = json::error::not_number;
            return false;
        }
        number.clear();
        stack.push_double(value);
        return true;
    }
    bool on_bool(bool value, error_code& /*unused*/) {
        stack.push_bool(value);
        return true;
    }
    bool on_null(error_code& /*unused*/) {
        stack.push_null();
        return true;
    }
    bool on_comment_part(json::string_view /*unused*/, error_code& /*unused*/) { return true; }
    bool on_comment(json::string_view /*unused*/, error_code& /*unused*/) { return true; }
};

}  // namespace

Result<json::value> parse_exactly(std::string_view text, std::size_t cap) {
    if (text.size() > cap)
        return fail(ErrorCode::too_large, "the answer has {} bytes, {} at most were expected", text.size(),
                    cap);
    json::parse_options options;
    options.max_depth = deepest_json;
    json::basic_parser<Handler> parser(options);
    error_code wrong;
    try {
        const std::size_t used = parser.write_some(false, text.data(), text.size(), wrong);
        if (!wrong && used == text.size()) return parser.handler().stack.release();
    } catch (const std::exception& problem) {
        return fail(ErrorCode::protocol, "the answer could not be read: {}", problem.what());
    }
    if (const std::string& lost = parser.handler().lost; !lost.empty())
        return fail(ErrorCode::protocol, "the number {} can't be kept exactly", quoted(lost));
    const std::string why = wrong ? wrong.message() : "more follows";
    return fail(ErrorCode::protocol, "the answer is not JSON ({}): {}", why, quoted(text));
}

}  // namespace rm::docker
