// SPDX-License-Identifier: Apache-2.0
#include "observe/reply_handler.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include <boost/json/error.hpp>

#include "core/text.h"

namespace rm::observe {
namespace {

constexpr std::size_t longest_text = 4096;
constexpr std::size_t longest_note = 200;
constexpr std::size_t most_notes = 3;
constexpr std::size_t longest_known_key = 32;

/// As Prometheus writes numbers.
std::optional<double> parse_value(std::string_view text) {
    if (text == "NaN") return std::numeric_limits<double>::quiet_NaN();
    if (text == "+Inf" || text == "Inf") return std::numeric_limits<double>::infinity();
    if (text == "-Inf") return -std::numeric_limits<double>::infinity();
    if (text.find_first_not_of("0123456789+-.eE") != std::string_view::npos) return std::nullopt;
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

}  // namespace

ReplyHandler::Member ReplyHandler::member_called(std::string_view name, Place place) {
    switch (place) {
        case Place::root:
            if (name == "status") return Member::status;
            if (name == "data") return Member::data;
            if (name == "errorType") return Member::error_type;
            if (name == "error") return Member::error;
            if (name == "warnings") return Member::warnings;
            if (name == "infos") return Member::infos;
            return Member::unknown;
        case Place::data:
            if (name == "resultType") return Member::result_type;
            if (name == "result") return Member::result;
            return Member::unknown;
        case Place::sample:
            if (name == "metric") return Member::metric;
            if (name == "value") return Member::value;
            return Member::unknown;
        case Place::metric:
            if (name == "id") return Member::id;
            if (name == "name") return Member::name;
            return Member::unknown;
        case Place::result:
        case Place::value:
        case Place::notes:
        case Place::passed_over:
            return Member::unknown;
    }
    return Member::unknown;
}

std::optional<ReplyHandler::Place> ReplyHandler::object_here() const {
    if (depth_ == 0) return Place::root;
    switch (place()) {
        case Place::root:
            if (member_ == Member::data) return Place::data;
            break;
        case Place::sample:
            if (member_ == Member::metric) return Place::metric;
            break;
        case Place::result:
            return Place::sample;
        case Place::passed_over:
            return Place::passed_over;
        case Place::value:
        case Place::notes:
            return std::nullopt;
        case Place::data:
        case Place::metric:
            break;
    }
    return member_ == Member::unknown ? std::optional(Place::passed_over) : std::nullopt;
}

std::optional<ReplyHandler::Place> ReplyHandler::array_here() const {
    if (depth_ == 0) return std::nullopt;
    switch (place()) {
        case Place::root:
            if (member_ == Member::warnings || member_ == Member::infos) return Place::notes;
            break;
        case Place::data:
            if (member_ == Member::result) return Place::result;
            break;
        case Place::sample:
            if (member_ == Member::value) return Place::value;
            break;
        case Place::passed_over:
            return Place::passed_over;
        case Place::result:
        case Place::value:
        case Place::notes:
            return std::nullopt;
        case Place::metric:
            break;
    }
    return member_ == Member::unknown ? std::optional(Place::passed_over) : std::nullopt;
}

bool ReplyHandler::enter(std::optional<Place> place, ErrorCode& code) {
    if (!place || depth_ == places_.size()) return reject("a part of it has the wrong form", code);
    places_.at(depth_++) = *place;
    seen_.at(static_cast<std::size_t>(*place)) = 0;
    if (*place == Place::value) {
        elements_ = 0;
        text_.clear();
    } else if (*place == Place::sample) {
        seen_.at(static_cast<std::size_t>(Place::metric)) = 0;
        id_.clear();
        name_.clear();
    }
    return true;
}

bool ReplyHandler::on_object_begin(ErrorCode& code) {
    return enter(object_here(), code);
}

bool ReplyHandler::on_object_end(std::size_t, ErrorCode& code) {
    const bool good = place() != Place::sample || end_sample(code);
    --depth_;
    return good;
}

bool ReplyHandler::on_array_begin(ErrorCode& code) {
    return enter(array_here(), code);
}

bool ReplyHandler::on_array_end(std::size_t, ErrorCode& code) {
    if (place() == Place::value && elements_ != 2) return reject("a value is not a time and a number", code);
    --depth_;
    return true;
}

bool ReplyHandler::on_key_part(std::string_view part, std::size_t, ErrorCode&) {
    if (place() != Place::passed_over) key_ += part.substr(0, longest_known_key);
    if (key_.size() > longest_known_key) key_.resize(longest_known_key);
    return true;
}

bool ReplyHandler::on_key(std::string_view part, std::size_t length, ErrorCode& code) {
    (void)on_key_part(part, length, code);
    member_ = length > longest_known_key ? Member::unknown : member_called(key_, place());
    key_.clear();
    if (member_ == Member::unknown) return true;
    std::uint32_t& seen = seen_.at(static_cast<std::size_t>(place()));
    const std::uint32_t bit = std::uint32_t{1} << static_cast<unsigned>(member_);
    if ((seen & bit) != 0) return reject("it says the same thing twice", code);
    seen |= bit;
    return true;
}

std::string* ReplyHandler::wanted_text() {
    switch (place()) {
        case Place::value:
            return &text_;
        case Place::notes:
            return &note_;
        case Place::root:
            if (member_ == Member::status) return &status_;
            if (member_ == Member::error_type) return &error_type_;
            if (member_ == Member::error) return &error_;
            return nullptr;
        case Place::data:
            return member_ == Member::result_type ? &result_type_ : nullptr;
        case Place::metric:
            if (member_ == Member::id) return &id_;
            return member_ == Member::name ? &name_ : nullptr;
        case Place::result:
        case Place::sample:
        case Place::passed_over:
            return nullptr;
    }
    return nullptr;
}

bool ReplyHandler::may_be_text() const {
    if (depth_ == 0 || place() == Place::result) return false;
    if (place() == Place::value) return elements_ == 1;
    if (place() == Place::notes || place() == Place::passed_over) return true;
    switch (member_) {
        case Member::data:
        case Member::warnings:
        case Member::infos:
        case Member::result:
        case Member::metric:
        case Member::value:
            return false;
        case Member::unknown:
        case Member::status:
        case Member::error_type:
        case Member::error:
        case Member::result_type:
        case Member::id:
        case Member::name:
            return true;
    }
    return true;
}

bool ReplyHandler::keep(std::string* where, std::string_view part, ErrorCode& code) {
    if (where == nullptr) return true;
    const bool is_label = where == &id_ || where == &name_;
    if (is_label && where->size() + part.size() > longest_text) return reject("a label is too long", code);
    *where += part.substr(0, longest_text - std::min(where->size(), longest_text));
    return true;
}

bool ReplyHandler::on_string_part(std::string_view part, std::size_t, ErrorCode& code) {
    if (!may_be_text()) return reject("a part of it has the wrong form", code);
    return keep(wanted_text(), part, code);
}

bool ReplyHandler::on_string(std::string_view part, std::size_t length, ErrorCode& code) {
    if (!on_string_part(part, length, code)) return false;
    if (place() == Place::value) return end_value_text(code);
    if (place() == Place::notes) {
        if (warnings_.size() < most_notes) warnings_.push_back(note_.substr(0, longest_note));
        note_.clear();
    }
    return true;
}

bool ReplyHandler::end_value_text(ErrorCode& code) {
    const auto value = parse_value(text_);
    if (!value) return reject("a value is not a number", code);
    sample_.value = *value;
    ++elements_;
    return true;
}

bool ReplyHandler::number(double value, ErrorCode& code) {
    if (depth_ != 0 && place() == Place::value && elements_ == 0 && std::isfinite(value)) {
        sample_.at = value;
        ++elements_;
        return true;
    }
    return other(code);
}

bool ReplyHandler::on_null(ErrorCode& code) {
    return depth_ != 0 && place() == Place::root && member_ != Member::status ? true : other(code);
}

/// A number, true, false or null where nothing of ours is.
bool ReplyHandler::other(ErrorCode& code) {
    const bool nowhere =
        depth_ == 0 || place() == Place::result || place() == Place::value || place() == Place::notes;
    const bool ours = !nowhere && place() != Place::passed_over && member_ != Member::unknown;
    return nowhere || ours ? reject("a part of it has the wrong form", code) : true;
}

bool ReplyHandler::end_sample(ErrorCode& code) {
    const auto has = [&](Place place, Member member) {
        return (seen_.at(static_cast<std::size_t>(place)) >> static_cast<unsigned>(member) & 1U) != 0;
    };
    if (!has(Place::sample, Member::value)) return reject("a sample has no value", code);
    sample_.id = has(Place::metric, Member::id) ? std::optional<std::string_view>(id_) : std::nullopt;
    sample_.name = has(Place::metric, Member::name) ? std::optional<std::string_view>(name_) : std::nullopt;
    on_sample_(sample_);
    return true;
}

bool ReplyHandler::reject(std::string_view complaint, ErrorCode& code) {
    complaint_ = complaint;
    code = boost::json::error::syntax;
    return false;
}

Result<ReplyNotes> ReplyHandler::verdict() {
    if (status_ == "error") {
        const bool gave_up = error_type_ == "timeout";
        return fail(gave_up ? rm::ErrorCode::timeout : rm::ErrorCode::invalid, "it says {}: {}",
                    quoted(error_type_), quoted(error_));
    }
    if (status_ != "success") return fail(rm::ErrorCode::protocol, "it does not say whether it succeeded");
    const std::uint32_t bit = std::uint32_t{1} << static_cast<unsigned>(Member::result);
    const bool has_result = (seen_.at(static_cast<std::size_t>(Place::data)) & bit) != 0;
    if (!has_result || result_type_ != "vector")
        return fail(rm::ErrorCode::protocol, "its result is not a vector{}",
                    result_type_.empty() ? std::string() : " but " + quoted(result_type_));
    return ReplyNotes{.warnings = std::move(warnings_)};
}

}  // namespace rm::observe
