// SPDX-License-Identifier: Apache-2.0
// A verdict in one sentence.
#pragma once

#include "decide/answer.h"

namespace rm::decide {

/// Why the limits of a proposal change: "CPU 0.5 -> 0.63: above 80% in 3 of 3 checks (91% of 0.5)".
std::string proposal_sentence(const Question& cpu, const Question& memory, const Context& context);

/// The proposal's sentence; or the first gate that held, "held by cooldown: 12m left"; or "within thresholds:
/// CPU 42%, memory 55%".
std::string summary(const Verdict& verdict, const Question& cpu, const Question& memory);

}  // namespace rm::decide
