// SPDX-License-Identifier: Apache-2.0
// A Prometheus that evaluates nothing: it knows which signal a query asks for, and answers what the test set.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "observe/prometheus_source.h"
#include "tests/lab/http_double.h"

namespace rm::observe::test {

/// `{"id":"/docker/...","name":"web"}`
inline std::string metric(const ContainerId& id, std::string_view name = "web") {
    return fmt::format(R"({{"id":"/docker/{}","name":"{}"}})", id.full(), name);
}

inline std::string item(const std::string& metric, double at, std::string_view value) {
    return fmt::format(R"({{"metric":{},"value":[{:.3f},"{}"]}})", metric, at, value);
}

inline std::string vector_of(const std::vector<std::string>& items) {
    return fmt::format(R"({{"status":"success","data":{{"resultType":"vector","result":[{}]}}}})",
                       fmt::join(items, ","));
}

class FakePrometheus {
public:
    FakePrometheus() {
        peer_->on("POST", "/api/v1/query", [this](const lab::ReceivedRequest& request) {
            const std::scoped_lock lock(mutex_);
            const auto found = answers_.find(signal_of(request.body));
            return found == answers_.end() ? lab::Answer::text(200, vector_of({})) : found->second;
        });
    }
    FakePrometheus(const FakePrometheus&) = delete;
    FakePrometheus& operator=(const FakePrometheus&) = delete;
    FakePrometheus(FakePrometheus&&) = delete;
    FakePrometheus& operator=(FakePrometheus&&) = delete;
    ~FakePrometheus() = default;

    void answer(Signal signal, lab::Answer answer) {
        const std::scoped_lock lock(mutex_);
        answers_.insert_or_assign(signal, std::move(answer));
    }
    void answer(Signal signal, const std::vector<std::string>& items) {
        answer(signal, lab::Answer::text(200, vector_of(items)));
    }

    [[nodiscard]] lab::HttpDouble& peer() const { return *peer_; }
    [[nodiscard]] PrometheusOptions options() const {
        PrometheusOptions options{.url = net::Url::parse(peer_->url()).value(),
                                  .timeout = std::chrono::seconds(5),
                                  .matcher = "name!=\"\""};
        // Names of signals as queries: what users may put there, and easy to tell apart.
        for (const Signal signal : signals())
            options.queries.emplace(to_string(signal), fmt::format("{}{{$matcher}}", to_string(signal)));
        return options;
    }

private:
    static Signal signal_of(std::string_view body) {
        for (const Signal signal : signals())
            if (body.starts_with(fmt::format("query={}%7B", to_string(signal)))) return signal;
        ADD_FAILURE() << "a query that nobody expected: " << body;
        return Signal::sample_time;
    }

    std::mutex mutex_;
    std::map<Signal, lab::Answer> answers_;
    std::unique_ptr<lab::HttpDouble> peer_ = lab::HttpDouble::start().value();
};

}  // namespace rm::observe::test
