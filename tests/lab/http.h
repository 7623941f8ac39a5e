// SPDX-License-Identifier: Apache-2.0
// HTTP for tests that steer a peer or look at what it shows: net/'s client in few words, blocking.
#pragma once

#include <filesystem>
#include <string>

#include "core/duration.h"
#include "core/result.h"

namespace rm::lab {

struct Call {
    std::string method = "GET";  // or HEAD, POST, PUT, DELETE
    std::string url;             // with a socket: the path alone
    std::string body = {};
    std::string content_type = "application/json";
    std::filesystem::path socket = {};  // the unix socket to go through, if any
    Duration timeout = std::chrono::seconds(10);
};

struct Reply {
    int status = 0;
    std::string content_type;
    std::string body;
};

/// Any answer of the peer is a Reply; an error means there was none.
Result<Reply> call(const Call& call);

/// The body of a GET; an error for any status but 2xx.
Result<std::string> get(const std::string& url);

/// Whether a GET is answered with 200 within a second.
bool answers(const std::string& url, const std::filesystem::path& socket = {});

}  // namespace rm::lab
