// SPDX-License-Identifier: Apache-2.0
#include "tests/lab/prometheus.h"

#include <chrono>
#include <cmath>
#include <limits>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "core/text.h"
#include "net/url.h"
#include "tests/lab/http.h"
#include "tests/lab/json.h"

namespace rm::lab {

namespace {

namespace fs = std::filesystem;

/// `block` with every line moved in.
std::string indented(const std::string& block) {
    std::string text;
    std::size_t from = 0;
    while (from < block.size()) {
        const auto end = std::min(block.find('\n', from), block.size());
        text += "  " + block.substr(from, end - from) + "\n";
        from = end + 1;
    }
    return text;
}

Status configure(const fs::path& folder, const PrometheusOptions& options) {
    std::string text = fmt::format(
        "global:\n  scrape_interval: {0}ms\n  scrape_timeout: {0}ms\n  evaluation_interval: {0}ms\n",
        options.interval.count());
    if (!options.rules.empty()) text += "rule_files:\n";
    for (std::size_t i = 0; i < options.rules.size(); ++i) {
        const fs::path file = folder / fmt::format("rules-{}.yml", i);
        if (Status written = write_file(file, options.rules[i]); !written) return written;
        text += fmt::format("  - {}\n", file.string());
    }
    if (!options.scrapes.empty()) text += "scrape_configs:\n" + indented(options.scrapes);
    return write_file(folder / "prometheus.yml", text);
}

double number(const std::string& text) {
    if (text == "NaN") return std::numeric_limits<double>::quiet_NaN();
    return std::strtod(text.c_str(), nullptr);  // knows +Inf too
}

}  // namespace

std::string scrape(const std::string& job, const std::vector<std::string>& targets) {
    std::string text = fmt::format("- job_name: {}\n  static_configs:\n    - targets:\n", job);
    for (const std::string& target : targets) text += fmt::format("        - {}\n", target);
    return text;
}

Prometheus::Prometheus(PrometheusOptions options, TempFolder folder, WebPeer peer)
    : options_(std::move(options)), folder_(std::move(folder)), peer_(std::move(peer)) {}

Result<Prometheus> Prometheus::start(PrometheusOptions options) {
    auto folder = TempFolder::make("prometheus");
    if (!folder) return fail(folder.error());
    const fs::path& where = folder->path();
    if (Status configured = configure(where, options); !configured) return fail(configured.error());
    const auto program = [&](std::uint16_t port) {
        return Program{
            .name = "prometheus",
            .argv = {"prometheus", "--config.file", where / "prometheus.yml", "--storage.tsdb.path",
                     where / "data", "--web.listen-address", fmt::format("127.0.0.1:{}", port),
                     "--web.enable-lifecycle", "--log.level", "warn"},
            .inside = options.inside};
    };
    auto peer = WebPeer::start(program, "/-/ready");
    if (!peer) return fail(peer.error());
    return Prometheus(std::move(options), std::move(*folder), std::move(*peer));
}

bool Prometheus::ready() const {
    return answers(url() + "/-/ready");
}

Result<std::vector<Sample>> Prometheus::query(const std::string& promql) const {
    auto reply = call({.method = "POST",
                       .url = url() + "/api/v1/query",
                       .body = net::form({{"query", promql}}),
                       .content_type = "application/x-www-form-urlencoded"});
    if (!reply) return fail(reply.error());
    auto answer = parse_json(reply->body);
    if (!answer) return fail(answer.error());
    if (text_at(*answer, "/data/resultType") != "vector")
        return fail(ErrorCode::protocol, "{} is answered with {}: {}", quoted(promql), reply->status,
                    quoted(reply->body));
    std::vector<Sample> samples;
    for (const auto& each : array_at(*answer, "/data/result")) {
        Sample sample{.labels = {}, .value = number(text_at(each, "/value/1"))};
        for (const auto& [name, value] : object_at(each, "/metric"))
            if (value.is_string()) sample.labels[name] = value.as_string();
        samples.push_back(std::move(sample));
    }
    return samples;
}

Status Prometheus::wait_for(const std::string& promql, double value, Duration deadline) const {
    constexpr auto pause = std::chrono::milliseconds(50);
    const auto end = std::chrono::steady_clock::now() + deadline;
    while (true) {
        auto samples = query(promql);
        if (!samples) return fail(samples.error());
        constexpr double close = 1e-9;
        if (!samples->empty() && std::abs(samples->front().value - value) <= close * std::abs(value))
            return {};
        if (std::chrono::steady_clock::now() > end)
            return fail(ErrorCode::timeout, "{} is not {} after {} but {}", promql, value, print(deadline),
                        samples->empty() ? "nothing" : fmt::to_string(samples->front().value));
        std::this_thread::sleep_for(pause);
    }
}

Status Prometheus::scrape_instead(const std::string& scrapes) {
    options_.scrapes = scrapes;
    if (Status configured = configure(folder_.path(), options_); !configured) return configured;
    auto reply = call({.method = "POST", .url = url() + "/-/reload"});
    if (!reply) return fail(reply.error());
    if (reply->status != 200)
        return fail(ErrorCode::invalid, "Prometheus refuses the configuration: {}", quoted(reply->body));
    return {};
}

}  // namespace rm::lab
