// SPDX-License-Identifier: Apache-2.0
// HttpClient: HTTP/1.1 to the outside over TCP, TLS and unix sockets. Any complete answer is a Response,
// whatever its status; an Error means there was none. Its message says what was asked of whom, what went
// wrong and after how long, and holds no secret:
//     timeout      connecting, the whole exchange or a silence took too long
//     cancelled    `stop` was requested; the call returns within milliseconds, whatever it was doing
//     unavailable  the name is unknown, nobody listens, the connection broke: trying again may help
//     permission   the unix socket is there but not for us
//     too_large    the answer's headers or body are over the cap
//     protocol     what came is not HTTP, or the certificate is not to be trusted
//     invalid      the request, or a certificate file, is wrong; nothing was sent
// Redirects are not followed, no cookie, .netrc or proxy of the environment is used. A kept
// connection that breaks before the answer's first byte is replaced and the request sent again, but a POST
// only if it says `repeatable`.
//
// Any number of threads may use one client at once: each call takes a connection of its own from a small
// pool, or opens one, and gives it back for the next. The client must outlive the calls.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/duration.h"
#include "core/result.h"
#include "core/secret.h"
#include "net/url.h"

namespace rm::net {

enum class Method { get, head, post, put, del };

/// "GET"
std::string_view to_string(Method method);

struct Header {
    std::string name;
    std::string value;
};
using Headers = std::vector<Header>;

/// The value of the first header of that name, in any case; null if there is none.
const std::string* find(const Headers& headers, std::string_view name);

struct Timeouts {
    Duration connect{std::chrono::seconds(5)};  // name, connection and TLS handshake; above zero
    Duration total{
        std::chrono::seconds(30)};  // the whole call; of `stream`: until the headers are here. 0: none
    Duration idle{0};               // between two bytes, once connected. 0: none
    Duration stream{0};             // of `stream`: until its end. 0: none
};

struct Request {
    Method method = Method::get;
    Url url;
    std::string target{};  // put behind the URL's path: "/containers/json?all=1"
    Headers headers{};
    std::string body{};
    Secret token{};                      // sent as a bearer token
    std::optional<Timeouts> timeouts{};  // instead of the client's
    std::optional<Bytes> body_cap{};     // instead of the client's
    bool repeatable = false;             // this POST may be received twice
};

struct Response {
    int status = 0;
    Headers headers;
    std::string body;

    [[nodiscard]] bool ok() const { return status >= 200 && status < 300; }
};

/// Paths of PEM files; empty: the system's certificate authorities, no certificate of our own.
struct Tls {
    std::string ca_file{};  // trusted instead of the system's
    std::string certificate_file{};
    std::string key_file{};
    bool verify = true;
};

struct HttpOptions {
    Timeouts timeouts{};
    Tls tls{};
    Bytes header_cap{64 << 10};
    Bytes body_cap = Bytes::mebi(16);
};

class HttpClient {
public:
    /// Sees a piece of the body as it comes, in the caller's thread; false ends the stream.
    using OnChunk = std::function<bool(std::string_view)>;

    explicit HttpClient(HttpOptions options = {});
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;
    HttpClient(HttpClient&&) = delete;
    HttpClient& operator=(HttpClient&&) = delete;
    ~HttpClient();

    /// Sends the request and collects the answer.
    Result<Response> send(const Request& request, std::stop_token stop);

    /// Sends the request and hands on the body of a 2xx answer, however long it lasts; any other answer is
    /// collected as by `send`. Returns when the peer ends the body or `on_chunk` does; what `on_chunk` throws
    /// comes out of here.
    Result<Response> stream(const Request& request, const OnChunk& on_chunk, std::stop_token stop);

private:
    class Pool;
    std::unique_ptr<Pool> pool_;
};

}  // namespace rm::net
