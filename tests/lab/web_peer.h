// SPDX-License-Identifier: Apache-2.0
// WebPeer: what the peers with an HTTP port have in common: a process, its port, and the way there. Its parts
// may run outside (on a free port of the loopback) or in a Space (to reach containers), and are then reached
// by a Forward.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "core/result.h"
#include "tests/lab/forward.h"
#include "tests/lab/peer_process.h"
#include "tests/lab/ports.h"

namespace rm::lab {

class WebPeer {
public:
    /// Ready when a GET of `ready_path` is answered with 200, or, without a path, when it listens.
    static Result<WebPeer> start(const std::function<Program(std::uint16_t)>& program,
                                 const std::string& ready_path);

    /// From the test process: "http://127.0.0.1:41234".
    [[nodiscard]] std::string url() const;
    /// From where it runs; the same when that is outside.
    [[nodiscard]] std::string inside_url() const;
    [[nodiscard]] std::uint16_t port() const { return peer_.port; }
    [[nodiscard]] PeerProcess& process() { return peer_.process; }

    /// On the same port, after `process().stop()`.
    Status start_again();

private:
    WebPeer(Program program, std::string ready_path, OnPort peer, std::optional<Forward> forward);
    [[nodiscard]] bool is_ready() const;

    Program program_;
    std::string ready_path_;
    OnPort peer_;
    std::optional<Forward> forward_;
};

}  // namespace rm::lab
