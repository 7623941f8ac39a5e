// SPDX-License-Identifier: Apache-2.0
// The lab's engine that the tests of one program share.
#pragma once

#include <memory>
#include <string>

#include "docker/http_engine.h"
#include "tests/lab/engine.h"

namespace rm::docker::test {

/// Started, with the workload's image, when it is first asked for.
lab::Engine& lab_engine();

/// `unix:///...` or `tcp://...`
std::unique_ptr<HttpEngine> connect(const std::string& host);

}  // namespace rm::docker::test
