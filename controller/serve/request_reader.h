// SPDX-License-Identifier: Apache-2.0
// RequestReader: turns the bytes of one connection into one request, within limits that hold before anything
// is stored. Knows nothing of sockets; feed it in pieces of any size. One object reads one request.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "serve/http.h"
#include "serve/options.h"

namespace rm::serve {

class RequestReader {
public:
    explicit RequestReader(const RequestLimits& limits);
    RequestReader(const RequestReader&) = delete;
    RequestReader& operator=(const RequestReader&) = delete;
    RequestReader(RequestReader&&) noexcept;
    RequestReader& operator=(RequestReader&&) noexcept;
    ~RequestReader();

    enum class State {
        need_more,    // keep the bytes that were not taken and bring more behind them
        header_done,  // once, before anything of the body is taken: time to decide
        complete,
        refused  // see `refusal`; the connection is of no more use
    };

    struct Step {
        State state;
        std::size_t taken;  // from the front of the bytes
    };
    Step feed(std::string_view bytes);

    /// Method, target and headers are there from `header_done` on, the body when complete.
    [[nodiscard]] Request& request();
    [[nodiscard]] const Request& request() const;

    /// To be called at `header_done`, if the body is wanted; else it is read past.
    void keep_body();

    /// Whether anything of the request has come.
    [[nodiscard]] bool started() const;

    /// From `header_done` on.
    [[nodiscard]] bool http_1_1() const;
    [[nodiscard]] bool keep_alive() const;
    [[nodiscard]] bool is_complete() const;  // no body is to come, or it has come

    struct Refusal {
        std::string_view problem;  // a name of the table of problem types
        std::string detail;
    };
    [[nodiscard]] const Refusal& refusal() const;

private:
    struct Parser;
    std::unique_ptr<Parser> parser_;
};

}  // namespace rm::serve
