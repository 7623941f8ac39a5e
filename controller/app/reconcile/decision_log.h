// SPDX-License-Identifier: Apache-2.0
// DecisionLog: the file `logging.decisions_file`, which gets every decision with the numbers that led to it,
// one JSON object a line. Renamed when it is full and made again when it is gone, as the log. What can't be
// written is counted and told once, and holds nobody up. Thread-safe.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <prometheus/counter.h>
#include <prometheus/registry.h>

#include "config/settings.h"
#include "core/clock.h"
#include "core/result.h"
#include "store/decisions.h"
#include "telemetry/log_file.h"

namespace rm::app {

class DecisionLog {
public:
    /// Both must outlive it. Until it is opened it writes nothing.
    DecisionLog(prometheus::Registry& registry, const Clock& clock);

    /// Writes to where `logging` says from now on, or nowhere. May be called again; on an error it stays as
    /// it was.
    Status open(const config::Logging& logging);

    void write(const std::vector<store::Decision>& decisions);

    /// Why lines do not reach the file as they should; empty if they do, or where there is none.
    [[nodiscard]] std::string trouble() const;

private:
    void tell_trouble();

    const Clock& clock_;
    prometheus::Counter& lost_;

    mutable std::mutex mutex_;  // guards what follows
    log::LogFile::Options options_{};
    std::optional<log::LogFile> file_;
    bool in_trouble_ = false;  // and told so
};

}  // namespace rm::app
