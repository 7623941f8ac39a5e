// SPDX-License-Identifier: Apache-2.0
// An HttpEngine that speaks to an HTTP double, which answers as an engine of API 1.41 where nothing else is
// scripted.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "docker/http_engine.h"
#include "tests/lab/http_double.h"
#include "tests/unit/docker/bodies.h"
#include "tests/unit/docker/outcome.h"

namespace rm::docker::test {

/// The page of a proxy.
inline std::string html(int status) {
    return fmt::format("<html><body><h1>{} no</h1>\nRequest refused.\n</body></html>\n", status);
}

inline std::string says(std::string_view message) {
    return fmt::format(R"({{"message":"{}"}})", message);
}

class HttpEngineTest : public testing::Test {
protected:
    HttpEngineTest() {
        peer_->on("GET", "/version", lab::Answer::text(200, version_20_10));
        engine_ = engine_within(std::chrono::seconds(5));
    }

    [[nodiscard]] std::unique_ptr<HttpEngine> engine_within(Duration timeout) const {
        config::Docker docker;
        docker.host = config::Url("tcp://127.0.0.1:" + std::to_string(peer_->port()));
        docker.timeout = timeout;
        return HttpEngine::make(docker).value();
    }

    [[nodiscard]] std::vector<std::string> asked() const {
        const auto requests = peer_->requests();
        std::vector<std::string> targets;
        targets.reserve(requests.size());
        for (const auto& request : requests) targets.push_back(request.target);
        return targets;
    }

    const std::unique_ptr<lab::HttpDouble> peer_ = lab::HttpDouble::start().value();
    std::unique_ptr<HttpEngine> engine_;
    const std::stop_token none_;
};

}  // namespace rm::docker::test
