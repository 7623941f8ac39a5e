// SPDX-License-Identifier: Apache-2.0
// What the HTTP double stands on: blocking sockets, with TLS where asked. A Wire is used by one thread, but
// for `hang_up`, which makes every call in progress or to come fail at once.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <openssl/types.h>

#include "core/duration.h"
#include "core/result.h"
#include "tests/lab/certificates.h"

namespace rm::lab {

/// An open file descriptor.
class Descriptor {
public:
    explicit Descriptor(int fd) : fd_(fd) {}
    Descriptor(Descriptor&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
    Descriptor& operator=(Descriptor&& other) noexcept;
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor();

    [[nodiscard]] int get() const { return fd_; }

private:
    int fd_;
};

/// Listens on a free port of 127.0.0.1, or on a unix socket where `path` is not empty.
Result<Descriptor> listen_on(const std::string& path, int backlog = 128);

/// The port of a socket that listens on TCP.
std::uint16_t port_of(const Descriptor& listener);

/// A connection to a port of 127.0.0.1.
Result<Descriptor> connect_to(std::uint16_t port);

class TlsServer {
public:
    /// Throws std::runtime_error if OpenSSL can't use what it is given.
    TlsServer(const Identity& identity, const std::string& client_authority);
    TlsServer(const TlsServer&) = delete;
    TlsServer& operator=(const TlsServer&) = delete;
    TlsServer(TlsServer&&) = delete;
    TlsServer& operator=(TlsServer&&) = delete;
    ~TlsServer();

    [[nodiscard]] SSL_CTX* context() const { return context_; }

private:
    SSL_CTX* context_;
};

class Wire {
public:
    /// `tls` may be null and must outlive this.
    Wire(Descriptor socket, const TlsServer* tls);
    Wire(const Wire&) = delete;
    Wire& operator=(const Wire&) = delete;
    Wire(Wire&&) = delete;
    Wire& operator=(Wire&&) = delete;
    ~Wire();

    /// The TLS handshake, if any; false if it failed.
    bool open();
    /// Some bytes; empty when there will be no more.
    std::string read();
    bool write(std::string_view bytes);
    /// Waits; false as soon as the client is gone. Without a delay: until then.
    bool wait(std::optional<Duration> delay);
    void hang_up() const;

private:
    std::string read_plain();

    Descriptor socket_;
    SSL* ssl_ = nullptr;
};

}  // namespace rm::lab
