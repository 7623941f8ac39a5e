// SPDX-License-Identifier: Apache-2.0
#include "serve/wire.h"

#include <chrono>
#include <iterator>
#include <string_view>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "serve/problem.h"

namespace rm::serve {
namespace {

std::string_view reason(int status) {
    switch (status) {
        case 200:
            return "OK";
        case 201:
            return "Created";
        case 202:
            return "Accepted";
        case 204:
            return "No Content";
        case 304:
            return "Not Modified";
        default:
            break;
    }
    for (const ProblemType& type : problem_types())
        if (type.status == status) return type.title;
    return "";
}

void append_header(std::string& head, std::string_view name, std::string_view value) {
    head.append(name).append(": ");
    for (const char c : value) head += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
    head += "\r\n";
}

}  // namespace

std::string response_head(const Response& response, After after, WallTime now) {
    std::string head;
    head.reserve(512);
    fmt::format_to(std::back_inserter(head), "HTTP/1.1 {} {}\r\n", response.status, reason(response.status));
    fmt::format_to(std::back_inserter(head), "Date: {:%a, %d %b %Y %H:%M:%S} GMT\r\n",
                   fmt::gmtime(std::chrono::system_clock::to_time_t(now)));
    if (!response.content_type.empty()) append_header(head, "Content-Type", response.content_type);
    if (response.status != 204 && response.status != 304)
        fmt::format_to(std::back_inserter(head), "Content-Length: {}\r\n", response.body.size());
    for (const Header& header : response.headers) append_header(head, header.name, header.value);
    if (after == After::close) head += "Connection: close\r\n";
    if (after == After::say_keep) head += "Connection: keep-alive\r\n";
    head += "\r\n";
    return head;
}

}  // namespace rm::serve
