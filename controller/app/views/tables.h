// SPDX-License-Identifier: Apache-2.0
// What the commands print for people. Pure: the answer, the time and the terminal go in, text comes out.
#pragma once

#include <string>
#include <vector>

#include "app/views/check_view.h"
#include "app/views/terminal.h"
#include "core/clock.h"

namespace rm::app {

std::string print_status(const StatusView& view, WallTime now, const Terminal& terminal);

/// `recent` are the last decisions on the service, the newest first; may be empty.
std::string print_explain(const ExplainView& view, const std::vector<DecisionView>& recent, WallTime now,
                          const Terminal& terminal);

std::string print_plan(const PlanView& view, const Terminal& terminal);

std::string print_decisions(const std::vector<DecisionView>& decisions, const Terminal& terminal);

/// When and from where: the first line, and what went wrong in those below it.
std::string print_head(const CheckHead& check, WallTime now, const Terminal& terminal);

/// What a row of `status` says besides its numbers, the most important first; may be empty.
std::string note_of(const ServiceRow& service, bool dry_run, WallTime now);

/// The colour of a resource's usage: above its high threshold, below its low one.
Paint paint_of(const ResourceView& resource);

}  // namespace rm::app
