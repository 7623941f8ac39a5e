// SPDX-License-Identifier: Apache-2.0
// The file under an SQLite database, before SQLite sees it: it and its folders are made so that nobody else
// can ever read them, whatever the umask; SQLite gives -wal and -shm the same mode. What is there already
// keeps its mode. Never opens the file: closing it would drop the locks of other connections in this process.
#pragma once

#include <optional>
#include <string>

#include <sys/types.h>

#include "core/result.h"

namespace rm::store {

/// Makes what is missing, and finds out beforehand what SQLite would report as "unable to open".
Status prepare_sqlite_file(const std::string& path);

/// Which file it is, to notice when it was deleted or replaced under an open database.
struct FileIdentity {
    dev_t device;
    ino_t inode;

    friend bool operator==(const FileIdentity&, const FileIdentity&) = default;
};

std::optional<FileIdentity> identify(const std::string& path);

/// Whether the file system of the database has no room for what SQLite writes at least.
bool is_disk_full(const std::string& path);

}  // namespace rm::store
