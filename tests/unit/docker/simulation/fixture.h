// SPDX-License-Identifier: Apache-2.0
// A simulated engine with two networks and an image, for tests that make containers as a client does: from a
// body.
#pragma once

#include <string>
#include <vector>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "docker/simulated_engine.h"
#include "tests/unit/docker/done.h"

namespace rm::docker::test {

class SimulationTest : public testing::Test {
protected:
    explicit SimulationTest(SimulatedHost host = {}) : engine(clock, std::move(host)) {
        done(engine.add_network("front"));
        done(engine.add_network("back"));
        done(engine.add_image("web:1", {}));
    }

    Result<ContainerId> try_create(const std::string& name, const std::string& body) {
        return engine.create(name, body, none);
    }

    ContainerId create(const std::string& name, const std::string& body = R"({"Image":"web:1"})") {
        auto id = try_create(name, body);
        if (!id) throw std::runtime_error(id.error().message);
        return *std::move(id);
    }

    ContainerId run(const std::string& name, const std::string& body = R"({"Image":"web:1"})") {
        auto id = create(name, body);
        done(engine.start(id, none));
        return id;
    }

    Container inspect(const ContainerId& id) { return engine.inspect(id, none).value(); }
    ContainerState state(const ContainerId& id) { return inspect(id).state; }
    HealthState health(const ContainerId& id) { return inspect(id).health; }

    boost::json::value document(const ContainerId& id) {
        return boost::json::parse(engine.document(id, none).value());
    }
    /// A part of the document, by a JSON pointer: `/HostConfig/Memory`.
    boost::json::value at(const ContainerId& id, std::string_view pointer) {
        boost::system::error_code wrong;
        const boost::json::value whole = document(id);
        const auto* found = whole.find_pointer(pointer, wrong);
        return found == nullptr ? text("there is no " + std::string(pointer)) : *found;
    }

    static boost::json::value text(std::string_view given) { return boost::json::value(given); }

    /// `start`, `die 137`, `kill 15`
    std::vector<std::string> events() {
        std::vector<std::string> told;
        done(engine.events(
            {.since = WallTime(), .until = clock.now().wall, .actions = {}},
            [&](const Event& event) {
                std::string line = event.action;
                for (const char* attribute : {"exitCode", "signal", "oldName"})
                    if (const auto found = event.attributes.find(attribute); found != event.attributes.end())
                        line += ' ' + found->second;
                told.push_back(std::move(line));
                return true;
            },
            none));
        return told;
    }

    static ErrorCode code(const Status& status) {
        return status ? ErrorCode::internal : status.error().code;  // none of ours is internal
    }
    template <class T>
    static ErrorCode code(const Result<T>& result) {
        return result ? ErrorCode::internal : result.error().code;
    }

    VirtualClock clock;
    SimulatedEngine engine;
    const std::stop_token none;
};

}  // namespace rm::docker::test
