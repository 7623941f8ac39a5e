// SPDX-License-Identifier: Apache-2.0
// Options: how to reach the database and how long to wait for it.
#pragma once

#include <string>

#include "core/duration.h"
#include "core/secret.h"

namespace rm::store {

struct Options {
    std::string url = "sqlite:data/resource-manager.db";
    Secret password;  // PostgreSQL's
    std::string application_name = "resource-manager";

    Duration busy_timeout = std::chrono::seconds(5);        // SQLite: while another process holds the file
    Duration connect_timeout = std::chrono::seconds(5);     // PostgreSQL, for each address of the host
    Duration statement_timeout = std::chrono::seconds(10);  // PostgreSQL stops a statement after this
    Duration migration_timeout = std::chrono::minutes(10);  // the same for one that changes the schema
    Duration lock_timeout = std::chrono::seconds(5);        // PostgreSQL stops waiting for a lock after this
    Duration answer_timeout = std::chrono::seconds(15);  // we cut the connection to a server that is silent

    Duration first_retry = std::chrono::seconds(1);  // after a failed attempt to connect; doubles each time
    Duration longest_retry = std::chrono::seconds(30);  // up to this
};

}  // namespace rm::store
