// SPDX-License-Identifier: Apache-2.0
// For the lab's own tests: what a lab could leave in a machine, and waiting until it is gone.
#pragma once

#include <chrono>
#include <functional>
#include <set>
#include <string>
#include <vector>

namespace rm::lab {

/// What a lab could change in the machine under names that are not its own: network interfaces, mounts, and
/// System V shared memory.
std::set<std::string> machine_now();

/// What came to the machine since `before`, after giving it time to go again.
std::set<std::string> new_since(const std::set<std::string>& before);

using Traces = std::vector<std::string>;

/// The traces of `lab` as soon as they are `good`, or else when `patience` is over.
Traces traces_when(const std::string& lab, const std::function<bool(const Traces&)>& good,
                   std::chrono::seconds patience = std::chrono::seconds(10));

/// What is left of a lab after giving it time to go.
Traces left_of(const std::string& lab);

}  // namespace rm::lab
