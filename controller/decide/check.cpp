// SPDX-License-Identifier: Apache-2.0
#include "decide/check.h"

namespace rm::decide {

std::vector<GateReport> every_gate(const Assessment& service) {
    if (service.verdict.words == Words::all) return service.verdict.gates;
    return decide(service.service, *service.policy, service.rules, service.state, service.at).gates;
}

}  // namespace rm::decide
