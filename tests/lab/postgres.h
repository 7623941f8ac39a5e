// SPDX-License-Identifier: Apache-2.0
// Postgres: a real PostgreSQL server on a free port of the loopback, with its data in a temporary folder. It
// trades durability for speed. Destruction stops the server and removes the folder; so does the lab's keeper
// when the test program ends in any other way. One owner, one thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <sys/types.h>

#include "core/result.h"
#include "core/secret.h"
#include "tests/lab/peer_process.h"
#include "tests/lab/temp_folder.h"

namespace rm::lab {

class Postgres {
public:
    /// Why there can be none here; empty if there can.
    static std::string unavailable_reason();

    /// A new cluster with a server that answers.
    static Result<std::unique_ptr<Postgres>> create();

    Postgres(const Postgres&) = delete;
    Postgres& operator=(const Postgres&) = delete;
    Postgres(Postgres&&) = delete;
    Postgres& operator=(Postgres&&) = delete;
    ~Postgres();

    /// Starts the server that was stopped or killed, on the same port with the same data.
    Status start();
    /// Asks it to stop, at once: sessions are ended, the data is written.
    void stop();
    /// SIGKILL for the server and its sessions, as when the machine fails.
    void kill();
    /// SIGSTOP and SIGCONT for all of them: connections stay, answers don't come.
    void pause();
    void resume();

    /// A user with the same password whose tables are in a schema of its own: an empty database for a test,
    /// made much faster than a real one.
    Status create_user(std::string_view name);

    /// `postgresql://USER@127.0.0.1:PORT/DATABASE`, without the password.
    [[nodiscard]] std::string url(std::string_view user = "rm", std::string_view database = "postgres") const;
    [[nodiscard]] static Secret password() { return Secret("secret-of-the-lab"); }
    [[nodiscard]] pid_t pid() const { return server_ ? server_->pid() : 0; }
    [[nodiscard]] const std::filesystem::path& folder() const { return folder_.path(); }

private:
    explicit Postgres(TempFolder folder);

    Status make_cluster();
    [[nodiscard]] Program server_program(std::uint16_t port) const;
    [[nodiscard]] bool is_ready() const;
    void signal_all(int signal) const;

    TempFolder folder_;
    std::uint16_t port_ = 0;
    std::optional<PeerProcess> server_;
};

}  // namespace rm::lab
