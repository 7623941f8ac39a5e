// SPDX-License-Identifier: Apache-2.0
#include "tests/lab/postgres.h"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <utility>
#include <vector>

#include <libpq-fe.h>
#include <pwd.h>
#include <unistd.h>

#include "tests/lab/ports.h"

namespace rm::lab {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr const char* account = "postgres";  // the server refuses to run as root

/// The folder with the newest release's programs; empty if there is none.
fs::path programs() {
    fs::path newest;
    int release = 0;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql", error)) {
        const int number = std::atoi(entry.path().filename().c_str());
        if (number > release && fs::exists(entry.path() / "bin" / "postgres")) {
            release = number;
            newest = entry.path() / "bin";
        }
    }
    return newest;
}

bool is_root() {
    return geteuid() == 0;
}

/// Only root can become another user, and only root must.
std::string user() {
    return is_root() ? account : "";
}

}  // namespace

std::string Postgres::unavailable_reason() {
    if (programs().empty()) return "PostgreSQL is not installed (Debian package postgresql-15)";
    if (is_root() && getpwnam(account) == nullptr)
        return "there is no account postgres, and PostgreSQL refuses root";
    return {};
}

Postgres::Postgres(TempFolder folder) : folder_(std::move(folder)) {}

Result<std::unique_ptr<Postgres>> Postgres::create() {
    if (const std::string reason = unavailable_reason(); !reason.empty())
        return fail(ErrorCode::unsupported, "{}", reason);
    auto folder = TempFolder::make_in_memory("postgres");
    if (!folder) return fail(folder.error());
    std::unique_ptr<Postgres> postgres(new Postgres(std::move(*folder)));
    if (Status made = postgres->make_cluster(); !made) return fail(made.error());
    auto started = start_on_free_port(
        [&](std::uint16_t port) {
            postgres->port_ = port;
            return postgres->server_program(port);
        },
        [&](std::uint16_t) { return postgres->is_ready(); });
    if (!started) return fail(started.error());
    postgres->server_ = std::move(started->process);
    return postgres;
}

Postgres::~Postgres() {
    // An immediate shutdown: nothing is written, but shared memory is given back, which a killed server can't
    // do.
    resume();
    if (server_) server_->stop(30s, SIGQUIT);
}

Status Postgres::make_cluster() {
    if (is_root())
        if (Status given = folder_.give_to(account); !given) return given;
    const fs::path secret = folder() / "password";
    if (Status written = write_file(secret, password().reveal() + '\n'); !written) return written;
    const auto made = run_well({.name = "initdb",
                                .argv = {programs() / "initdb", "--pgdata", folder() / "data", "--username",
                                         "rm", "--auth-host=scram-sha-256", "--auth-local=reject", "--pwfile",
                                         secret, "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"},
                                .user = user()});
    if (!made) return fail(made.error());
    return {};
}

Program Postgres::server_program(std::uint16_t port) const {
    Program program{
        .name = "postgres", .argv = {programs() / "postgres", "-D", folder() / "data"}, .user = user()};
    for (const std::string& setting :
         {fmt::format("port={}", port), std::string("listen_addresses=127.0.0.1"),
          std::string("unix_socket_directories="), std::string("fsync=off"),
          std::string("full_page_writes=off"), std::string("shared_buffers=16MB"),
          std::string("max_connections=30"), std::string("autovacuum=off"),
          std::string("dynamic_shared_memory_type=mmap")}) {  // in its folder, so that it goes with that
        program.argv.emplace_back("-c");
        program.argv.push_back(setting);
    }
    return program;
}

bool Postgres::is_ready() const {
    const std::string where =
        fmt::format("host=127.0.0.1 port={} user=rm dbname=postgres connect_timeout=2", port_);
    return PQping(where.c_str()) == PQPING_OK;
}

Status Postgres::start() {
    if (server_) return {};
    auto started = PeerProcess::start(server_program(port_));
    if (!started) return fail(started.error());
    if (Status up = started->wait_ready([this] { return is_ready(); }); !up) return up;
    server_ = std::move(*started);
    return {};
}

/// The server's sessions are in groups of their own, so they are found as its children.
void Postgres::signal_all(int signal) const {
    if (!server_) return;
    std::ifstream children(fmt::format("/proc/{0}/task/{0}/children", pid()));
    std::vector<pid_t> all = {pid()};
    for (pid_t child = 0; children >> child;) all.push_back(child);
    for (const pid_t one : all) ::kill(one, signal);
}

void Postgres::stop() {
    if (server_) server_->stop(30s, SIGINT);
    server_.reset();
}

void Postgres::kill() {
    signal_all(SIGKILL);
    if (server_) server_->stop(30s, SIGKILL);
    server_.reset();
}

void Postgres::pause() {
    signal_all(SIGSTOP);
}

void Postgres::resume() {
    signal_all(SIGCONT);
}

Status Postgres::create_user(std::string_view name) {
    const std::string where =
        fmt::format("host=127.0.0.1 port={} user=rm dbname=postgres password={}", port_, password().reveal());
    PGconn* connection = PQconnectdb(where.c_str());
    const std::string sql = fmt::format(
        "create role {0} login password '{1}'; create schema authorization {0}", name, password().reveal());
    PGresult* result = PQexec(connection, sql.c_str());
    Status status;
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        status = fail(ErrorCode::io, "{}", PQerrorMessage(connection));
    PQclear(result);
    PQfinish(connection);
    return status;
}

std::string Postgres::url(std::string_view user, std::string_view database) const {
    return fmt::format("postgresql://{}@127.0.0.1:{}/{}", user, port_, database);
}

}  // namespace rm::lab
