// SPDX-License-Identifier: Apache-2.0
#include "observe/reply_reader.h"

#include <utility>

#include <boost/json/basic_parser_impl.hpp>

#include "observe/reply_handler.h"

namespace rm::observe {
namespace {

bool only_space(std::string_view text) {
    return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

boost::json::parse_options options() {
    boost::json::parse_options options;
    options.max_depth = ReplyHandler::max_depth;
    return options;
}

}  // namespace

class ReplyReader::Parser {
public:
    Parser(OnSample on_sample, Bytes cap)
        : parser_(options(), std::move(on_sample)), cap_(static_cast<std::size_t>(cap.count())) {}

    bool take(std::string_view bytes) {
        if (failed()) return false;
        taken_ += bytes.size();
        if (taken_ > cap_) {
            too_large_ = true;
            return false;
        }
        if (!parser_.done()) bytes.remove_prefix(parser_.write_some(true, bytes.data(), bytes.size(), code_));
        if (parser_.done() && !only_space(bytes)) more_than_one_ = true;
        return !failed();
    }

    Result<ReplyNotes> finish() {
        if (!failed() && !parser_.done()) return fail(ErrorCode::protocol, "it is cut short");
        if (too_large_)
            return fail(ErrorCode::too_large, "it is over {}", print(Bytes(static_cast<std::int64_t>(cap_))));
        if (more_than_one_) return fail(ErrorCode::protocol, "something follows its end");
        if (!code_) return parser_.handler().verdict();
        if (const auto complaint = parser_.handler().complaint(); !complaint.empty())
            return fail(ErrorCode::protocol, "{}", complaint);
        return fail(ErrorCode::protocol, "it is not JSON as expected: {}", code_.message());
    }

private:
    [[nodiscard]] bool failed() const { return too_large_ || more_than_one_ || code_; }

    boost::json::basic_parser<ReplyHandler> parser_;
    std::size_t cap_;
    std::size_t taken_ = 0;
    bool too_large_ = false;
    bool more_than_one_ = false;
    boost::json::error_code code_;
};

ReplyReader::ReplyReader(OnSample on_sample, Bytes cap)
    : parser_(std::make_unique<Parser>(std::move(on_sample), cap)) {}

ReplyReader::~ReplyReader() = default;

bool ReplyReader::take(std::string_view bytes) {
    return parser_->take(bytes);
}

Result<ReplyNotes> ReplyReader::finish() {
    return parser_->finish();
}

}  // namespace rm::observe
