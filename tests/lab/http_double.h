// SPDX-License-Identifier: Apache-2.0
// HttpDouble: a small real HTTP/1.1 server for tests, on a free loopback port or a unix socket, with or
// without TLS. It records every request, answers as scripted, and can misbehave in all the ways a peer may:
// late, slow, cut off, garbage, silent, endless. Thread-safe; its threads end with it, whatever they were
// doing.
//
//     const auto slack = HttpDouble::start().value();
//     slack->on("POST", "/hook", {Answer::text(500), Answer::text(200, "ok")});   // then 200 again and again
//     ... the program under test posts to slack->url() + "/hook" ...
//     ASSERT_TRUE(slack->wait_for_requests(1));
//     EXPECT_EQ(slack->requests()[0].body, "...");
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/duration.h"
#include "core/result.h"
#include "tests/lab/certificates.h"

namespace rm::lab {

struct HttpHeader {
    std::string name;
    std::string value;
};

/// A request as it came in.
struct ReceivedRequest {
    std::string method;
    std::string target;  // with the query
    std::vector<HttpHeader> headers;
    std::string body;
    int connection = 0;  // which one it came in on, from 1

    /// The value of the first header of that name in any case; empty if there is none.
    [[nodiscard]] std::string header(std::string_view name) const;
};

/// What goes out for one request, step by step. Each member adds a step and gives the answer back.
class Answer {
public:
    /// A whole answer with its Content-Length.
    static Answer text(int status, std::string body = {});
    /// Headers for an answer in chunks; add `chunk`s, then `last_chunk` or a misbehaviour.
    static Answer chunked(int status = 200);
    /// Exactly these bytes; the connection stays open unless `cut` follows.
    static Answer raw(std::string bytes);
    /// Nothing, until the client goes away.
    static Answer never();

    Answer& header(const std::string& name, const std::string& value);  // of `text` and `chunked`
    Answer& after(Duration delay);                                      // waits before everything else
    Answer& wait(Duration delay);
    Answer& chunk(std::string_view bytes);
    Answer& last_chunk();
    Answer& send(std::string bytes);     // as it is
    Answer& forever(std::string bytes);  // as it is, again and again, until the client goes away
    Answer& hold();                      // nothing more, until the client goes away
    Answer& cut();                       // closes the connection

    struct Head {
        int status;
        bool chunked;
        std::vector<HttpHeader> headers;
        std::string body;
    };
    struct Send {
        std::string bytes;
        bool forever;
    };
    struct Wait {
        std::optional<Duration> delay;  // nothing: for ever
    };
    struct Cut {};
    using Step = std::variant<Head, Send, Wait, Cut>;

    [[nodiscard]] const std::vector<Step>& steps() const { return steps_; }

private:
    std::vector<Step> steps_;
};

struct HttpDoubleOptions {
    std::string socket{};            // the unix socket's path; empty: a free port of 127.0.0.1
    std::optional<Identity> tls{};   // speaks TLS with this
    std::string client_authority{};  // PEM; asks for a client certificate signed by it
};

class HttpDouble {
public:
    using Respond = std::function<Answer(const ReceivedRequest&)>;

    static Result<std::unique_ptr<HttpDouble>> start(HttpDoubleOptions options = {});

    HttpDouble(const HttpDouble&) = delete;
    HttpDouble& operator=(const HttpDouble&) = delete;
    HttpDouble(HttpDouble&&) = delete;
    HttpDouble& operator=(HttpDouble&&) = delete;
    ~HttpDouble();

    /// `http://127.0.0.1:41234`, `https://localhost:41234`, `unix:///tmp/x.sock`
    [[nodiscard]] std::string url() const;
    [[nodiscard]] std::uint16_t port() const;

    /// How requests of this method and path (without query) are answered: the answers in this order, the last
    /// one from then on. Replaces what was set before. Whatever is not scripted gets a 404.
    void on(const std::string& method, const std::string& path, std::vector<Answer> answers);
    void on(const std::string& method, const std::string& path, Answer answer);
    /// The same, decided by what came in; called in a thread of the double, by several at once.
    void on(const std::string& method, const std::string& path, Respond respond);
    /// How everything is answered that is not scripted, instead of with a 404.
    void otherwise(Respond respond);

    /// All requests so far, in the order in which they were complete.
    [[nodiscard]] std::vector<ReceivedRequest> requests() const;
    /// Waits until `count` requests came in all; false if that took too long.
    [[nodiscard]] bool wait_for_requests(std::size_t count,
                                         Duration deadline = std::chrono::seconds(10)) const;
    /// How many connections were accepted so far.
    [[nodiscard]] int connections() const;
    /// Waits until no connection is open; false if that took too long.
    [[nodiscard]] bool wait_until_left(Duration deadline = std::chrono::seconds(10)) const;

private:
    class Server;
    explicit HttpDouble(std::unique_ptr<Server> server);

    std::unique_ptr<Server> server_;
};

}  // namespace rm::lab
