// SPDX-License-Identifier: Apache-2.0
// The routes: one table that says what is served, who may call it, and where it runs. A route for GET answers
// HEAD too; OPTIONS, 404 and 405 come from the table.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "serve/http.h"

namespace rm::serve {

enum class Guard {
    open,  // anyone who reaches the port
    token  // only with the bearer token; off when none is configured
};

enum class Runs {
    at_once,   // on the server's I/O thread: must not wait for anything
    on_worker  // on one of a few worker threads: may ask the store or a peer
};

/// Called from one of the server's threads, possibly for several requests at once. Must not outlive what it
/// uses.
using Handler = std::function<Response(const Request&)>;

struct Route {
    std::vector<std::string> methods;  // {"GET"}, {"POST", "PUT"}
    std::string pattern;               // "/api/services/{name}"; the label in metrics
    Guard guard = Guard::open;
    Runs runs = Runs::at_once;
    bool takes_body = false;  // else a body is read past and dropped
    std::string description;
    Handler handler;
};

using Routes = std::vector<Route>;

class RouteTable {
public:
    /// Refuses patterns that are malformed or mean the same as another's for the same method.
    static Result<RouteTable> make(Routes routes);

    struct Match {
        const Route* route = nullptr;  // null: see `allow`
        Parameters parameters;
        std::string allow;  // the methods that the path has; empty if there is no such path
        std::string_view
            pattern;  // of a route that has the path, whatever the method; empty if there is none
    };

    /// `segments` are those of the path, decoded. The route lives as long as the table.
    [[nodiscard]] Match match(std::string_view method, const std::vector<std::string>& segments) const;

    [[nodiscard]] const Routes& routes() const { return routes_; }

private:
    explicit RouteTable(Routes routes);

    Routes routes_;
    std::vector<std::vector<std::string>> patterns_;  // the segments of each route's pattern
};

}  // namespace rm::serve
