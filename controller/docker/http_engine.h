// SPDX-License-Identifier: Apache-2.0
// HttpEngine: a Docker Engine, or the socket proxy in front of one, over TCP, TLS or a unix socket. The
// version of the API is agreed on with the first call, and again after the engine was away: it may be another
// one that comes back. No call takes longer than `docker.timeout`, but for the stream of events, whose
// beginning must come in that time. Every call ends within milliseconds of a stop.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "config/settings.h"
#include "docker/answer_error.h"
#include "docker/api_version.h"
#include "docker/engine.h"
#include "net/http_client.h"

namespace rm::docker {

class HttpEngine final : public Engine {
public:
    /// An error when `docker.host` is no address. Nothing is asked yet.
    static Result<std::unique_ptr<HttpEngine>> make(const config::Docker& docker);

    /// Where it is, for people.
    [[nodiscard]] std::string where() const { return print(url_); }

    Status ping(const std::stop_token& stop) override;
    Result<EngineVersion> version(const std::stop_token& stop) override;
    Result<EngineInfo> info(const std::stop_token& stop) override;
    Result<std::vector<ContainerSummary>> list(const std::stop_token& stop) override;
    Result<Container> inspect(const ContainerId& id, const std::stop_token& stop) override;
    Result<Stats> stats(const ContainerId& id, const std::stop_token& stop) override;
    Status events(const EventsWanted& wanted, const OnEvent& on_event, const std::stop_token& stop) override;

private:
    using OnChunk = net::HttpClient::OnChunk;

    HttpEngine(net::Url url, net::HttpOptions options);

    Result<std::string> ask(const Call& call, const std::stop_token& stop);
    Result<net::Response> exchange(const Call& call, const OnChunk* on_chunk, const std::stop_token& stop);
    Result<net::Response> send(const Call& call, std::optional<ApiVersion> api, const OnChunk* on_chunk,
                               const std::stop_token& stop);
    Result<ApiVersion> agreed_api(const std::stop_token& stop);
    void forget_api();
    [[nodiscard]] Error located(Error error) const;

    const net::Url url_;
    net::HttpClient client_;
    std::mutex mutex_;
    std::optional<ApiVersion> api_;  // nothing: to be agreed on
};

}  // namespace rm::docker
