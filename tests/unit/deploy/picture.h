// SPDX-License-Identifier: Apache-2.0
// A deployment in the middle of its way, to be changed in the one point that a test is about: `web-1`, which
// is running and healthy, shall come from 0.5 CPU and 512M to 1 CPU and 768M. What the journal has, what the
// engine shows and what this process saw are plain members.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "deploy/advance.h"

namespace rm::deploy::test {

using namespace std::chrono_literals;

ContainerId id(char digit);
Bytes bytes(std::string_view text);
Limits limits(std::string_view cpu, std::string_view memory);
docker::LimitFields fields(const Limits& limits);

/// A container that runs and is healthy, with its health check and these limits.
docker::Container container(char digit, std::string name, const Limits& limits);

/// What the engine would show after this update.
void apply(const docker::Update& update, docker::Container& container);

struct Picture {
    explicit Picture(config::Strategy strategy = config::Strategy::blue_green);

    Deployment row;
    Sight sight;
    Watch watch;
    Terms terms;

    [[nodiscard]] Replacement& replica() { return row.replicas[row.current]; }
    [[nodiscard]] docker::Container& blue() { return *sight.blue; }
    /// `web-2` with the new limits; healthy from the first call on.
    [[nodiscard]] docker::Container& green();
    /// Another container of the service, to be replaced after the first: `web-3`, 'c'.
    Replacement& add_replica();

    /// Is in `stage` for a while, which a process that was just started does not know.
    Picture& at(Stage stage, Duration since = {});
    /// This was tried in this stage, with or without success.
    Picture& tried(Act act, std::optional<ErrorCode> error = std::nullopt, Duration ago = 1h, int count = 1);
    /// Blue uses so much memory, and the kernel has the limit that the engine shows.
    Picture& uses(std::string_view memory);

    /// One look; the row is what is journaled. The words: the act, `wait: ...` or `ended: ...`.
    std::string look();
    [[nodiscard]] Stage stage() { return replica().stage; }
    /// Of the last look.
    std::optional<Action> action;
    Duration look_again{};
};

/// `1 CPU, memory 768M, swap 1536M`; empty: nothing.
std::string print(const docker::Update& update);

}  // namespace rm::deploy::test
