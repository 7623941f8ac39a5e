// SPDX-License-Identifier: Apache-2.0
// Connection: one client's socket, from accept to close. It goes round in a circle:
//
//     idle -> header -> body -> handling -> writing -> idle     (keep-alive)
//                \_______\___ refused _____/    \----> lingering -> closed
//
// Each phase in which the peer has to do something has a deadline from its beginning, whatever trickles in.
// While we handle or write, nothing is read, so a client that pipelines waits in its own socket. Everything
// runs on the I/O thread but handlers that asked for a worker. Internal to serve/: includes Asio.
#pragma once

#include <chrono>
#include <cstddef>
#include <future>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include "serve/crowd.h"
#include "serve/http_metrics.h"
#include "serve/inbox.h"
#include "serve/request_reader.h"
#include "serve/site.h"
#include "serve/wire.h"

namespace rm::serve {

/// What all connections of a server share. Outlives them; touched on the I/O thread only.
struct Serving {
    const Options& options;
    const Site& site;
    HttpMetrics& metrics;
    Crowd crowd;
    boost::asio::thread_pool& workers;
    std::stop_token stop;        // for handlers
    bool stopping = false;       // no new requests
    std::promise<void> emptied;  // when stopping and the last connection has left
};

class Connection final : public Guest, public std::enable_shared_from_this<Connection> {
public:
    Connection(boost::asio::ip::tcp::socket socket, Serving& serving);

    /// Joins the crowd and reads; to be called once. What it throws has closed the connection.
    void start();

    [[nodiscard]] std::optional<SteadyTime> waits_since() const override;
    [[nodiscard]] std::size_t buffered() const override;
    void drop() override;
    void finish() override;

private:
    enum class Phase { idle, header, body, handling, writing, lingering, closed };
    using Error = boost::system::error_code;

    void enter(Phase phase, Duration deadline);
    void on_deadline();
    void read();
    void on_read(Error error, std::size_t count);
    void on_end();
    void parse();
    void on_header();
    void expect_body();
    void handle();
    [[nodiscard]] std::optional<Response> run_on_worker(const Route& route) const;
    void refuse(std::string_view name, std::string_view detail);
    void respond(Response response);
    void send(Response response);
    void record() const;
    void on_written(Error error);
    void next_request();
    void linger();
    void throw_away(Error error, std::size_t count);
    [[nodiscard]] bool relieve();
    template <class Step>
    void guarded(const Step& step);
    void set_in_flight(bool in_flight);

    boost::asio::ip::tcp::socket socket_;
    boost::asio::steady_timer timer_;
    Serving& serving_;
    Phase phase_ = Phase::idle;
    SteadyTime since_;  // of the phase
    Inbox inbox_;
    RequestReader reader_;
    Site::Admission admission_;
    SteadyTime headers_at_;  // when the headers were complete
    Response response_;
    std::string head_;
    std::string peer_;
    std::size_t requests_ = 0;
    std::size_t lingered_ = 0;  // bytes thrown away after a refusal
    bool reading_ = false;      // a read is under way
    bool keep_alive_ = false;
    bool in_flight_ = false;
};

}  // namespace rm::serve
