// SPDX-License-Identifier: Apache-2.0
// A small fleet on a real engine, made by Compose, for the daemon to look at: every service is built to get a
// verdict of its own. Costs some seconds to start, so that tests share one.
#pragma once

#include "tests/lab/compose.h"
#include "tests/lab/engine.h"

namespace rm::e2e {

/// | service           | it                                          | so its limits would                 |
/// |-------------------|---------------------------------------------|-------------------------------------|
/// | postgres-exporter | wants far more CPU than its 0.05, and is    | grow                                |
/// |                   | held back even on a busy machine            |                                     |
/// | grafana           | has 0.5 CPU and 64M, and is idle            | shrink                              |
/// | postgres          | is as idle, but critical by its label       | stay, and it is not mixed up        |
/// | scratch           | has no limits                               | stay unlimited                      |
class LabShop {
public:
    /// Throws what stands in the way.
    LabShop();

    [[nodiscard]] const lab::Engine& engine() const { return engine_; }

private:
    lab::Engine engine_;
    lab::ComposeProject project_;
};

}  // namespace rm::e2e
