// SPDX-License-Identifier: Apache-2.0
// What a test writes down for the HTTP double, and reads from it.
#include <algorithm>
#include <utility>

#include "core/text.h"
#include "tests/lab/http_double.h"

namespace rm::lab {

std::string ReceivedRequest::header(std::string_view name) const {
    const std::string wanted = lower(name);
    for (const HttpHeader& header : headers)
        if (lower(header.name) == wanted) return header.value;
    return {};
}

Answer Answer::text(int status, std::string body) {
    Answer answer;
    answer.steps_.emplace_back(
        Head{.status = status, .chunked = false, .headers = {}, .body = std::move(body)});
    return answer;
}

Answer Answer::chunked(int status) {
    Answer answer;
    answer.steps_.emplace_back(Head{.status = status, .chunked = true, .headers = {}, .body = {}});
    return answer;
}

Answer Answer::raw(std::string bytes) {
    Answer answer;
    answer.send(std::move(bytes));
    return answer;
}

Answer Answer::never() {
    Answer answer;
    answer.hold();
    return answer;
}

Answer& Answer::header(const std::string& name, const std::string& value) {
    for (Step& step : steps_)
        if (auto* head = std::get_if<Head>(&step)) head->headers.push_back({.name = name, .value = value});
    return *this;
}

Answer& Answer::after(Duration delay) {
    wait(delay);
    std::ranges::rotate(steps_, steps_.end() - 1);
    return *this;
}

Answer& Answer::wait(Duration delay) {
    steps_.emplace_back(Wait{delay});
    return *this;
}

Answer& Answer::chunk(std::string_view bytes) {
    return send(fmt::format("{:x}\r\n{}\r\n", bytes.size(), bytes));
}

Answer& Answer::last_chunk() {
    return send("0\r\n\r\n");
}

Answer& Answer::send(std::string bytes) {
    steps_.emplace_back(Send{.bytes = std::move(bytes), .forever = false});
    return *this;
}

Answer& Answer::forever(std::string bytes) {
    steps_.emplace_back(Send{.bytes = std::move(bytes), .forever = true});
    return *this;
}

Answer& Answer::hold() {
    steps_.emplace_back(Wait{});
    return *this;
}

Answer& Answer::cut() {
    steps_.emplace_back(Cut{});
    return *this;
}

}  // namespace rm::lab
