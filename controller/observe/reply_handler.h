// SPDX-License-Identifier: Apache-2.0
// ReplyHandler: what Boost.JSON's streaming parser calls while it reads an answer of Prometheus. It knows at
// each moment which part of the answer it is in, keeps the few texts that matter and passes over the rest.
// Internal to observe/.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json/error.hpp>

#include "observe/reply_reader.h"

namespace rm::observe {

class ReplyHandler {
public:
    // Names and values that Boost.JSON demands.
    static constexpr std::size_t max_object_size = std::size_t{1} << 20;
    static constexpr std::size_t max_array_size = std::size_t{1} << 20;
    static constexpr std::size_t max_key_size = std::size_t{64} << 10;
    static constexpr std::size_t max_string_size = std::size_t{64} << 10;
    static constexpr std::size_t max_depth = 16;

    using ErrorCode = boost::json::error_code;

    explicit ReplyHandler(ReplyReader::OnSample on_sample) : on_sample_(std::move(on_sample)) {}

    bool on_document_begin(ErrorCode&) { return true; }
    bool on_document_end(ErrorCode&) { return true; }
    bool on_object_begin(ErrorCode& code);
    bool on_object_end(std::size_t count, ErrorCode& code);
    bool on_array_begin(ErrorCode& code);
    bool on_array_end(std::size_t count, ErrorCode& code);
    bool on_key_part(std::string_view part, std::size_t length, ErrorCode& code);
    bool on_key(std::string_view part, std::size_t length, ErrorCode& code);
    bool on_string_part(std::string_view part, std::size_t length, ErrorCode& code);
    bool on_string(std::string_view part, std::size_t length, ErrorCode& code);
    bool on_number_part(std::string_view, ErrorCode&) { return true; }
    bool on_int64(std::int64_t value, std::string_view, ErrorCode& code) {
        return number(static_cast<double>(value), code);
    }
    bool on_uint64(std::uint64_t value, std::string_view, ErrorCode& code) {
        return number(static_cast<double>(value), code);
    }
    bool on_double(double value, std::string_view, ErrorCode& code) { return number(value, code); }
    bool on_bool(bool, ErrorCode& code) { return other(code); }
    bool on_null(ErrorCode& code);
    bool on_comment_part(std::string_view, ErrorCode&) { return true; }
    bool on_comment(std::string_view, ErrorCode&) { return true; }

    /// Why the handler itself ended the reading; empty if it did not.
    [[nodiscard]] std::string_view complaint() const { return complaint_; }
    /// The verdict on a document that was read to its end.
    Result<ReplyNotes> verdict();

private:
    enum class Place { root, data, result, sample, metric, value, notes, passed_over };
    enum class Member {
        unknown,
        status,
        data,
        error_type,
        error,
        warnings,
        infos,
        result_type,
        result,
        metric,
        value,
        id,
        name
    };

    [[nodiscard]] Place place() const { return places_.at(depth_ - 1); }
    static Member member_called(std::string_view name, Place place);
    [[nodiscard]] std::optional<Place> object_here() const;
    [[nodiscard]] std::optional<Place> array_here() const;
    bool enter(std::optional<Place> place, ErrorCode& code);
    [[nodiscard]] std::string* wanted_text();
    [[nodiscard]] bool may_be_text() const;
    bool keep(std::string* where, std::string_view part, ErrorCode& code);
    bool end_value_text(ErrorCode& code);
    bool end_sample(ErrorCode& code);
    bool number(double value, ErrorCode& code);
    bool other(ErrorCode& code);
    bool reject(std::string_view complaint, ErrorCode& code);

    ReplyReader::OnSample on_sample_;
    std::string_view complaint_;

    std::array<Place, max_depth + 2> places_{};
    std::size_t depth_ = 0;
    std::array<std::uint32_t, 8> seen_{};  // members of the open object of each place, as bits
    Member member_ = Member::unknown;
    std::string key_;
    std::size_t elements_ = 0;  // of the open value

    std::string status_;
    std::string result_type_;
    std::string error_type_;
    std::string error_;
    std::vector<std::string> warnings_;
    std::string note_;
    std::string id_;
    std::string name_;
    std::string text_;  // of the value
    Sample sample_;
};

}  // namespace rm::observe
