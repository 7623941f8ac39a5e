// SPDX-License-Identifier: Apache-2.0
// Labels of containers as a source of configuration: `resource-manager.cpu.min=0.5`. A label names any key
// that services have by its path, the usual ones by a short form too (enable, class, strategy, cpu.min,
// cpu.max, memory.min, memory.max). They win over the general keys and lose against the service's own.
//
// Keys that name programs to run are refused: labels come with images, and pulling one must not be enough to
// run a program here. Pure.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "config/effective.h"
#include "config/problem.h"
#include "config/settings.h"

namespace rm::config {

struct LabelledPolicy {
    ServicePolicy policy;
    /// What the labels say, where the service's own keys leave it to them. Paths are below `name`.
    std::vector<Entry> entries;
};

/// The name under which the service is configured: as given, or without its project; as given when it is
/// not.
ServiceName listed_name(const Effective& effective, const ServiceName& name);

tl::expected<LabelledPolicy, Problems> with_labels(const Effective& effective, const ServiceName& name,
                                                   const std::map<std::string, std::string>& labels);

}  // namespace rm::config
