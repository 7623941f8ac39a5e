// SPDX-License-Identifier: Apache-2.0
#include "serve/server.h"

#include <array>
#include <future>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <tuple>
#include <utility>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <fcntl.h>

#include "serve/connection.h"
#include "serve/crowd.h"
#include "serve/http_metrics.h"
#include "serve/problem.h"
#include "serve/site.h"
#include "serve/wire.h"
#include "telemetry/log.h"

namespace rm::serve {
namespace {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using BoostError = boost::system::error_code;

constexpr Duration accept_again{50};
constexpr Duration warn_again = std::chrono::seconds(10);

bool out_of_resources(const BoostError& error) {
    return error == asio::error::no_descriptors || error == asio::error::no_buffer_space ||
           error == asio::error::no_memory || error.value() == ENFILE;
}

Error cannot_listen(const Options& options, const BoostError& error) {
    const bool forbidden = error == asio::error::access_denied;
    return {forbidden ? ErrorCode::permission : ErrorCode::unavailable,
            fmt::format("cannot listen on {}:{} (http.listen): {}", options.address, options.port,
                        error.message())};
}

Result<tcp::acceptor> listen(asio::io_context& io, const Options& options) {
    BoostError error;
    const auto address = asio::ip::make_address(options.address, error);
    if (error)
        return fail(ErrorCode::invalid, "cannot listen on '{}' (http.listen): it is not an IP address",
                    options.address);
    const tcp::endpoint endpoint(address, options.port);
    tcp::acceptor acceptor(io);
    const auto next = [&](auto step) {
        if (!error) std::ignore = step();
    };
    next([&] { return acceptor.open(endpoint.protocol(), error); });
    next([&] { return acceptor.set_option(tcp::acceptor::reuse_address(true), error); });
    if (address.is_v6())
        next([&] { return acceptor.set_option(asio::ip::v6_only(!address.is_unspecified()), error); });
    next([&] { return acceptor.bind(endpoint, error); });
    next([&] { return acceptor.listen(tcp::acceptor::max_listen_connections, error); });
    if (error) return fail(cannot_listen(options, error));
    fcntl(acceptor.native_handle(), F_SETFD, FD_CLOEXEC);
    return acceptor;
}

/// What somebody gets who comes when everybody in the house is being served.
std::string full_house() {
    Response response = problem("unavailable", "too many connections are being served");
    response.headers.push_back({.name = "Retry-After", .value = "1"});
    return response_head(response, After::close, std::chrono::system_clock::now()) + response.body;
}

}  // namespace

class Server::Loop {
public:
    Loop(Options options, Site site, telemetry::Metrics& metrics);
    ~Loop() { stop(Duration::zero()); }
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;
    Loop(Loop&&) = delete;
    Loop& operator=(Loop&&) = delete;

    Status start();
    void stop(Duration deadline);
    [[nodiscard]] std::uint16_t port() const { return port_; }

private:
    void run();
    void accept();
    void on_accept(const BoostError& error, tcp::socket socket);
    void on_accept_error(const BoostError& error);
    void turn_away(tcp::socket socket);
    void begin_stop();

    const Options options_;
    const Site site_;
    HttpMetrics metrics_;
    std::stop_source stop_;
    asio::thread_pool workers_;
    Serving serving_;
    std::future<void> emptied_;
    asio::io_context io_;  // after what its pending operations refer to
    asio::executor_work_guard<asio::io_context::executor_type> work_;
    tcp::acceptor acceptor_;
    asio::steady_timer pause_;
    SteadyTime next_warning_ = SteadyTime::min();
    std::uint16_t port_ = 0;
    std::once_flag stopped_;
    std::jthread thread_;
};

Server::Loop::Loop(Options options, Site site, telemetry::Metrics& metrics)
    : options_(std::move(options)),
      site_(std::move(site)),
      metrics_(metrics.registry(), site_.routes()),
      workers_(static_cast<std::size_t>(options_.workers)),
      serving_{.options = options_,
               .site = site_,
               .metrics = metrics_,
               .crowd = Crowd(options_.connections, static_cast<std::size_t>(options_.buffered.count())),
               .workers = workers_,
               .stop = stop_.get_token(),
               .emptied = {}},
      emptied_(serving_.emptied.get_future()),
      io_(1),
      work_(asio::make_work_guard(io_)),
      acceptor_(io_),
      pause_(io_) {}

Status Server::Loop::start() {
    auto acceptor = listen(io_, options_);
    if (!acceptor) return fail(std::move(acceptor).error());
    acceptor_ = *std::move(acceptor);
    port_ = acceptor_.local_endpoint().port();
    accept();
    thread_ = std::jthread([this] { run(); });
    return {};
}

void Server::Loop::run() {
    for (;;) {
        try {
            io_.run();
            return;
        } catch (const std::exception& fault) {
            log::error("serve", "the server's thread goes on after a fault", {{"error", fault.what()}});
        }
    }
}

void Server::Loop::accept() {
    acceptor_.async_accept(
        [this](const BoostError& error, tcp::socket socket) { on_accept(error, std::move(socket)); });
}

void Server::Loop::on_accept(const BoostError& error, tcp::socket socket) {
    if (serving_.stopping) return;
    if (error) {
        on_accept_error(error);
        return;
    }
    accept();  // first, so that whatever comes of this connection, there will be others
    const bool evicted = serving_.crowd.full() && serving_.crowd.evict();
    if (evicted) metrics_.rejected(Rejected::evicted);
    if (serving_.crowd.full())
        turn_away(std::move(socket));
    else
        std::make_shared<Connection>(std::move(socket), serving_)->start();
}

/// Where nobody can be sent away the same error would come back at once and for ever, so it waits a moment.
void Server::Loop::on_accept_error(const BoostError& error) {
    if (!out_of_resources(error)) {
        accept();
        return;
    }
    metrics_.rejected(Rejected::no_descriptors);
    const SteadyTime now = std::chrono::steady_clock::now();
    if (now >= next_warning_) {
        next_warning_ = now + warn_again;
        log::warning("serve", "cannot accept connections for now", {{"error", error.message()}});
    }
    // One that goes leaves its descriptor to the next, unless it is the whole system that has none.
    if (serving_.crowd.evict() && error == asio::error::no_descriptors) {
        metrics_.rejected(Rejected::evicted);
        accept();
        return;
    }
    pause_.expires_after(accept_again);
    pause_.async_wait([this](const BoostError& stopped) {
        if (!stopped && !serving_.stopping) accept();
    });
}

void Server::Loop::turn_away(tcp::socket socket) {
    metrics_.rejected(Rejected::full);
    BoostError ignored;
    std::ignore = socket.non_blocking(true, ignored);
    std::array<char, 4096> request{};
    socket.read_some(asio::buffer(request), ignored);  // closing with bytes unread would reset the connection
    socket.send(asio::buffer(full_house()), 0, ignored);
    std::ignore = socket.shutdown(tcp::socket::shutdown_send, ignored);
}

void Server::Loop::begin_stop() {
    serving_.stopping = true;
    BoostError ignored;
    std::ignore = acceptor_.close(ignored);
    pause_.cancel();
    const auto guests = serving_.crowd.all();
    if (guests.empty()) serving_.emptied.set_value();
    for (const auto& guest : guests) guest->finish();
}

void Server::Loop::stop(Duration deadline) {
    std::call_once(stopped_, [&] {
        if (thread_.joinable()) {
            asio::post(io_, [this] { begin_stop(); });
            emptied_.wait_for(deadline);
            stop_.request_stop();
            asio::post(io_, [this] {
                for (const auto& guest : serving_.crowd.all()) guest->drop();
            });
        }
        workers_.join();
        work_.reset();
        if (thread_.joinable()) thread_.join();
    });
}

Server::Server(std::unique_ptr<Loop> loop) : loop_(std::move(loop)) {}
Server::~Server() = default;

std::uint16_t Server::port() const {
    return loop_->port();
}
void Server::stop(Duration deadline) {
    loop_->stop(deadline);
}

Result<std::unique_ptr<Server>> Server::start(Options options, Routes routes, telemetry::Metrics& metrics) {
    auto site = Site::make(std::move(routes), options.access);
    if (!site) return fail(std::move(site).error());
    auto loop = std::make_unique<Loop>(std::move(options), *std::move(site), metrics);
    if (Status started = loop->start(); !started) return fail(std::move(started).error());
    return std::unique_ptr<Server>(new Server(std::move(loop)));
}

}  // namespace rm::serve
