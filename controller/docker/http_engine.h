// SPDX-License-Identifier: Apache-2.0
// HttpEngine: a Docker Engine, or the socket proxy in front of one, over TCP, TLS or a unix socket. The
// version of the API is agreed on with the first call, and again after the engine was away: it may be another
// one that comes back. No call takes longer than `docker.timeout`, but for the stream of events, whose
// beginning must come in that time, and for `exec`, which has a limit of its own. Every call ends within
// milliseconds of a stop. What can't be a name, a path or a limit is `invalid` and not sent.
//
// http_engine.cpp speaks; what is asked is in http_engine_look.cpp, _change.cpp and _exec.cpp.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "config/settings.h"
#include "docker/api_version.h"
#include "docker/call.h"
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
    Result<std::string> document(const ContainerId& id, const std::stop_token& stop) override;
    Result<Stats> stats(const ContainerId& id, const std::stop_token& stop) override;
    Status events(const EventsWanted& wanted, const OnEvent& on_event, const std::stop_token& stop) override;
    Result<std::string> image_id(const std::string& image, const std::stop_token& stop) override;
    Result<std::vector<FileChange>> changes(const ContainerId& id, const std::stop_token& stop) override;
    Result<std::string> log_tail(const ContainerId& id, int lines, const std::stop_token& stop) override;
    Result<std::string> get_archive(const ContainerId& id, const std::string& path,
                                    const std::stop_token& stop) override;

    Result<ContainerId> create(const std::string& name, const std::string& body,
                               const std::stop_token& stop) override;
    Status connect(const std::string& network, const ContainerId& id, const std::string& endpoint,
                   const std::stop_token& stop) override;
    Status start(const ContainerId& id, const std::stop_token& stop) override;
    Status signal(const ContainerId& id, const std::string& signal, const std::stop_token& stop) override;
    Status rename(const ContainerId& id, const std::string& name, const std::stop_token& stop) override;
    Status remove(const ContainerId& id, Removal how, const std::stop_token& stop) override;
    Status update(const ContainerId& id, const Update& update, const std::stop_token& stop) override;
    Status put_archive(const ContainerId& id, const std::string& folder, const std::string& tar,
                       const std::stop_token& stop) override;
    Result<ExecOutcome> exec(const ContainerId& id, const Exec& what, const std::stop_token& stop) override;
    Status may_exec(const std::stop_token& stop) override;

private:
    using OnChunk = net::HttpClient::OnChunk;

    HttpEngine(net::Url url, net::HttpOptions options);

    /// Asks, and reads the answer.
    template <class T>
    Result<T> ask(const Call& call, Result<T> (*read)(std::string_view), const std::stop_token& stop) {
        const auto body = ask(call, stop);
        if (!body) return fail(body.error());
        auto answer = read(*body);
        if (!answer) return fail(located(std::move(answer.error()).with_prefix(print(call))));
        return answer;
    }

    Result<std::string> ask(const Call& call, const std::stop_token& stop);
    Status tell(const Call& call, const std::stop_token& stop);
    Result<net::Response> exchange(const Call& call, const OnChunk* on_chunk, const std::stop_token& stop);
    Result<net::Response> send(const Call& call, std::optional<ApiVersion> api, const OnChunk* on_chunk,
                               const std::stop_token& stop);
    Result<ApiVersion> agreed_api(const std::stop_token& stop);
    void forget_api();
    Result<bool> is_connected(const std::string& network, const ContainerId& id, const std::stop_token& stop);
    Result<std::int64_t> end_of_exec(const std::string& exec, SteadyTime until, const std::stop_token& stop);
    [[nodiscard]] Error located(Error error) const;

    const net::Url url_;
    const Duration timeout_;
    net::HttpClient client_;
    std::mutex mutex_;
    std::optional<ApiVersion> api_;  // nothing: to be agreed on
};

}  // namespace rm::docker
