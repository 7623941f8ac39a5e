// SPDX-License-Identifier: Apache-2.0
#include "tests/lab/http_wire.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <system_error>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace rm::lab {
namespace {

using Memory = std::unique_ptr<BIO, decltype(&BIO_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

constexpr std::size_t most_at_once = std::size_t{64} << 10U;

void must_accept(bool worked) {
    if (!worked) throw std::runtime_error("OpenSSL cannot use the certificate it was given");
}

Certificate read_certificate(const std::string& pem) {
    const Memory memory(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free);
    return {PEM_read_bio_X509(memory.get(), nullptr, nullptr, nullptr), &X509_free};
}

Key read_key(const std::string& pem) {
    const Memory memory(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free);
    return {PEM_read_bio_PrivateKey(memory.get(), nullptr, nullptr, nullptr), &EVP_PKEY_free};
}

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

template <class Address>
Result<Descriptor> bound(Address address, int backlog) {
    Descriptor listener(
        socket(reinterpret_cast<const sockaddr*>(&address)->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        listen(listener.get(), backlog) != 0)
        return fail(ErrorCode::io, "the HTTP double cannot listen: {}",
                    std::generic_category().message(errno));
    return listener;
}

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
}

Descriptor::~Descriptor() {
    if (fd_ >= 0) close(fd_);
}

Result<Descriptor> listen_on(const std::string& path, int backlog) {
    if (path.empty()) return bound(loopback(0), backlog);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path)
        return fail(ErrorCode::invalid, "the socket's path is too long: {}", path);
    std::memcpy(&address.sun_path[0], path.data(), path.size());
    return bound(address, backlog);
}

std::uint16_t port_of(const Descriptor& listener) {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    getsockname(listener.get(), reinterpret_cast<sockaddr*>(&address), &size);
    return ntohs(address.sin_port);
}

Result<Descriptor> connect_to(std::uint16_t port) {
    const sockaddr_in address = loopback(port);
    Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        return fail(ErrorCode::unavailable, "cannot connect: {}", std::generic_category().message(errno));
    return socket;
}

TlsServer::TlsServer(const Identity& identity, const std::string& client_authority)
    : context_(SSL_CTX_new(TLS_server_method())) {
    must_accept(context_ != nullptr);
    must_accept(SSL_CTX_use_certificate(context_, read_certificate(identity.certificate).get()) == 1);
    must_accept(SSL_CTX_use_PrivateKey(context_, read_key(identity.key).get()) == 1);
    if (client_authority.empty()) return;
    must_accept(
        X509_STORE_add_cert(SSL_CTX_get_cert_store(context_), read_certificate(client_authority).get()) == 1);
    SSL_CTX_set_verify(context_, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
}

TlsServer::~TlsServer() {
    SSL_CTX_free(context_);
}

Wire::Wire(Descriptor socket, const TlsServer* tls) : socket_(std::move(socket)) {
    const int on = 1;
    setsockopt(socket_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (tls == nullptr) return;
    ssl_ = SSL_new(tls->context());
    must_accept(ssl_ != nullptr && SSL_set_fd(ssl_, socket_.get()) == 1);
}

Wire::~Wire() {
    SSL_free(ssl_);
}

bool Wire::open() {
    const bool agreed = ssl_ == nullptr || SSL_accept(ssl_) == 1;
    ERR_clear_error();
    if (agreed) return true;
    // Closed at once, the socket would answer what the client still sends with a reset, which overtakes the
    // alert.
    shutdown(socket_.get(), SHUT_WR);
    while (!read_plain().empty()) continue;
    return false;
}

std::string Wire::read() {
    if (ssl_ == nullptr) return read_plain();
    std::string bytes(most_at_once, '\0');
    const int got = SSL_read(ssl_, bytes.data(), static_cast<int>(bytes.size()));
    bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return bytes;
}

std::string Wire::read_plain() {
    std::string bytes(most_at_once, '\0');
    const ssize_t got = recv(socket_.get(), bytes.data(), bytes.size(), 0);
    bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return bytes;
}

bool Wire::write(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto sent = ssl_ == nullptr ? send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL)
                                          : SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size()));
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

bool Wire::wait(std::optional<Duration> delay) {
    pollfd gone{.fd = socket_.get(), .events = POLLRDHUP, .revents = 0};
    return poll(&gone, 1, delay ? static_cast<int>(delay->count()) : -1) == 0;
}

void Wire::hang_up() const {
    shutdown(socket_.get(), SHUT_RDWR);
}

}  // namespace rm::lab
