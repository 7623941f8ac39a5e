// SPDX-License-Identifier: Apache-2.0
// A simulated engine whose containers can be reached for real: blue has the address 127.0.0.1 in the network
// `front`, green 127.0.0.2, where a test listens in their place.
#pragma once

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "config/settings.h"
#include "core/clock.h"
#include "docker/simulated_engine.h"

namespace rm::deploy::test {

/// `ok: what there is to tell`, or `unavailable: why`.
inline std::string told(const Result<std::string>& result) {
    if (result) return "ok: " + *result;
    return fmt::format("{}: {}", to_string(result.error().code), result.error().message);
}

class StageSet : public testing::Test {
protected:
    StageSet() {
        must(engine.add_network("front"));
        must(engine.add_network("back"));
    }

    static void must(const Status& done) {
        if (!done) throw std::runtime_error(done.error().message);
    }

    template <class T>
    static T must(Result<T> value) {
        if (!value) throw std::runtime_error(value.error().message);
        return *std::move(value);
    }

    /// Of the image `name`, which is made for it; it runs.
    docker::Container run(const std::string& name, docker::SimulatedImage image, std::string_view host_config,
                          std::string_view endpoints) {
        must(engine.add_image(name, std::move(image)));
        const auto id = must(engine.create(
            name,
            fmt::format(
                R"({{"Image":"{}","HostConfig":{{{}}},"NetworkingConfig":{{"EndpointsConfig":{{{}}}}}}})",
                name, host_config, endpoints),
            none));
        must(engine.start(id, none));
        return must(engine.inspect(id, none));
    }

    docker::Container run_at(const std::string& address, const std::string& name = "web",
                             docker::SimulatedImage image = {}) {
        return run(name, std::move(image), R"("NetworkMode":"front")",
                   fmt::format(R"("front":{{"IPAMConfig":{{"IPv4Address":"{}"}}}})", address));
    }

    VirtualClock clock;
    docker::SimulatedEngine engine{clock};
    config::ServicePolicy policy;
    config::Deployment& wanted = policy.deployment;
    const std::stop_token none;
};

}  // namespace rm::deploy::test
