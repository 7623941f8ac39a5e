// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/serve/test_server.h"

#include <chrono>
#include <sstream>
#include <stop_token>
#include <thread>
#include <utility>

#include "serve/management.h"

namespace rm::serve {
namespace {

using namespace std::chrono_literals;

Route route(std::string method, std::string pattern, Handler handler) {
    Route made;
    made.methods = {std::move(method)};
    made.pattern = std::move(pattern);
    made.handler = std::move(handler);
    return made;
}

}  // namespace

TestServer::TestServer(Options options) {
    board_.report("test", PartState::ok);
    Routes routes = management_routes({board_, metrics_, "test", nullptr});
    routes.push_back(
        route("POST", "/echo", [](const Request& request) { return json_response(request.body); }));
    routes.back().takes_body = true;
    routes.push_back(
        route("GET", "/big", [](const Request&) { return json_response(std::string(4U << 20U, 'x')); }));
    routes.push_back(route("GET", "/slow", [this](const Request& request) { return slow(request); }));
    routes.back().runs = Runs::on_worker;
    routes.push_back(route("POST", "/guarded", [](const Request&) { return json_response("{}"); }));
    routes.back().guard = Guard::token;
    routes.back().takes_body = true;
    server_ = Server::start(std::move(options), std::move(routes), metrics_).value();
}

TestServer::~TestServer() {
    open_gate();
    server_->stop(0ms);
}

Response TestServer::slow(const Request& request) {
    const std::stop_callback wake(request.stop, [this] {
        const std::scoped_lock lock(mutex_);
        changed_.notify_all();
    });
    std::unique_lock lock(mutex_);
    ++inside_;
    changed_.notify_all();
    changed_.wait(lock, [&] { return open_ || request.stop.stop_requested(); });
    return json_response("slow");
}

void TestServer::wait_until_inside(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return inside_ >= count; });
}

void TestServer::open_gate() {
    const std::scoped_lock lock(mutex_);
    open_ = true;
    changed_.notify_all();
}

double TestServer::metric(const std::string& series) const {
    std::istringstream lines(metrics_.expose());
    for (std::string line; std::getline(lines, line);)
        if (line.starts_with(series + " ")) return std::stod(line.substr(series.size() + 1));
    return -1;
}

bool TestServer::metric_reaches(const std::string& series, double value) const {
    const auto until = std::chrono::steady_clock::now() + 10s;
    while (metric(series) < value) {
        if (std::chrono::steady_clock::now() > until) return false;
        std::this_thread::sleep_for(1ms);  // real sockets have no virtual clock
    }
    return true;
}

}  // namespace rm::serve
