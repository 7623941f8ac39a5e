// SPDX-License-Identifier: Apache-2.0
#include "tests/lab/message.h"

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <system_error>

#include <sys/socket.h>

namespace rm::lab {

namespace {

// Well under the default buffer of a socket, so that a datagram is never refused for its size.
constexpr std::size_t message_cap = 128UL * 1024;

// Each word is its length in four bytes, then its bytes.
std::string encode(const std::vector<std::string>& words) {
    std::string bytes;
    for (const std::string& word : words) {
        const auto length = static_cast<std::uint32_t>(word.size());
        bytes.append(reinterpret_cast<const char*>(&length), sizeof length);
        bytes += word;
    }
    return bytes;
}

Result<std::vector<std::string>> decode(std::string_view bytes) {
    std::vector<std::string> words;
    while (!bytes.empty()) {
        std::uint32_t length = 0;
        if (bytes.size() < sizeof length) return fail(ErrorCode::protocol, "the lab's message is cut");
        std::memcpy(&length, bytes.data(), sizeof length);
        bytes.remove_prefix(sizeof length);
        if (bytes.size() < length) return fail(ErrorCode::protocol, "the lab's message is cut");
        words.emplace_back(bytes.substr(0, length));
        bytes.remove_prefix(length);
    }
    return words;
}

struct alignas(cmsghdr) Control {
    std::array<char, CMSG_SPACE(sizeof(int))> bytes;
};

}  // namespace

tl::unexpected<Error> system_failure(const std::string& what) {
    return fail(ErrorCode::io, "cannot {}: {}", what, std::generic_category().message(errno));
}

Status send_message(int socket, const Message& message) {
    std::string bytes = encode(message.words);
    if (bytes.size() > message_cap)
        return fail(ErrorCode::too_large, "a command line of {} bytes is too long for the lab", bytes.size());
    iovec part{.iov_base = bytes.data(), .iov_len = bytes.size()};
    msghdr header{};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    Control control{};
    if (message.attached.open()) {
        header.msg_control = control.bytes.data();
        header.msg_controllen = control.bytes.size();
        cmsghdr* item = CMSG_FIRSTHDR(&header);
        item->cmsg_level = SOL_SOCKET;
        item->cmsg_type = SCM_RIGHTS;
        item->cmsg_len = CMSG_LEN(sizeof(int));
        const int fd = message.attached.get();
        std::memcpy(CMSG_DATA(item), &fd, sizeof fd);
    }
    while (::sendmsg(socket, &header, MSG_NOSIGNAL) < 0)
        if (errno != EINTR) return system_failure("send to the lab's other side");
    return {};
}

Result<Message> receive_message(int socket) {
    std::string bytes(message_cap, '\0');
    iovec part{.iov_base = bytes.data(), .iov_len = bytes.size()};
    msghdr header{};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    Control control{};
    header.msg_control = control.bytes.data();
    header.msg_controllen = control.bytes.size();
    ssize_t got = -1;
    while ((got = ::recvmsg(socket, &header, MSG_CMSG_CLOEXEC)) < 0)
        if (errno != EINTR) return system_failure("receive from the lab's other side");
    if (got == 0) return fail(ErrorCode::unavailable, "the lab's other side has gone");
    Message message;
    if (const cmsghdr* item = CMSG_FIRSTHDR(&header); item != nullptr && item->cmsg_type == SCM_RIGHTS) {
        int fd = -1;
        std::memcpy(&fd, CMSG_DATA(item), sizeof fd);
        message.attached = Descriptor(fd);
    }
    auto words = decode(std::string_view(bytes).substr(0, static_cast<std::size_t>(got)));
    if (!words) return fail(words.error());
    message.words = std::move(*words);
    return message;
}

}  // namespace rm::lab
