// SPDX-License-Identifier: Apache-2.0
#include "serve/connection.h"

#include <array>
#include <exception>
#include <tuple>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <fcntl.h>

#include "core/text.h"
#include "serve/problem.h"
#include "telemetry/log.h"

namespace rm::serve {
namespace {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

constexpr std::size_t most_lingered = 1U << 20U;
constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";

std::string address_of(const tcp::socket& socket) {
    boost::system::error_code error;
    const tcp::endpoint peer = socket.remote_endpoint(error);
    return error ? std::string() : peer.address().to_string();
}

}  // namespace

/// Whatever a step throws, mostly for want of memory, ends this connection and no other.
template <class Step>
void Connection::guarded(const Step& step) {
    try {
        step();
    } catch (const std::exception& fault) {
        drop();
        log::error("serve", "a connection was dropped after a fault", {{"error", fault.what()}});
    }
}

Connection::Connection(tcp::socket socket, Serving& serving)
    : socket_(std::move(socket)),
      timer_(socket_.get_executor()),
      serving_(serving),
      inbox_(serving.options.limits.header_bytes),
      reader_(serving.options.limits),
      peer_(address_of(socket_)) {}

void Connection::start() {
    Error ignored;
    std::ignore = socket_.set_option(tcp::no_delay(true), ignored);
    std::ignore = socket_.non_blocking(true, ignored);
    fcntl(socket_.native_handle(), F_SETFD, FD_CLOEXEC);
    serving_.crowd.add(shared_from_this());
    serving_.metrics.connections(+1);
    guarded([this] {
        enter(Phase::header, serving_.options.timeouts.header);
        read();
    });
}

void Connection::finish() {
    if (phase_ == Phase::idle || phase_ == Phase::header) drop();
}

std::optional<SteadyTime> Connection::waits_since() const {
    return phase_ == Phase::handling ? std::nullopt : std::optional(since_);
}

std::size_t Connection::buffered() const {
    return reader_.request().body.size() + response_.body.size() + head_.size();
}

void Connection::drop() {
    if (phase_ == Phase::closed) return;
    const auto self = shared_from_this();
    phase_ = Phase::closed;
    set_in_flight(false);
    timer_.cancel();
    Error ignored;
    std::ignore = socket_.close(ignored);
    serving_.metrics.connections(-1);
    serving_.crowd.remove(*this);
    if (serving_.stopping && serving_.crowd.empty()) serving_.emptied.set_value();
}

void Connection::enter(Phase phase, Duration deadline) {
    phase_ = phase;
    since_ = std::chrono::steady_clock::now();
    timer_.expires_at(since_ + deadline);
    timer_.async_wait([self = shared_from_this()](Error error) {
        // A wait that was replaced after its time had come is not cancelled any more.
        if (!error && self->timer_.expiry() <= std::chrono::steady_clock::now())
            self->guarded([&] { self->on_deadline(); });
    });
}

void Connection::on_deadline() {
    const bool nothing_came = phase_ == Phase::header && inbox_.empty() && !reader_.started();
    switch (nothing_came ? Phase::idle : phase_) {
        case Phase::header:
            serving_.metrics.rejected(Rejected::slow_header);
            refuse("request-timeout", "the headers did not arrive in time");
            break;
        case Phase::body:
            serving_.metrics.rejected(Rejected::slow_body);
            refuse("request-timeout", "the body did not arrive in time");
            break;
        case Phase::writing:
            serving_.metrics.rejected(Rejected::slow_reader);
            drop();
            break;
        case Phase::idle:
        case Phase::lingering:
            drop();
            break;
        case Phase::handling:
        case Phase::closed:
            break;
    }
}

void Connection::read() {
    reading_ = true;
    const auto room = inbox_.room();
    socket_.async_read_some(asio::buffer(room.data(), room.size()),
                            [self = shared_from_this()](Error error, std::size_t count) {
                                self->guarded([&] { self->on_read(error, count); });
                            });
}

void Connection::on_read(Error error, std::size_t count) {
    reading_ = false;
    const bool wanted = phase_ == Phase::idle || phase_ == Phase::header || phase_ == Phase::body;
    if (phase_ == Phase::lingering) {
        throw_away(error, count);
    } else if (wanted && error == asio::error::eof) {
        on_end();
    } else if (wanted && error) {
        drop();
    } else if (wanted) {  // else dropped or refused while this was on its way
        inbox_.arrived(count);
        if (phase_ == Phase::idle) enter(Phase::header, serving_.options.timeouts.header);
        parse();
    }
}

void Connection::on_end() {
    const bool begun = phase_ == Phase::body || !inbox_.empty() || reader_.started();
    if (begun)
        refuse("bad-request", "the request ends in the middle");
    else
        drop();
}

void Connection::parse() {
    for (;;) {
        const RequestReader::Step step = reader_.feed(inbox_.bytes());
        inbox_.drop(step.taken);
        switch (step.state) {
            case RequestReader::State::need_more:
                if (buffered() > 0 && !relieve())
                    refuse("unavailable", "too much is being sent here at the moment");
                else
                    read();
                return;
            case RequestReader::State::header_done:
                on_header();
                if (phase_ != Phase::body) return;
                break;
            case RequestReader::State::complete:
                handle();
                return;
            case RequestReader::State::refused:
                refuse(reader_.refusal().problem, reader_.refusal().detail);
                return;
        }
    }
}

void Connection::on_header() {
    headers_at_ = std::chrono::steady_clock::now();
    Request& request = reader_.request();
    request.peer = peer_;
    request.stop = serving_.stop;
    admission_ = serving_.site.admit(request, reader_.http_1_1());
    keep_alive_ = reader_.keep_alive() && ++requests_ < serving_.options.requests_per_connection;
    if (admission_.refusal) {
        respond(*std::move(admission_.refusal));
        return;
    }
    if (admission_.route->takes_body) reader_.keep_body();
    enter(Phase::body, serving_.options.timeouts.body);
    if (!reader_.is_complete()) expect_body();
}

void Connection::expect_body() {
    const std::string* const expected = find(reader_.request().headers, "Expect");
    if (expected == nullptr || !reader_.http_1_1()) return;
    if (lower(*expected) != "100-continue") {
        respond(problem("expectation-failed", "cannot do what " + quoted(*expected) + " expects"));
        return;
    }
    if (!inbox_.empty()) return;  // it did not wait
    Error error;
    const std::size_t sent = socket_.send(asio::buffer(go_on), 0, error);
    if (error || sent != go_on.size()) drop();
}

void Connection::handle() {
    phase_ = Phase::handling;
    timer_.cancel();
    set_in_flight(true);
    const Route& route = *admission_.route;
    if (route.runs == Runs::at_once) {
        respond(Site::run(route, reader_.request()));
        return;
    }
    asio::post(serving_.workers, [self = shared_from_this(), &route]() mutable {
        std::optional<Response> response = self->run_on_worker(route);
        const auto io = self->socket_.get_executor();
        // The last reference may only go on the I/O thread, so it is handed over.
        asio::post(io, [self = std::move(self), response = std::move(response)]() mutable {
            if (!response)
                self->drop();
            else
                self->guarded([&] { self->send(*std::move(response)); });
        });
    });
}

/// The finished response; nothing if it could not be made. A worker does not survive an exception.
std::optional<Response> Connection::run_on_worker(const Route& route) const {
    const Request& request = reader_.request();
    try {
        Response response = request.stop.stop_requested() ? problem("unavailable", "the server is stopping")
                                                          : Site::run(route, request);
        serving_.site.finish(request, response);
        return response;
    } catch (const std::exception& fault) {
        log::error("serve", "a response could not be finished",
                   {{"route", route.pattern}, {"error", fault.what()}});
        return std::nullopt;
    }
}

void Connection::refuse(std::string_view name, std::string_view detail) {
    if (phase_ == Phase::header) headers_at_ = std::chrono::steady_clock::now();
    keep_alive_ = false;
    reader_.request().body = {};  // nobody will look at it
    respond(problem(name, detail));
}

void Connection::respond(Response response) {
    serving_.site.finish(reader_.request(), response);
    send(std::move(response));
}

void Connection::send(Response response) {
    if (phase_ == Phase::closed) return;
    keep_alive_ = keep_alive_ && reader_.is_complete() && !serving_.stopping;
    const After kept = reader_.http_1_1() ? After::keep : After::say_keep;
    head_ = response_head(response, keep_alive_ ? kept : After::close, std::chrono::system_clock::now());
    response_ = std::move(response);
    record();
    set_in_flight(true);
    enter(Phase::writing, serving_.options.timeouts.write);
    std::ignore = relieve();  // an answer goes out even when only others' requests under way hold memory
    const bool bare =
        reader_.request().method == "HEAD" || response_.status == 204 || response_.status == 304;
    const std::array<asio::const_buffer, 2> pieces = {
        asio::buffer(head_), bare ? asio::const_buffer() : asio::buffer(response_.body)};
    asio::async_write(socket_, pieces, [self = shared_from_this()](Error error, std::size_t) {
        self->guarded([&] { self->on_written(error); });
    });
}

void Connection::record() const {
    const Request& request = reader_.request();
    const auto took = std::chrono::steady_clock::now() - headers_at_;
    serving_.metrics.request(admission_.label, response_.status, took);
    if (!log::enabled(log::Level::debug)) return;
    log::debug("serve", "request",
               {{"peer", peer_},
                {"method", std::string_view(request.method).substr(0, 32)},
                {"target", std::string_view(request.target).substr(0, 256)},
                {"status", response_.status},
                {"bytes", response_.body.size()},
                {"microseconds", std::chrono::duration_cast<std::chrono::microseconds>(took).count()}});
}

void Connection::on_written(Error error) {
    set_in_flight(false);
    response_ = {};
    head_.clear();
    if (phase_ == Phase::closed) return;
    if (error || (keep_alive_ && serving_.stopping))
        drop();
    else if (keep_alive_)
        next_request();
    else
        linger();
}

void Connection::next_request() {
    reader_ = RequestReader(serving_.options.limits);
    admission_ = {};
    inbox_.shrink();
    enter(Phase::idle, serving_.options.timeouts.idle);
    if (inbox_.empty()) {
        read();
        return;
    }
    enter(Phase::header, serving_.options.timeouts.header);
    parse();
}

/// Closing with bytes unread would reset the connection, and the client might lose the response.
void Connection::linger() {
    Error ignored;
    std::ignore = socket_.shutdown(tcp::socket::shutdown_send, ignored);
    enter(Phase::lingering, serving_.options.timeouts.linger);
    if (reading_) return;
    inbox_.clear();
    read();
}

void Connection::throw_away(Error error, std::size_t count) {
    lingered_ += count;
    if (error || lingered_ > most_lingered) {
        drop();
        return;
    }
    inbox_.clear();
    read();
}

/// False if all of us together still hold too much.
bool Connection::relieve() {
    const auto [evicted, enough] = serving_.crowd.relieve(*this);
    for (int i = 0; i < evicted; ++i) serving_.metrics.rejected(Rejected::evicted);
    return enough;
}

void Connection::set_in_flight(bool in_flight) {
    if (in_flight == in_flight_) return;
    in_flight_ = in_flight;
    serving_.metrics.in_flight(in_flight ? +1 : -1);
}

}  // namespace rm::serve
