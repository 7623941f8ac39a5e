// SPDX-License-Identifier: Apache-2.0
#include "tests/lab/web_peer.h"

#include <utility>

#include <fmt/format.h>

#include "tests/lab/http.h"

namespace rm::lab {

WebPeer::WebPeer(Program program, std::string ready_path, OnPort peer, std::optional<Forward> forward)
    : program_(std::move(program)),
      ready_path_(std::move(ready_path)),
      peer_(std::move(peer)),
      forward_(std::move(forward)) {}

Result<WebPeer> WebPeer::start(const std::function<Program(std::uint16_t)>& program,
                               const std::string& ready_path) {
    std::optional<Forward> forward;
    Program wanted;
    Status way;
    const auto remember = [&](std::uint16_t port) {
        wanted = program(port);
        if (wanted.inside == nullptr) return wanted;
        auto made = Forward::into(*wanted.inside, "127.0.0.1", port);
        if (made) {
            forward.emplace(std::move(*made));
        } else {
            way = fail(made.error());
        }
        return wanted;
    };
    const auto ready = [&](std::uint16_t port) {
        if (ready_path.empty() || !way) return true;
        return answers((forward ? forward->url() : fmt::format("http://127.0.0.1:{}", port)) + ready_path);
    };
    auto peer = start_on_free_port(remember, ready);
    if (!peer) return fail(peer.error());
    if (!way) return fail(way.error().with_prefix(wanted.name));
    return WebPeer(std::move(wanted), ready_path, std::move(*peer), std::move(forward));
}

Status WebPeer::start_again() {
    auto process = PeerProcess::start(program_);
    if (!process) return fail(process.error());
    peer_.process = std::move(*process);
    return peer_.process.wait_ready([this] { return is_ready(); });
}

bool WebPeer::is_ready() const {
    return listens_on(peer_.process.pid(), peer_.port) &&
           (ready_path_.empty() || answers(url() + ready_path_));
}

std::string WebPeer::url() const {
    return forward_ ? forward_->url() : inside_url();
}
std::string WebPeer::inside_url() const {
    return fmt::format("http://127.0.0.1:{}", peer_.port);
}

}  // namespace rm::lab
