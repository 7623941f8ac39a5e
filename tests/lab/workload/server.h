// SPDX-License-Identifier: Apache-2.0
// A small HTTP/1.1 server: one thread, epoll, keep-alive, answers that may be delayed, and an end that loses
// no request it has begun to read. What is answered is decided elsewhere.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace workload {

using Clock = std::chrono::steady_clock;

struct Request {
    std::string_view method;
    std::string_view path;
    std::string_view query;
};

struct Reply {
    int status = 200;
    std::string body;
    std::chrono::milliseconds delay{0};
};

class Server {
public:
    using Answer = std::function<Reply(const Request&)>;

    /// Listens on all addresses; ends the process if it can't.
    Server(std::uint16_t port, Answer answer);

    /// Calls `on_signal` when this descriptor is readable.
    void watch(int descriptor, std::function<void()> on_readable);
    /// Calls `action` then.
    void at(Clock::time_point when, std::function<void()> action);

    /// From now on every answer says "Connection: close".
    void ask_clients_to_leave() { leaving_ = true; }
    /// Takes no more connections, drops idle ones, and lets `run` return when the rest is answered.
    void finish();

    void run();

    [[nodiscard]] int in_flight() const { return in_flight_; }
    [[nodiscard]] std::uint64_t answered() const { return answered_; }

private:
    struct Connection {
        std::string in;
        std::string out;
        std::size_t skip = 0;  // bytes of a body still to come
        bool busy = false;     // a request is being answered
        bool close = false;    // after the answer
        bool head = false;     // the answer goes without its body
        std::uint64_t id = 0;
    };

    void accept_all();
    void read(int socket, Connection& connection);
    void take_requests(int socket, Connection& connection);
    void take_request(int socket, Connection& connection, std::string_view head);
    void reply(int socket, std::uint64_t id, const Reply& reply);
    void write(int socket, Connection& connection);
    void drop(int socket);
    void run_timers();
    [[nodiscard]] int next_wait() const;

    Answer answer_;
    int epoll_ = -1;
    int listener_ = -1;
    bool leaving_ = false;
    bool finishing_ = false;
    int in_flight_ = 0;
    std::uint64_t answered_ = 0;
    std::uint64_t last_id_ = 0;
    std::map<int, Connection> connections_;
    std::map<int, std::function<void()>> watched_;
    std::multimap<Clock::time_point, std::function<void()>> timers_;
};

}  // namespace workload
