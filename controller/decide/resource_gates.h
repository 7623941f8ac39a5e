// SPDX-License-Identifier: Apache-2.0
// The gates that each resource passes on its own, in their order. Each looks at the question and answers;
// the last three also give the wanted change its number.
#pragma once

#include "decide/answer.h"

namespace rm::decide {

Answer data_gate(const Question& question, const Context& context);
Answer hysteresis_gate(const Question& question, const Context& context);
Answer service_class_gate(const Question& question, const Context& context);
Answer direction_gate(const Question& question, const Context& context);
Answer trend_gate(const Question& question, const Context& context);

/// Sets the new limit: by its factor, within the bounds, never below the baseline nor, for a decrease, so low
/// that the same usage would call for the way back.
Answer bounds_gate(Question& question, const Context& context);

Answer minimum_change_gate(const Question& question, const Context& context);

/// Cuts a raise to what the host has left.
Answer host_capacity_gate(Question& question, const Context& context);

/// Whether `to` differs enough from `from` to be worth a deployment.
bool is_worth_it(Amount from, Amount to, const config::ServicePolicy& policy);

}  // namespace rm::decide
