// SPDX-License-Identifier: Apache-2.0
// The life of the daemon as a list of named parts. They start in order, each with one line in the log that
// says what it is connected to; a part that fails ends the start. Whatever happened, what was started is
// stopped in reverse order. Used by the main thread; `stop` may run in another one.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/result.h"

namespace rm::app {

struct Part {
    std::string name;
    /// Starts it; the text says what it is connected to: "sqlite data/resource-manager.db, schema 1".
    std::function<Result<std::string>()> start;
    /// Ends it; called once if `start` succeeded. May be empty.
    std::function<void()> stop;
};

class Lifecycle {
public:
    Lifecycle() = default;
    Lifecycle(const Lifecycle&) = delete;
    Lifecycle& operator=(const Lifecycle&) = delete;
    Lifecycle(Lifecycle&&) = delete;
    Lifecycle& operator=(Lifecycle&&) = delete;
    ~Lifecycle() { stop(); }

    /// Starts `part` and takes charge of stopping it.
    Status start(Part part);

    /// Stops everything that was started, the last one first. Idempotent.
    void stop();

private:
    std::vector<Part> started_;
};

}  // namespace rm::app
