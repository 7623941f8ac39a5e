// SPDX-License-Identifier: Apache-2.0
#include "app/ask_peers.h"

#include "docker/http_engine.h"
#include "net/http_client.h"

namespace rm::app {

Result<std::string> ask_docker(const config::Docker& docker, const std::stop_token& stop) {
    const auto engine = docker::HttpEngine::make(docker);
    if (!engine) return fail(engine.error());
    if (const auto answer = (*engine)->ping(stop); !answer) return fail(answer.error());
    if (const auto version = (*engine)->version(stop); !version) return fail(version.error());
    return (*engine)->where();
}

Result<std::string> ask_prometheus(const config::Prometheus& prometheus, const std::stop_token& stop) {
    const auto url = net::Url::parse(prometheus.url.with_password());
    if (!url) return fail(url.error());
    net::HttpClient client(
        {.timeouts = {.total = prometheus.timeout}, .tls = {.ca_file = prometheus.ca_file.string()}});
    const std::string target = "/-/ready";
    const auto response = client.send(
        {.method = net::Method::get, .url = *url, .target = target, .token = prometheus.bearer_token.value},
        stop);
    if (!response) return fail(response.error());
    std::string where = print(*url);
    if (!response->ok())
        return fail(ErrorCode::protocol, "{}{} answered {}", where, target, response->status);
    return where;
}

}  // namespace rm::app
