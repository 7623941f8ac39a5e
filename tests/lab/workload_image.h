// SPDX-License-Identifier: Apache-2.0
// The workload (workload/main.cpp) as an image in a lab's engine, and a remote control for a container made
// of it.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/duration.h"
#include "core/result.h"
#include "tests/lab/engine.h"
#include "tests/lab/forward.h"

namespace rm::lab {

/// What `load_workload` calls the image. It listens on port 8080.
inline constexpr std::string_view workload_image = "rm-lab/workload:1";
inline constexpr std::uint16_t workload_port = 8080;

struct HealthCheck {
    Duration interval = std::chrono::milliseconds(500);
    Duration start_period{0};
    int retries = 2;
};

/// Builds the image, in about half a second. With another `tag` or health check there may be several.
Status load_workload(const Engine& engine, std::string_view tag = workload_image,
                     const HealthCheck& check = {});

/// A running container of that image, steered from the test.
class Workload {
public:
    static Result<Workload> attach(const Engine& engine, const std::string& container);

    /// `set("health=unhealthy&cpu=0.5")`; the keys are in workload/settings.h.
    Status set(const std::string& settings) const;
    /// Its own answer to GET /: the container's short id unless a host name was given.
    Result<std::string> id() const;
    /// Ends it at once with this exit code.
    void crash(int exit_code) const;
    /// Makes it take memory until the kernel kills it; refused when the container has no memory limit.
    Status run_out_of_memory() const;

    /// From the test process: "http://127.0.0.1:41234" ...
    [[nodiscard]] std::string url() const { return forward_.url(); }
    /// ... and inside the engine's space: "172.18.0.2:8080".
    [[nodiscard]] const std::string& inside() const { return inside_; }

private:
    Workload(Forward forward, std::string inside);

    Forward forward_;
    std::string inside_;
};

}  // namespace rm::lab
