// SPDX-License-Identifier: Apache-2.0
#include "app/reconcile/decision_log.h"

#include <cstdint>
#include <utility>

#include "core/text.h"
#include "serve/decision_json.h"
#include "telemetry/log.h"

namespace rm::app {

DecisionLog::DecisionLog(prometheus::Registry& registry, const Clock& clock)
    : clock_(clock),
      lost_(prometheus::BuildCounter()
                .Name("resource_manager_decision_lines_lost_total")
                .Help("Decisions that could not be written to logging.decisions_file.")
                .Register(registry)
                .Add({})) {}

Status DecisionLog::open(const config::Logging& logging) {
    log::LogFile::Options wanted{.path = logging.decisions_file.string(),
                                 .rotate_at = logging.rotate_at,
                                 .keep = static_cast<int>(logging.keep)};
    const std::scoped_lock lock(mutex_);
    if (wanted == options_) return {};
    std::optional<log::LogFile> file;
    if (!wanted.path.empty()) {
        auto opened = log::LogFile::open(wanted, clock_.now().steady);
        if (!opened)
            return fail(opened.error().code, "logging.decisions_file: {} cannot be opened: {}",
                        quoted(wanted.path), opened.error().message);
        file = *std::move(opened);
    }
    options_ = std::move(wanted);
    file_ = std::move(file);
    in_trouble_ = false;
    return {};
}

void DecisionLog::write(const std::vector<store::Decision>& decisions) {
    const std::scoped_lock lock(mutex_);
    if (!file_) return;
    for (const store::Decision& decision : decisions)
        if (!file_->write(serve::decision_line(decision), clock_.now().steady)) lost_.Increment();
    tell_trouble();
}

void DecisionLog::tell_trouble() {
    const std::string trouble = file_->trouble();
    if (in_trouble_ == !trouble.empty()) return;
    in_trouble_ = !trouble.empty();
    if (in_trouble_)
        log::warning("reconcile", "decisions do not reach logging.decisions_file as they should",
                     {{"error", trouble}});
    else
        log::info("reconcile", "decisions reach logging.decisions_file again",
                  {{"lost", static_cast<std::int64_t>(lost_.Value())}});
}

std::string DecisionLog::trouble() const {
    const std::scoped_lock lock(mutex_);
    return file_ ? file_->trouble() : std::string();
}

}  // namespace rm::app
