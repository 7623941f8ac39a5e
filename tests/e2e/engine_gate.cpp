// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/engine_gate.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <utility>

#include <fmt/format.h>

#include "core/text.h"
#include "net/http_client.h"
#include "tests/lab/require.h"

namespace rm::e2e {
namespace {

using lab::Answer;
using lab::ReceivedRequest;

constexpr std::array methods{net::Method::get, net::Method::head, net::Method::post, net::Method::put,
                             net::Method::del};

net::Method method_of(const ReceivedRequest& request) {
    for (const net::Method method : methods)
        if (net::to_string(method) == request.method) return method;
    return net::Method::get;
}

/// The daemon asks what it is allowed with calls about what does not exist.
bool changes_something(const ReceivedRequest& request) {
    static const std::string nobody(64, '0');
    return request.method != "GET" && request.method != "HEAD" &&
           request.target.find(nobody) == std::string::npos &&
           request.target.find("asks-for-permission") == std::string::npos;
}

/// Of the connection, not of what it carries.
bool is_about_the_way(const std::string& name) {
    static constexpr std::array names{"host",
                                      "connection",
                                      "content-length",
                                      "user-agent",
                                      "transfer-encoding",
                                      "accept-encoding",
                                      "proxy-connection"};
    const std::string plain = lower(name);
    return std::ranges::find(names, plain) != names.end();
}

}  // namespace

EngineGate::EngineGate(std::string proxy)
    : proxy_(std::move(proxy)), server_(lab::must(lab::HttpDouble::start())) {
    server_->otherwise([this](const ReceivedRequest& request) { return pass(request); });
}

std::string EngineGate::host() const {
    return fmt::format("tcp://127.0.0.1:{}", server_->port());
}

void EngineGate::arm(int at, When when, int pid) {
    const std::scoped_lock lock(mutex_);
    left_ = at;
    when_ = when;
    pid_ = pid;
    struck_.clear();
}

std::string EngineGate::struck() {
    const std::scoped_lock lock(mutex_);
    return struck_;
}

void EngineGate::disarm() {
    const std::scoped_lock lock(mutex_);
    left_ = 0;
}

bool EngineGate::is_turn(const ReceivedRequest& request, When when) {
    const std::scoped_lock lock(mutex_);
    if (left_ == 0 || when != when_ || !changes_something(request)) return false;
    if (--left_ > 0) return false;
    struck_ = fmt::format("{} {}", request.method, request.target.substr(0, request.target.find('?')));
    kill(pid_, SIGKILL);
    return true;
}

Answer EngineGate::pass(const ReceivedRequest& request) {
    if (is_turn(request, When::before)) return Answer::never();
    const Answer answer = hand_on(request);
    return is_turn(request, When::after) ? Answer::never() : answer;
}

Answer EngineGate::hand_on(const ReceivedRequest& request) const {
    net::HttpClient client;
    net::Request call{.method = method_of(request),
                      .url = lab::must(net::Url::parse(proxy_)),
                      .target = request.target,
                      .body = request.body};
    for (const lab::HttpHeader& header : request.headers)
        if (!is_about_the_way(header.name))
            call.headers.push_back({.name = header.name, .value = header.value});
    const auto reply = client.send(call, {});
    if (!reply) return Answer::raw("").cut();
    Answer answer = Answer::text(reply->status, reply->body);
    for (const net::Header& header : reply->headers)
        if (!is_about_the_way(header.name)) answer.header(header.name, header.value);
    return answer;
}

}  // namespace rm::e2e
