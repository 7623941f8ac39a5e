// SPDX-License-Identifier: Apache-2.0
// What the tests of the HTTP client share: requests to the double, a folder for sockets and certificates,
// peers that accept nothing, names that nobody answers for.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "net/http_client.h"
#include "tests/lab/http_double.h"
#include "tests/lab/http_wire.h"

namespace rm::net {

using lab::Answer;
using lab::HttpDouble;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// A new folder that goes with its test.
class Folder {
public:
    Folder();
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    Folder(Folder&&) = delete;
    Folder& operator=(Folder&&) = delete;
    ~Folder();

    [[nodiscard]] std::string operator/(std::string_view name) const { return (path_ / name).string(); }
    /// The path of a new file with this text.
    [[nodiscard]] std::string file(std::string_view name, std::string_view text) const;

private:
    std::filesystem::path path_;
};

inline Url url(std::string_view text) {
    return Url::parse(text).value();
}

inline Request get(const HttpDouble& peer, std::string target = "/") {
    return {.url = url(peer.url()), .target = std::move(target)};
}

inline Request post(const HttpDouble& peer, std::string target, std::string body) {
    return {
        .method = Method::post, .url = url(peer.url()), .target = std::move(target), .body = std::move(body)};
}

/// The error of a result that has to be one; a text in its message when it is not.
template <class T>
Error error_of(const Result<T>& result) {
    return result ? Error{.code = ErrorCode::internal, .message = "there was no error"} : result.error();
}

/// Listens, but nobody accepts. The kernel completes connections until the backlog is full.
class DeafPeer {
public:
    DeafPeer();

    [[nodiscard]] std::string address() const;  // "127.0.0.1:41234"

    /// From now on the kernel drops every attempt to connect.
    void fill_backlog();

private:
    lab::Descriptor listener_;
    std::vector<lab::Descriptor> waiting_;
};

/// While one exists, looking up a name that ends in ".slow.test" takes until `release` or its end.
class SlowNames {
public:
    SlowNames();
    SlowNames(const SlowNames&) = delete;
    SlowNames& operator=(const SlowNames&) = delete;
    SlowNames(SlowNames&&) = delete;
    SlowNames& operator=(SlowNames&&) = delete;
    ~SlowNames();

    /// Waits until somebody asked for such a name.
    static void wait_for_question();
};

}  // namespace rm::net
