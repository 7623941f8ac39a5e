// SPDX-License-Identifier: Apache-2.0
#include "tests/lab/http.h"

#include <stop_token>
#include <utility>

#include "core/text.h"
#include "net/http_client.h"

namespace rm::lab {

namespace {

Result<net::Method> method_named(const std::string& name) {
    using net::Method;
    for (const Method method : {Method::get, Method::head, Method::post, Method::put, Method::del})
        if (net::to_string(method) == name) return method;
    return fail(ErrorCode::invalid, "{} is no method", quoted(name));
}

Result<net::Request> request_for(const Call& call) {
    const bool local = !call.socket.empty();
    auto url = net::Url::parse(local ? "unix://" + call.socket.string() : call.url);
    if (!url) return fail(url.error());
    auto method = method_named(call.method);
    if (!method) return fail(method.error());
    net::Request request{.method = *method, .url = std::move(*url)};
    if (local) request.target = call.url;
    if (!call.body.empty()) request.headers = {{"Content-Type", call.content_type}};
    request.body = call.body;
    request.timeouts = net::Timeouts{.total = call.timeout};
    return request;
}

}  // namespace

Result<Reply> call(const Call& call) {
    auto request = request_for(call);
    if (!request) return fail(request.error());
    net::HttpClient client;
    auto response = client.send(*request, std::stop_token());
    if (!response) return fail(response.error());
    const std::string* type = net::find(response->headers, "Content-Type");
    return Reply{.status = response->status,
                 .content_type = type == nullptr ? std::string() : *type,
                 .body = std::move(response->body)};
}

Result<std::string> get(const std::string& url) {
    auto reply = call({.url = url});
    if (!reply) return fail(reply.error());
    if (reply->status / 100 != 2)
        return fail(ErrorCode::protocol, "GET {} is answered with {}: {}", url, reply->status,
                    quoted(reply->body));
    return std::move(reply->body);
}

bool answers(const std::string& url, const std::filesystem::path& socket) {
    const auto reply = call({.url = url, .socket = socket, .timeout = std::chrono::seconds(1)});
    return reply && reply->status == 200;
}

}  // namespace rm::lab
