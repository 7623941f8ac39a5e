// SPDX-License-Identifier: Apache-2.0
#include "observe/prometheus_source.h"

#include <algorithm>
#include <utility>

#include "core/fault.h"
#include "core/text.h"
#include "observe/reply_reader.h"
#include "observe/target_index.h"

namespace rm::observe {
namespace {

constexpr Duration least_reply_age = std::chrono::minutes(1);

/// What a failed exchange means. Once bytes of a good answer came, the loss of the rest is a bad answer.
Gap gap_of(ErrorCode code, bool began) {
    return began && code == ErrorCode::unavailable ? Gap::bad_reply : rm::gap_of(code);
}

std::string with_warnings(std::string message, const ReplyNotes& notes) {
    for (const std::string& warning : notes.warnings)
        message += fmt::format("; it warns: {}", quoted(warning));
    return message;
}

/// How long a container must have run for a signal to mean something.
Duration needed_for(Signal signal, const Windows& windows) {
    if (signal == Signal::sample_time || signal == Signal::oom_kills) return Duration(0);
    return signal == Signal::cpu_trend || signal == Signal::memory_trend ? windows.trend : windows.window;
}

}  // namespace

/// One check under way.
struct PrometheusSource::Check {
    std::span<const Target> targets;
    const Windows& windows;
    WallTime now;
    SteadyTime deadline;
    TargetIndex index;
    AllValues values = {};
    double evaluated_at = 0;
    Observation observation = {};

    SignalValues& of(Signal signal) { return values.at(static_cast<std::size_t>(signal)); }

    void take(Signal signal, const Sample& sample) {
        if (signal == Signal::sample_time) evaluated_at = std::max(evaluated_at, sample.at);
        if (const auto match = index.find(sample)) of(signal).add(match->target, sample.value, match->by_id);
    }

    void fail(Signal signal, Gap cause, std::string message) {
        of(signal).fail(cause);
        complain(signal, cause, std::move(message));
    }

    void complain(Signal signal, Gap cause, std::string message) {
        observation.faults.push_back(
            {.what = std::string(to_string(signal)), .cause = cause, .message = std::move(message)});
    }

    /// Complains where a good answer knows nothing of any container that it should know.
    void expect_some(Signal signal, std::size_t samples, const ReplyNotes& notes) {
        const auto expected = std::ranges::count_if(targets, [&](const Target& target) {
            return now - target.started_at >= needed_for(signal, windows) &&
                   (signal != Signal::throttled || target.cpu_limited);
        });
        if (expected == 0 || of(signal).any()) return;
        const std::string_view perhaps = of(Signal::sample_time).any()
                                             ? "is this metric scraped, and for as long as the window?"
                                             : "are they scraped, and is prometheus.matcher right?";
        complain(signal, Gap::absent,
                 with_warnings(fmt::format("Prometheus answered {} samples, but none of the {} containers in "
                                           "question: {}",
                                           samples, expected, perhaps),
                               notes));
    }

    /// Prometheus' clock, or a cache in front of it, may be so far behind that its answer is history.
    void check_age() {
        const auto age = std::chrono::duration<double>(now.time_since_epoch()) -
                         std::chrono::duration<double>(evaluated_at);
        if (evaluated_at == 0 || age <= std::max(2 * windows.check_interval, least_reply_age)) return;
        fail(Signal::sample_time, Gap::stale,
             fmt::format(
                 "Prometheus answered as of {:.0f} s ago: its clock or ours is wrong, or a cache answered",
                 age.count()));
    }
};

PrometheusSource::PrometheusSource(PrometheusOptions options, const Clock& clock)
    : options_(std::move(options)),
      clock_(clock),
      client_({.timeouts = {.total = options_.timeout}, .tls = options_.tls, .body_cap = Bytes(64 << 10)}) {}

std::string PrometheusSource::describe() const {
    std::string text = "Prometheus " + print(options_.url);
    if (text.ends_with('/')) text.pop_back();
    return text;
}

Observation PrometheusSource::observe(std::span<const Target> targets, const Windows& windows, WallTime now,
                                      const std::stop_token& stop) {
    Check check{.targets = targets,
                .windows = windows,
                .now = now,
                .deadline = clock_.now().steady + 3 * options_.timeout,
                .index = TargetIndex(targets)};
    check.values.assign(signal_count, SignalValues(targets.size()));
    for (const Signal signal : signals()) {
        if (stop.stop_requested()) break;
        ask(signal, check, stop);
    }
    check.check_age();
    const Freshness freshness{.evaluated_at = check.evaluated_at, .limit = 2 * windows.check_interval};
    for (std::size_t i = 0; i < targets.size(); ++i)
        check.observation.usage.emplace(targets[i].id,
                                        usage_of(check.values, i, targets[i], windows, freshness, now));
    return std::move(check.observation);
}

/// What an answer other than 200 means, with the reason that Prometheus gives in its body.
PrometheusSource::Failure PrometheusSource::refusal(const net::Response& response) {
    ReplyReader reader([](const Sample&) {});
    (void)reader.take(response.body);
    const auto verdict = reader.finish();
    const bool gave_up = !verdict && verdict.error().code == ErrorCode::timeout;
    const bool says_why = gave_up || (!verdict && verdict.error().code == ErrorCode::invalid);
    const int status = response.status;
    Failure failure{.cause = Gap::bad_reply,
                    .message = fmt::format("Prometheus answered {}{}", status,
                                           says_why ? "; " + verdict.error().message : "")};
    if (status >= 500 || status == 429 || status == 401 || status == 403) failure.cause = Gap::unavailable;
    if (gave_up) failure.cause = Gap::timeout;
    return failure;
}

void PrometheusSource::ask(Signal signal, Check& check, const std::stop_token& stop) {
    const auto left = std::min(options_.timeout,
                               std::chrono::duration_cast<Duration>(check.deadline - clock_.now().steady));
    if (left <= Duration(0)) {
        check.fail(signal, Gap::timeout, "not asked, because the queries before took too long");
        return;
    }
    std::size_t samples = 0;
    ReplyReader reader(
        [&](const Sample& sample) {
            ++samples;
            check.take(signal, sample);
        },
        options_.reply_cap);
    ++check.observation.requests;
    if (const auto failure = exchange(request_for(signal, check.windows, left), left, reader, stop)) {
        check.fail(signal, failure->cause, failure->message);
        return;
    }
    if (const auto notes = reader.finish())
        check.expect_some(signal, samples, *notes);
    else
        check.fail(signal, notes.error().code == ErrorCode::timeout ? Gap::timeout : Gap::bad_reply,
                   "the answer of Prometheus can't be used: " + notes.error().message);
}

net::Request PrometheusSource::request_for(Signal signal, const Windows& windows, Duration left) const {
    const std::string query =
        query_for(signal, options_.memory, options_.queries,
                  {.matcher = options_.matcher, .window = windows.window, .trend_window = windows.trend});
    return {.method = net::Method::post,
            .url = options_.url,
            .target = "/api/v1/query",
            .headers = {{"Content-Type", "application/x-www-form-urlencoded"}},
            .body = net::form({{"query", query}, {"timeout", print(options_.timeout)}}),
            .token = options_.token,
            .timeouts = net::Timeouts{.total = left, .idle = left},
            .repeatable = true};
}

/// Hands the whole body of a good answer to `reader`, or says why there was none.
std::optional<PrometheusSource::Failure> PrometheusSource::exchange(const net::Request& request,
                                                                    Duration left, ReplyReader& reader,
                                                                    const std::stop_token& stop) {
    const SteadyTime begun = clock_.now().steady;
    bool began = false;
    bool late = false;
    const auto on_chunk = [&](std::string_view bytes) {
        began = true;
        late = clock_.now().steady - begun > left;
        return !late && reader.take(bytes);
    };
    const auto response = client_.stream(request, on_chunk, stop);
    if (!response) return Failure{gap_of(response.error().code, began), response.error().message};
    if (!response->ok()) return refusal(*response);
    if (late) return Failure{Gap::timeout, fmt::format("the answer was not complete after {}", print(left))};
    return std::nullopt;
}

Result<std::unique_ptr<MetricsSource>> prometheus_source(const config::Settings& settings,
                                                         const Clock& clock) {
    auto url = net::Url::parse(settings.prometheus.url.with_password());
    if (!url) return fail(std::move(url.error()).with_prefix("prometheus.url"));
    return std::make_unique<PrometheusSource>(
        PrometheusOptions{.url = *std::move(url),
                          .tls = {.ca_file = settings.prometheus.ca_file.string()},
                          .token = settings.prometheus.bearer_token.value,
                          .timeout = settings.prometheus.timeout,
                          .matcher = settings.prometheus.matcher,
                          .queries = settings.prometheus.queries,
                          .memory = settings.monitoring.memory_metric},
        clock);
}

}  // namespace rm::observe
