// SPDX-License-Identifier: Apache-2.0
// One exchange over libcurl: sets up the request, drives it until it ends one way or another, says how.
// Internal to net/; used by one thread, once.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <exception>
#include <stop_token>
#include <string>

#include <curl/curl.h>

#include "core/clock.h"
#include "net/http_client.h"
#include "net/http_easy.h"

namespace rm::net {

class Transfer {
public:
    /// All three must outlive this; `on_chunk` is null where the body is to be collected.
    Transfer(const HttpOptions& options, const Request& request, const HttpClient::OnChunk* on_chunk);
    Transfer(const Transfer&) = delete;
    Transfer& operator=(const Transfer&) = delete;
    Transfer(Transfer&&) = delete;
    Transfer& operator=(Transfer&&) = delete;
    ~Transfer() = default;

    Result<Response> run(CURLM* multi, const std::stop_token& stop);

private:
    /// Why we ended the exchange ourselves.
    enum class Ended {
        not_by_us,
        by_caller,
        by_exception,
        headers_too_large,
        body_too_large,
        not_repeatable,
        by_stop
    };

    struct Deadline {
        SteadyTime at = SteadyTime::max();
        bool idle = false;
    };

    Status set_up(const std::string& target);
    static int before_request(void* self, char* to, char* from, int to_port, int from_port);
    static std::size_t header_line(char* data, std::size_t one, std::size_t size, void* self);
    static std::size_t body_part(char* data, std::size_t one, std::size_t size, void* self);

    template <class Take>
    bool guarded(Take take);
    bool take_header(std::string_view line);
    bool end_headers();
    bool take_body(std::string_view part);
    bool end(Ended why);

    Result<CURLcode> drive(CURLM* multi);
    void note_progress();
    [[nodiscard]] bool streaming() const;
    [[nodiscard]] Deadline next_deadline() const;
    [[nodiscard]] Error timed_out(bool idle) const;
    Result<Response> outcome(CURLcode code);
    [[nodiscard]] Error reason(CURLcode code) const;
    [[nodiscard]] Error with_context(Error error) const;
    [[nodiscard]] Duration elapsed() const;

    const HttpOptions& options_;
    const Request& request_;
    const HttpClient::OnChunk* on_chunk_;
    const Timeouts timeouts_;
    const Bytes body_cap_;

    Easy easy_;
    std::array<char, CURL_ERROR_SIZE> detail_{};

    std::stop_token stop_;
    SteadyTime started_ = std::chrono::steady_clock::now();
    SteadyTime last_progress_ = started_;
    curl_off_t bytes_ = 0;
    std::size_t header_bytes_ = 0;
    int attempts_ = 0;  // how often the request was about to be sent
    bool headers_done_ = false;
    Ended ended_ = Ended::not_by_us;
    std::exception_ptr thrown_;
    Response response_;
};

}  // namespace rm::net
