// SPDX-License-Identifier: Apache-2.0
// Descriptor: owns one open file descriptor and closes it at the end of its life. Move-only.
#pragma once

#include <utility>

#include <unistd.h>

namespace rm {

class Descriptor {
public:
    Descriptor() = default;
    /// Takes over `fd`; -1 is "none".
    explicit Descriptor(int fd) : fd_(fd) {}
    Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() { close(); }

    [[nodiscard]] int get() const { return fd_; }
    [[nodiscard]] bool open() const { return fd_ >= 0; }

    /// Linux frees the descriptor whatever close() says, so there is nothing to try again.
    void close() {
        if (fd_ >= 0) ::close(fd_);
        fd_ = -1;
    }

private:
    int fd_ = -1;
};

}  // namespace rm
