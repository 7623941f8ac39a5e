// SPDX-License-Identifier: Apache-2.0
#include "tests/lab/http_double.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <csignal>
#include <map>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <utility>

#include <sys/socket.h>
#include <unistd.h>

#include "core/text.h"
#include "tests/lab/http_requests.h"
#include "tests/lab/http_wire.h"

namespace rm::lab {
namespace {

std::string text_of(const Answer::Head& head, bool with_body) {
    const auto has = [&](std::string_view name) {
        return std::ranges::any_of(head.headers, [&](const HttpHeader& h) { return lower(h.name) == name; });
    };
    std::string text = fmt::format("HTTP/1.1 {} Scripted\r\n", head.status);
    for (const HttpHeader& header : head.headers) text += header.name + ": " + header.value + "\r\n";
    if (head.chunked)
        text += "Transfer-Encoding: chunked\r\n";
    else if (!has("content-length"))
        text += fmt::format("Content-Length: {}\r\n", head.body.size());
    return text + "\r\n" + (with_body ? head.body : std::string());
}

/// Plays one step; false if the connection ends with it.
bool play(Wire& wire, const Answer::Step& step, bool is_head) {
    if (const auto* head = std::get_if<Answer::Head>(&step)) return wire.write(text_of(*head, !is_head));
    if (const auto* wait = std::get_if<Answer::Wait>(&step)) return wire.wait(wait->delay);
    if (const auto* send = std::get_if<Answer::Send>(&step)) {
        bool there = wire.write(send->bytes);
        while (there && send->forever) there = wire.write(send->bytes);
        return there;
    }
    return false;
}

/// What is scripted and what was received: the part that tests and connections share.
class Book {
public:
    void script(const std::string& method, const std::string& path, HttpDouble::Respond respond) {
        const std::scoped_lock lock(mutex_);
        scripts_[{method, path}] = std::move(respond);
    }

    void script_the_rest(HttpDouble::Respond respond) {
        const std::scoped_lock lock(mutex_);
        rest_ = std::move(respond);
    }

    Answer receive(const ReceivedRequest& request) {
        HttpDouble::Respond respond;
        {
            const std::scoped_lock lock(mutex_);
            requests_.push_back(request);
            const auto found =
                scripts_.find({request.method, request.target.substr(0, request.target.find('?'))});
            respond = found != scripts_.end() ? found->second : rest_;
        }
        changed_.notify_all();
        return respond ? respond(request) : Answer::text(404, "not scripted");
    }

    int opened() {
        const std::scoped_lock lock(mutex_);
        ++open_;
        return ++connections_;
    }

    void closed() {
        const std::scoped_lock lock(mutex_);
        --open_;
        changed_.notify_all();
    }

    std::vector<ReceivedRequest> requests() const {
        const std::scoped_lock lock(mutex_);
        return requests_;
    }

    int connections() const {
        const std::scoped_lock lock(mutex_);
        return connections_;
    }

    bool wait_for_requests(std::size_t count, Duration deadline) const {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, deadline, [&] { return requests_.size() >= count; });
    }

    bool wait_until_left(Duration deadline) const {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, deadline, [&] { return open_ == 0; });
    }

private:
    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    std::map<std::pair<std::string, std::string>, HttpDouble::Respond> scripts_;
    HttpDouble::Respond rest_;
    std::vector<ReceivedRequest> requests_;
    int connections_ = 0;
    int open_ = 0;
};

/// A connection and the thread that serves it.
class Connection {
public:
    Connection(Descriptor socket, const TlsServer* tls, Book& book)
        : book_(book),
          number_(book.opened()),
          wire_(std::make_unique<Wire>(std::move(socket), tls)),
          thread_([this] { run(); }) {}
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    Connection(Connection&&) = delete;
    Connection& operator=(Connection&&) = delete;

    ~Connection() {
        const std::scoped_lock lock(mutex_);
        if (wire_) wire_->hang_up();
    }

    [[nodiscard]] bool done() const { return done_; }

private:
    void run() {
        // OpenSSL writes without MSG_NOSIGNAL; the signal of a client that left is for this thread alone.
        sigset_t pipe;
        sigemptyset(&pipe);
        sigaddset(&pipe, SIGPIPE);
        pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
        serve();
        const std::scoped_lock lock(mutex_);
        wire_.reset();
        book_.closed();
        done_ = true;
    }

    void serve() {
        if (!wire_->open()) return;
        Requests requests(*wire_);
        while (auto request = requests.next()) {
            request->connection = number_;
            const Answer answer = book_.receive(*request);
            for (const Answer::Step& step : answer.steps())
                if (!play(*wire_, step, request->method == "HEAD")) return;
        }
    }

    Book& book_;
    int number_;
    std::mutex mutex_;  // for wire_ at its end
    std::unique_ptr<Wire> wire_;
    std::atomic<bool> done_ = false;
    std::jthread thread_;
};

Result<std::unique_ptr<TlsServer>> make_tls(const HttpDoubleOptions& options) {
    if (!options.tls) return nullptr;
    try {
        return std::make_unique<TlsServer>(*options.tls, options.client_authority);
    } catch (const std::runtime_error& e) {
        return fail(ErrorCode::invalid, "{}", e.what());
    }
}

}  // namespace

class HttpDouble::Server {
public:
    Server(HttpDoubleOptions options, std::unique_ptr<TlsServer> tls, Descriptor listener)
        : socket_(std::move(options.socket)),
          tls_(std::move(tls)),
          listener_(std::move(listener)),
          acceptor_([this] { accept_all(); }) {}
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;
    Server(Server&&) = delete;
    Server& operator=(Server&&) = delete;

    ~Server() {
        shutdown(listener_.get(), SHUT_RDWR);
        acceptor_.join();
        if (!socket_.empty()) unlink(socket_.c_str());
    }

    [[nodiscard]] std::string url() const {
        if (!socket_.empty()) return "unix://" + socket_;
        return fmt::format("{}:{}", tls_ ? "https://localhost" : "http://127.0.0.1", port_of(listener_));
    }

    [[nodiscard]] std::uint16_t port() const { return port_of(listener_); }
    Book& book() { return book_; }

private:
    void accept_all() {
        for (;;) {
            Descriptor socket(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
            if (socket.get() < 0) return;
            std::erase_if(connections_, [](const auto& connection) { return connection->done(); });
            connections_.push_back(std::make_unique<Connection>(std::move(socket), tls_.get(), book_));
        }
    }

    std::string socket_;
    std::unique_ptr<TlsServer> tls_;
    Book book_;
    Descriptor listener_;
    std::vector<std::unique_ptr<Connection>> connections_;
    std::jthread acceptor_;
};

Result<std::unique_ptr<HttpDouble>> HttpDouble::start(HttpDoubleOptions options) {
    auto tls = make_tls(options);
    if (!tls) return fail(tls.error());
    auto listener = listen_on(options.socket);
    if (!listener) return fail(listener.error());
    auto server = std::make_unique<Server>(std::move(options), std::move(*tls), std::move(*listener));
    return std::unique_ptr<HttpDouble>(new HttpDouble(std::move(server)));
}

HttpDouble::HttpDouble(std::unique_ptr<Server> server) : server_(std::move(server)) {}

HttpDouble::~HttpDouble() = default;

std::string HttpDouble::url() const {
    return server_->url();
}

std::uint16_t HttpDouble::port() const {
    return server_->port();
}

void HttpDouble::on(const std::string& method, const std::string& path, std::vector<Answer> answers) {
    auto next = std::make_shared<std::atomic<std::size_t>>(0);
    on(method, path, [answers = std::move(answers), next](const ReceivedRequest&) {
        return answers.at(std::min((*next)++, answers.size() - 1));
    });
}

void HttpDouble::on(const std::string& method, const std::string& path, Answer answer) {
    on(method, path, std::vector{std::move(answer)});
}

void HttpDouble::on(const std::string& method, const std::string& path, Respond respond) {
    server_->book().script(method, path, std::move(respond));
}

void HttpDouble::otherwise(Respond respond) {
    server_->book().script_the_rest(std::move(respond));
}

std::vector<ReceivedRequest> HttpDouble::requests() const {
    return server_->book().requests();
}

bool HttpDouble::wait_for_requests(std::size_t count, Duration deadline) const {
    return server_->book().wait_for_requests(count, deadline);
}

int HttpDouble::connections() const {
    return server_->book().connections();
}

bool HttpDouble::wait_until_left(Duration deadline) const {
    return server_->book().wait_until_left(deadline);
}

}  // namespace rm::lab
