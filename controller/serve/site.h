// SPDX-License-Identifier: Apache-2.0
// Site: everything between a parsed request and its response that needs no socket: who may come in, which
// route, the handler, what the client accepts. Immutable but for the access rules, which it asks for anew
// for each request, so usable from several threads.
#pragma once

#include <optional>
#include <string_view>

#include "core/result.h"
#include "serve/http.h"
#include "serve/options.h"
#include "serve/route.h"

namespace rm::serve {

class Site {
public:
    static Result<Site> make(Routes routes, AccessNow access);

    /// The label of requests that meet no route.
    static constexpr std::string_view unmatched = "unmatched";

    struct Admission {
        const Route* route = nullptr;     // whose handler is to run, unless
        std::optional<Response> refusal;  // this is the answer already
        std::string_view label = unmatched;
    };

    /// Looks at a request whose headers are there; its path and query are filled in. `http_1_1` requires a
    /// Host.
    [[nodiscard]] Admission admit(Request& request, bool http_1_1) const;

    /// Runs the route's handler; whatever it throws becomes a problem.
    [[nodiscard]] static Response run(const Route& route, const Request& request);

    /// Makes a response ready to be sent: ETag and 304, gzip, CORS, security headers.
    void finish(const Request& request, Response& response) const;

    [[nodiscard]] const Routes& routes() const { return table_.routes(); }

private:
    Site(RouteTable table, AccessNow access);

    RouteTable table_;
    AccessNow access_;
};

}  // namespace rm::serve
