// SPDX-License-Identifier: Apache-2.0
// What the contract tests of the changing calls share.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/docker/bodies.h"
#include "tests/unit/docker/engine_peer.h"
#include "tests/unit/docker/outcome.h"

namespace rm::docker::test {

class Changing : public testing::TestWithParam<PeerCase> {
protected:
    void SetUp() override {
        GetParam().require();
        if (!IsSkipped() && !HasFailure()) peer_ = GetParam().start();
    }

    Engine& engine() { return peer_->engine(); }

    /// The body of a container of the peer's image, with these members: `"HostConfig":{"Memory":67108864}`.
    [[nodiscard]] std::string body(std::string_view members) const {
        return fmt::format(R"({{"Image":"{}"{}{}}})", peer_->image(), members.empty() ? "" : ",", members);
    }

    ContainerId create(const std::string& name, std::string_view members = "") {
        return engine().create(name, body(members), none_).value();
    }

    ContainerId run(const std::string& name, std::string_view members = "") {
        const ContainerId id = create(name, members);
        EXPECT_EQ(outcome(engine().start(id, none_)), "ok");
        return id;
    }

    /// The same, when its program heeds signals.
    ContainerId run_up(const std::string& name, std::string_view members = "") {
        ContainerId id = run(name, members);
        peer_->wait_until_up(id);
        return id;
    }

    Container inspect(const ContainerId& id) { return engine().inspect(id, none_).value(); }

    /// Waits for that state; what it was in the end.
    ContainerState wait_for(const ContainerId& id, ContainerState state) {
        constexpr int looks = 200;
        for (int i = 0; i < looks && inspect(id).state != state; ++i)
            peer_->pass_time(std::chrono::milliseconds(50));
        return inspect(id).state;
    }

    /// Waits until the engine started it again by itself.
    void wait_for_restart(const ContainerId& id) {
        constexpr int looks = 200;
        for (int i = 0; i < looks && inspect(id).restart_count == 0; ++i)
            peer_->pass_time(std::chrono::milliseconds(50));
    }

    /// Long enough for what should not happen.
    void wait_a_while() { peer_->pass_time(std::chrono::milliseconds(700)); }

    std::unique_ptr<EnginePeer> peer_;
    const ContainerId nobody_ = id_of('f');
    const std::stop_token none_;
};

inline std::string name_of(const testing::TestParamInfo<PeerCase>& peer) {
    return peer.param.name;
}

}  // namespace rm::docker::test
