// SPDX-License-Identifier: Apache-2.0
// The gates that ask about the service as a whole.
#pragma once

#include "decide/answer.h"

namespace rm::decide {

/// What one of these gates says to a change with this cause; idle where it does not concern it.
Answer judge(Gate gate, Cause cause, const Context& context);

/// What the gate says of both resources together, and drops what it holds where the other may pass.
GateReport judge_service(Gate gate, Question& cpu, Question& memory, const Context& context);

}  // namespace rm::decide
