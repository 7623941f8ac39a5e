// SPDX-License-Identifier: Apache-2.0
// Whatever a client sends: the whole path of a request without its socket. The first byte of the input says
// in what pieces the rest arrives. Besides what the sanitizers see: limits hold, a request means the same in
// any pieces, and no response can be split by what the request contains.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/clock.h"
#include "serve/health.h"
#include "serve/inbox.h"
#include "serve/management.h"
#include "serve/request_reader.h"
#include "serve/site.h"
#include "serve/wire.h"
#include "telemetry/metrics.h"

namespace {

using namespace rm::serve;
using State = RequestReader::State;

constexpr RequestLimits limits{
    .header_bytes = 1024, .header_count = 16, .target_bytes = 256, .body_bytes = 512};

void require(bool condition) {
    if (!condition) std::abort();
}

Site make_site() {
    static const rm::SystemClock clock;
    static HealthBoard board(clock);
    static rm::telemetry::Metrics metrics;
    board.report("fuzz", PartState::ok);
    Routes routes =
        management_routes({.health = board, .metrics = metrics, .version = "1", .reload = nullptr});
    Route echo;
    echo.methods = {"POST"};
    echo.pattern = "/echo/{name}/x";
    echo.handler = [](const Request& request) {
        Response response = json_response(request.body);
        for (const Parameter& parameter : request.path_parameters)
            response.headers.push_back({.name = "X-Path", .value = parameter.value});
        for (const Parameter& parameter : request.query)
            response.headers.push_back({.name = "X-Query", .value = parameter.value});
        return response;
    };
    routes.push_back(std::move(echo));
    Access access;
    access.token = rm::Secret("t");
    access.allowed_hosts = {"rm.example.org"};
    access.cors_origins = {"https://rm.example.org"};
    return Site::make(std::move(routes), always(std::move(access))).value();
}

void respond(const Site& site, Request& request, bool http_1_1) {
    auto admission = site.admit(request, http_1_1);
    require(admission.refusal.has_value() || admission.route != nullptr);
    Response response =
        admission.refusal ? *std::move(admission.refusal) : Site::run(*admission.route, request);
    site.finish(request, response);
    const std::string head = response_head(response, After::keep, {});
    require(head.find("\r\n\r\n") == head.size() - 4);
    require(static_cast<std::size_t>(std::ranges::count(head, '\n')) <= response.headers.size() + 5);
}

struct Outcome {
    State state = State::need_more;
    Request request;
    std::size_t used = 0;
    bool http_1_1 = false;
};

/// Reads one request from the front of `text`, which arrives in pieces.
Outcome read(std::string_view text, std::size_t piece) {
    RequestReader reader(limits);
    Inbox inbox(limits.header_bytes);
    Outcome outcome;
    for (std::size_t arrived = 0; outcome.state == State::need_more && arrived < text.size();) {
        const auto room = inbox.room();
        require(!room.empty());
        const std::size_t count = std::min({piece, room.size(), text.size() - arrived});
        std::copy_n(text.data() + arrived, count, room.data());
        inbox.arrived(count);
        arrived += count;
        do {
            const auto step = reader.feed(inbox.bytes());
            require(step.taken <= inbox.size());
            inbox.drop(step.taken);
            outcome.used += step.taken;
            outcome.state = step.state;
            if (outcome.state == State::header_done) reader.keep_body();
        } while (outcome.state == State::header_done);
    }
    require(reader.request().body.size() <= limits.body_bytes);
    require(reader.request().headers.size() <= limits.header_count);
    require((outcome.state == State::refused) == !reader.refusal().problem.empty());
    outcome.request = reader.request();
    outcome.http_1_1 = reader.http_1_1();
    return outcome;
}

bool same(const Request& a, const Request& b) {
    const auto same_header = [](const Header& x, const Header& y) {
        return x.name == y.name && x.value == y.value;
    };
    return a.method == b.method && a.target == b.target && a.body == b.body &&
           std::ranges::equal(a.headers, b.headers, same_header);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Site site = make_site();
    if (size == 0) return 0;
    const std::size_t piece = data[0] == 0 ? limits.header_bytes : data[0];
    std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    while (!text.empty()) {
        Outcome whole = read(text, limits.header_bytes);
        const Outcome pieces = read(text, piece);
        if (whole.state == State::complete) {
            require(pieces.state == State::complete && pieces.used == whole.used);
            require(same(whole.request, pieces.request));
        }
        respond(site, whole.request, whole.http_1_1);
        if (whole.state != State::complete) break;
        text.remove_prefix(whole.used);
    }
    return 0;
}
