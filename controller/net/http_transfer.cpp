// SPDX-License-Identifier: Apache-2.0
#include "net/http_transfer.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "core/text.h"
#include "net/http_failure.h"
#include "net/http_request.h"

namespace rm::net {
namespace {

constexpr std::string_view blanks = " \t\r\n";

/// Wakes the poll below when a stop is requested; for one that came before, at once.
struct Wake {
    CURLM* multi;
    void operator()() const { curl_multi_wakeup(multi); }
};

/// The multi handle lets go of the transfer whatever happens.
struct Attached {
    Attached(CURLM* to, CURL* what) : multi(to), easy(what), code(curl_multi_add_handle(to, what)) {}
    Attached(const Attached&) = delete;
    Attached& operator=(const Attached&) = delete;
    Attached(Attached&&) = delete;
    Attached& operator=(Attached&&) = delete;
    ~Attached() { curl_multi_remove_handle(multi, easy); }

    CURLM* multi;
    CURL* easy;
    CURLMcode code;
};

}  // namespace

Transfer::Transfer(const HttpOptions& options, const Request& request, const HttpClient::OnChunk* on_chunk)
    : options_(options),
      request_(request),
      on_chunk_(on_chunk),
      timeouts_(request.timeouts.value_or(options.timeouts)),
      body_cap_(request.body_cap.value_or(options.body_cap)) {}

Result<Response> Transfer::run(CURLM* multi, const std::stop_token& stop) {
    stop_ = stop;
    const auto target = check(request_);
    if (!target) return fail(with_context(target.error()));
    if (stop_.stop_requested()) return outcome(CURLE_ABORTED_BY_CALLBACK);
    if (const auto ready = set_up(*target); !ready) return fail(with_context(ready.error()));
    const Attached attached(multi, easy_.get());
    if (attached.code != CURLM_OK)
        return fail(
            with_context({.code = ErrorCode::internal, .message = curl_multi_strerror(attached.code)}));
    const std::stop_callback wake(stop_, Wake{multi});
    const auto code = drive(multi);
    if (thrown_) std::rethrow_exception(thrown_);
    if (!code) return fail(with_context(code.error()));
    return outcome(*code);
}

Status Transfer::set_up(const std::string& target) {
    if (const auto ready = easy_.set_up(options_, timeouts_, request_, target); !ready) return ready;
    easy_.set(CURLOPT_ERRORBUFFER, detail_.data());
    easy_.set(CURLOPT_PREREQFUNCTION, &Transfer::before_request);
    easy_.set(CURLOPT_PREREQDATA, static_cast<void*>(this));
    easy_.set(CURLOPT_HEADERFUNCTION, &Transfer::header_line);
    easy_.set(CURLOPT_HEADERDATA, static_cast<void*>(this));
    easy_.set(CURLOPT_WRITEFUNCTION, &Transfer::body_part);
    easy_.set(CURLOPT_WRITEDATA, static_cast<void*>(this));
    return easy_.checked();
}

/// libcurl sends a request again when a kept connection breaks before the answer; a POST may have been done.
int Transfer::before_request(void* self, char* /*to*/, char* /*from*/, int /*to_port*/, int /*from_port*/) {
    auto& transfer = *static_cast<Transfer*>(self);
    ++transfer.attempts_;
    transfer.last_progress_ = std::chrono::steady_clock::now();
    const bool may_repeat = transfer.request_.method != Method::post || transfer.request_.repeatable;
    if (transfer.attempts_ == 1 || may_repeat) return CURL_PREREQFUNC_OK;
    transfer.ended_ = Ended::not_repeatable;
    return CURL_PREREQFUNC_ABORT;
}

std::size_t Transfer::header_line(char* data, std::size_t /*one*/, std::size_t size, void* self) {
    auto& transfer = *static_cast<Transfer*>(self);
    return transfer.guarded([&] { return transfer.take_header({data, size}); }) ? size : size + 1;
}

std::size_t Transfer::body_part(char* data, std::size_t /*one*/, std::size_t size, void* self) {
    auto& transfer = *static_cast<Transfer*>(self);
    return transfer.guarded([&] { return transfer.take_body({data, size}); }) ? size : CURL_WRITEFUNC_ERROR;
}

/// libcurl is C: what is thrown in `take` comes out of `run` instead.
template <class Take>
bool Transfer::guarded(Take take) {
    try {
        return take();
    } catch (...) {
        thrown_ = std::current_exception();
        return end(Ended::by_exception);
    }
}

bool Transfer::end(Ended why) {
    ended_ = why;
    return false;
}

bool Transfer::take_header(std::string_view line) {
    header_bytes_ += line.size();
    if (header_bytes_ > static_cast<std::size_t>(options_.header_cap.count()))
        return end(Ended::headers_too_large);
    if (headers_done_) return true;  // trailers
    if (line.starts_with("HTTP/")) {
        response_.headers.clear();  // those of an interim answer
        return true;
    }
    const std::string_view text = trimmed(line, blanks);
    if (text.empty()) return end_headers();
    if (const std::size_t colon = text.find(':'); colon != std::string_view::npos)
        response_.headers.push_back({.name = std::string(text.substr(0, colon)),
                                     .value = std::string(trimmed(text.substr(colon + 1), blanks))});
    return true;
}

bool Transfer::end_headers() {
    const auto status = easy_.info<long>(CURLINFO_RESPONSE_CODE);
    if (status < 200 && status != 101) return true;
    headers_done_ = true;
    response_.status = static_cast<int>(status);
    const auto announced = easy_.info<curl_off_t>(CURLINFO_CONTENT_LENGTH_DOWNLOAD_T);
    const bool streamed = on_chunk_ != nullptr && response_.ok();
    const bool has_body = request_.method != Method::head && status != 204 && status != 304;
    if (has_body && !streamed && announced > body_cap_.count()) return end(Ended::body_too_large);
    return true;
}

bool Transfer::take_body(std::string_view part) {
    if (stop_.stop_requested()) return end(Ended::by_stop);
    if (on_chunk_ != nullptr && response_.ok()) return (*on_chunk_)(part) || end(Ended::by_caller);
    if (response_.body.size() + part.size() > static_cast<std::size_t>(body_cap_.count()))
        return end(Ended::body_too_large);
    response_.body += part;
    return true;
}

Result<CURLcode> Transfer::drive(CURLM* multi) {
    for (;;) {
        if (stop_.stop_requested()) return CURLE_ABORTED_BY_CALLBACK;
        int running = 0;
        if (const CURLMcode code = curl_multi_perform(multi, &running); code != CURLM_OK)
            return fail(ErrorCode::internal, "{}", curl_multi_strerror(code));
        int left = 0;
        if (const CURLMsg* message = curl_multi_info_read(multi, &left))
            return message->data
                .result;  // NOLINT(cppcoreguidelines-pro-type-union-access): libcurl's interface
        note_progress();
        const Deadline deadline = next_deadline();
        const auto now = std::chrono::steady_clock::now();
        if (now >= deadline.at) return fail(timed_out(deadline.idle));
        const auto wait = std::min<SteadyTime::duration>(deadline.at - now, std::chrono::hours(1));
        const auto milliseconds = static_cast<int>(std::chrono::ceil<Duration>(wait).count());
        if (const CURLMcode code = curl_multi_poll(multi, nullptr, 0, milliseconds, nullptr);
            code != CURLM_OK)
            return fail(ErrorCode::internal, "waiting for the peer failed: {}", curl_multi_strerror(code));
    }
}

void Transfer::note_progress() {
    const curl_off_t bytes = easy_.info<curl_off_t>(CURLINFO_SIZE_UPLOAD_T) +
                             easy_.info<curl_off_t>(CURLINFO_SIZE_DOWNLOAD_T) +
                             static_cast<curl_off_t>(header_bytes_);
    if (bytes != bytes_) last_progress_ = std::chrono::steady_clock::now();
    bytes_ = bytes;
}

/// What comes is handed on, for longer than an answer may take.
bool Transfer::streaming() const {
    return on_chunk_ != nullptr && headers_done_ && response_.ok();
}

Transfer::Deadline Transfer::next_deadline() const {
    Deadline next;
    const Duration whole = streaming() ? timeouts_.stream : timeouts_.total;
    if (whole > Duration::zero()) next.at = started_ + whole;
    if (timeouts_.idle > Duration::zero() && attempts_ > 0 && last_progress_ + timeouts_.idle < next.at)
        next = {.at = last_progress_ + timeouts_.idle, .idle = true};
    return next;
}

Error Transfer::timed_out(bool idle) const {
    std::string text;
    if (attempts_ == 0) {
        const bool total_first = timeouts_.total > Duration::zero() && timeouts_.total < timeouts_.connect;
        text = fmt::format("no connection within {}",
                           rm::print(total_first ? timeouts_.total : timeouts_.connect));
    } else if (idle) {
        text = fmt::format("nothing came for {}", rm::print(timeouts_.idle));
    } else if (headers_done_) {
        text = fmt::format("the answer was not complete within {}",
                           rm::print(streaming() ? timeouts_.stream : timeouts_.total));
    } else {
        text = fmt::format("no answer within {}", rm::print(timeouts_.total));
    }
    return {.code = ErrorCode::timeout, .message = text};
}

Result<Response> Transfer::outcome(CURLcode code) {
    if ((code == CURLE_OK && headers_done_) || ended_ == Ended::by_caller) return std::move(response_);
    if (!stop_.stop_requested() && code == CURLE_OPERATION_TIMEDOUT)
        return fail(with_context(timed_out(false)));
    Error error = reason(code);
    error.message += fmt::format(", after {}", rm::print(elapsed()));
    return fail(with_context(std::move(error)));
}

Error Transfer::reason(CURLcode code) const {
    if (stop_.stop_requested()) return {.code = ErrorCode::cancelled, .message = "cancelled"};
    // A header line over libcurl's own limit of 100 KB is reported as a lack of memory.
    const bool endless_line = code == CURLE_OUT_OF_MEMORY && attempts_ > 0 && !headers_done_;
    if (ended_ == Ended::headers_too_large || endless_line)
        return {.code = ErrorCode::too_large,
                .message = fmt::format("the answer's headers are over {}", rm::print(options_.header_cap))};
    if (ended_ == Ended::body_too_large)
        return {.code = ErrorCode::too_large,
                .message = fmt::format("the answer's body is over {}", rm::print(body_cap_))};
    if (ended_ == Ended::not_repeatable)
        return {.code = ErrorCode::unavailable,
                .message = "the connection was closed without an answer; the peer may have acted"};
    // libcurl takes headers that end in the middle for an answer.
    if (code == CURLE_OK)
        return {.code = ErrorCode::unavailable, .message = "the answer was cut off in its headers"};
    return failure_of(code, detail_.data(), static_cast<int>(easy_.info<long>(CURLINFO_OS_ERRNO)));
}

Error Transfer::with_context(Error error) const {
    return std::move(error).with_prefix(print(request_));
}

Duration Transfer::elapsed() const {
    return std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - started_);
}

}  // namespace rm::net
