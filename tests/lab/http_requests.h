// SPDX-License-Identifier: Apache-2.0
// Reads the requests that come over a wire, one after the other. Internal to the HTTP double.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tests/lab/http_double.h"
#include "tests/lab/http_wire.h"

namespace rm::lab {

class Requests {
public:
    /// `wire` must outlive this.
    explicit Requests(Wire& wire) : wire_(wire) {}

    /// Nothing when the client has gone or sends what this server doesn't understand.
    std::optional<ReceivedRequest> next();

private:
    bool more();
    std::optional<std::string> up_to(std::string_view mark);
    std::optional<std::string> exactly(std::size_t size);
    bool read_body(ReceivedRequest& request);
    bool read_chunks(std::string& body);

    Wire& wire_;
    std::string buffer_;
};

}  // namespace rm::lab
