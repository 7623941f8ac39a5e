// SPDX-License-Identifier: Apache-2.0
#include "tests/lab/http_requests.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace rm::lab {
namespace {

std::string_view take_line(std::string_view& text) {
    const std::size_t end = std::min(text.find("\r\n"), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 2, text.size()));
    return line;
}

}  // namespace

std::optional<ReceivedRequest> Requests::next() {
    auto head = up_to("\r\n\r\n");
    if (!head) return std::nullopt;
    ReceivedRequest request;
    std::string_view rest = *head;
    const std::string_view line = take_line(rest);
    const std::size_t first = std::min(line.find(' '), line.size());
    const std::size_t last = line.rfind(' ');
    if (first >= line.size() || last <= first) return std::nullopt;
    request.method = line.substr(0, first);
    request.target = line.substr(first + 1, last - first - 1);
    while (!rest.empty()) {
        const std::string_view header = take_line(rest);
        const std::size_t colon = std::min(header.find(": "), header.size());
        request.headers.push_back({.name = std::string(header.substr(0, colon)),
                                   .value = std::string(header.substr(std::min(colon + 2, header.size())))});
    }
    if (!read_body(request)) return std::nullopt;
    return request;
}

bool Requests::more() {
    const std::string bytes = wire_.read();
    buffer_ += bytes;
    return !bytes.empty();
}

std::optional<std::string> Requests::up_to(std::string_view mark) {
    std::size_t end = buffer_.find(mark);
    while (end == std::string::npos) {
        if (!more()) return std::nullopt;
        end = buffer_.find(mark);
    }
    std::string text = buffer_.substr(0, end);
    buffer_.erase(0, end + mark.size());
    return text;
}

std::optional<std::string> Requests::exactly(std::size_t size) {
    while (buffer_.size() < size)
        if (!more()) return std::nullopt;
    std::string text = buffer_.substr(0, size);
    buffer_.erase(0, size);
    return text;
}

bool Requests::read_body(ReceivedRequest& request) {
    const std::string length = request.header("Content-Length");
    std::size_t size = 0;
    if (request.header("Transfer-Encoding") == "chunked") return read_chunks(request.body);
    if (std::from_chars(length.data(), length.data() + length.size(), size).ec != std::errc()) return true;
    auto body = exactly(size);
    if (body) request.body = std::move(*body);
    return body.has_value();
}

bool Requests::read_chunks(std::string& body) {
    for (;;) {
        const auto line = up_to("\r\n");
        std::size_t size = 0;
        if (!line || std::from_chars(line->data(), line->data() + line->size(), size, 16).ec != std::errc())
            return false;
        const auto chunk = exactly(size);
        if (!chunk || !up_to("\r\n")) return false;
        if (size == 0) return true;
        body += *chunk;
    }
}

}  // namespace rm::lab
