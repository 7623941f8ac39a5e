// SPDX-License-Identifier: Apache-2.0
#include "store/dial.h"

#include <array>
#include <string>
#include <utility>

#include <poll.h>

namespace rm::store {
namespace {

// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables)
thread_local Dial* current = nullptr;

/// Waits until libpq can go on; false when the guard has cut the socket and even that doesn't wake us.
bool wait_for(int socket, PostgresPollingStatusType wanted, const SilenceGuard& guard) {
    constexpr int look_every = 1000;  // milliseconds
    pollfd ready = {.fd = socket,
                    .events = static_cast<short>(wanted == PGRES_POLLING_READING ? POLLIN : POLLOUT),
                    .revents = 0};
    while (poll(&ready, 1, look_every) <= 0)
        if (guard.cut()) return false;
    return true;
}

}  // namespace

Dial::Dial(SilenceGuard& guard, Duration address_limit, Duration answer_limit)
    : guard_(guard), address_limit_(address_limit), answer_limit_(answer_limit) {
    current = this;
}

Dial::~Dial() {
    current = nullptr;
}

// A host may have several addresses. When one of them is cut off, libpq goes on with the next.
PGconn* Dial::connect(const char* settings) {
    PGconn* connection = PQconnectStart(settings);
    if (connection == nullptr || PQstatus(connection) == CONNECTION_BAD) return connection;
    std::string address = "none yet";
    auto wanted = PGRES_POLLING_WRITING;
    while (wanted == PGRES_POLLING_READING || wanted == PGRES_POLLING_WRITING) {
        const bool was_cut = guard_.cut();
        guard_.watch(PQsocket(connection));  // it may be another one under the same number
        if (was_cut || address != PQhostaddr(connection)) {
            address = PQhostaddr(connection);
            guard_.expect_answer_within(address_limit_);
        }
        if (!wait_for(PQsocket(connection), wanted, guard_)) break;
        wanted = PQconnectPoll(connection);
    }
    if (PQstatus(connection) != CONNECTION_OK) return connection;
    made_ = connection;
    guard_.expect_answer_within(answer_limit_);
    return connection;
}

void Dial::hang_up() {
    if (made_ != nullptr) PQfinish(std::exchange(made_, nullptr));
}

}  // namespace rm::store

// The program's own PQconnectdb: the linker of shared libraries finds it before libpq's, also for SOCI.
// Without a Dial it does what libpq's does.
extern "C" __attribute__((visibility("default"))) PGconn* PQconnectdb(const char* conninfo) {
    if (rm::store::current != nullptr) return rm::store::current->connect(conninfo);
    constexpr int expand = 1;  // dbname holds settings
    const std::array<const char*, 2> names = {"dbname", nullptr};
    const std::array<const char*, 2> values = {conninfo, nullptr};
    return PQconnectdbParams(names.data(), values.data(), expand);
}
